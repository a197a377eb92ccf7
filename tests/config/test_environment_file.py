"""Reading a target's credentials from its environment file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.config.complaints import SettingsError
from ccir.config.environment_file import LIMIT_BYTES, target_environment
from ccir.config.settings import Target
from ccir.config.values import Repository
from ccir.errors import RefusedError, UnavailableError

S3 = Target(tool="restic", repository=Repository("s3:host/bucket"))
Put = Callable[[bytes], Target]


def revealed(target: Target) -> dict[str, str]:
    return {name: secret.reveal() for name, secret in target_environment(target).items()}


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write the environment file of an S3 target."""

    def written(octets: bytes) -> Target:
        file = tmp_path / "crm.env"
        file.write_bytes(octets)
        file.chmod(0o600)
        return msgspec.structs.replace(S3, environment_file=file)

    return written


def test_a_target_without_a_file_has_no_variables() -> None:
    assert target_environment(S3) == {}


def test_each_line_sets_one_variable(put: Put) -> None:
    target = put(
        b"# credentials\r\n"
        b"\n"
        b"AWS_ACCESS_KEY_ID=abc=def\r\n"
        b'  export AWS_SECRET_ACCESS_KEY="hunter2 # 3"  \n'
        b"AWS_REGION='eu'\n"
        b"AWS_PROFILE=\n"
        b"AWS_ROLE_ARN='\n"
    )

    assert revealed(target) == {
        "AWS_ACCESS_KEY_ID": "abc=def",
        "AWS_SECRET_ACCESS_KEY": "hunter2 # 3",
        "AWS_REGION": "eu",
        "AWS_PROFILE": "",
        "AWS_ROLE_ARN": "'",
    }


def test_the_values_do_not_show_themselves(put: Put) -> None:
    read = target_environment(put(b"AWS_SECRET_ACCESS_KEY=hunter2\n"))

    assert "hunter2" not in repr(read)


@pytest.mark.parametrize(
    ("repository", "name"),
    [
        ("rest:https://host/", "RESTIC_REST_PASSWORD"),
        ("b2:bucket:crm", "B2_ACCOUNT_KEY"),
        ("azure:box:/", "AZURE_ACCOUNT_KEY"),
        ("gs:bucket:/", "GOOGLE_PROJECT_ID"),
        ("swift:box:/", "OS_AUTH_URL"),
        ("rclone:remote:crm", "RCLONE_CONFIG"),
    ],
)
def test_each_kind_of_repository_takes_its_own_variables(
    put: Put, repository: str, name: str
) -> None:
    target = put(f"{name}=x\n".encode())
    own = msgspec.structs.replace(target, repository=Repository(repository))

    assert revealed(own) == {name: "x"}
    with pytest.raises(SettingsError):
        target_environment(target)


@pytest.mark.parametrize("repository", ["/srv/crm", "sftp:host:/srv", "host:/srv"])
def test_other_repositories_take_none(put: Put, repository: str) -> None:
    target = msgspec.structs.replace(put(b"AWS_REGION=eu\n"), repository=Repository(repository))

    with pytest.raises(SettingsError, match="a repository of this kind takes none"):
        target_environment(target)


def test_every_wrong_line_is_told_and_no_value(put: Put) -> None:
    target = put(
        b"AWS_REGION=eu\nLD_PRELOAD=hunter2.so\nhunter2\nAWS_KEY=hun\x00ter2\n"
        b"RESTIC_PASSWORD=hunter2\nRCLONE_CONFIG_PASSX=1\n"
    )

    with pytest.raises(SettingsError) as caught:
        target_environment(target)

    assert [(c.line, c.path) for c in caught.value.complaints] == [
        (2, ("LD_PRELOAD",)),
        (3, ()),
        (4, ()),
        (5, ("RESTIC_PASSWORD",)),
        (6, ("RCLONE_CONFIG_PASSX",)),
    ]
    assert "allowed: AWS_…" in caught.value.message
    assert "hunter2" not in caught.value.message


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o660])
def test_a_file_that_others_may_use_is_refused(put: Put, mode: int) -> None:
    target = put(b"AWS_REGION=eu\n")
    assert target.environment_file is not None
    target.environment_file.chmod(mode)

    with pytest.raises(RefusedError, match=f"{mode:04o}") as caught:
        target_environment(target)

    assert caught.value.hint == f"run: chmod 600 {target.environment_file}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(put: Put) -> None:
    target = put(b"AWS_REGION=eu\n")
    assert target.environment_file is not None
    os.chown(target.environment_file, 12_345, -1)

    with pytest.raises(RefusedError, match="another user"):
        target_environment(target)


def test_a_missing_file_is_unavailable(tmp_path: Path) -> None:
    target = msgspec.structs.replace(S3, environment_file=tmp_path / "none.env")

    with pytest.raises(UnavailableError, match="No such file"):
        target_environment(target)


def test_a_pipe_or_folder_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)

    for place in (tmp_path / "pipe", tmp_path):
        with pytest.raises((RefusedError, UnavailableError)):
            target_environment(msgspec.structs.replace(S3, environment_file=place))


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"A" * (LIMIT_BYTES + 1), "larger than 64 KiB"),
        (b"\nAWS_X=\xff", ":2:1: this is not UTF-8"),
    ],
)
def test_bytes_that_are_no_text_of_a_sane_size_are_refused(
    put: Put, octets: bytes, words: str
) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        target_environment(put(octets))

    assert caught.value.__cause__ is None


@given(st.binary(max_size=100))
def test_any_bytes_give_allowed_variables_or_a_refusal(shared_folder: Path, octets: bytes) -> None:
    file = shared_folder / "any.env"
    file.write_bytes(octets)
    file.chmod(0o600)

    try:
        read = target_environment(msgspec.structs.replace(S3, environment_file=file))
    except SettingsError:
        return
    assert all(name.startswith("AWS_") for name in read)
