from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from ccir.backup.interface import Target, ToolKit
from ccir.backup.restic_call import Command, call_restic, read_version, secrets_of
from ccir.clock import SystemClock
from ccir.errors import InvalidDocumentError, UnavailableError
from ccir.program import Finished
from support.fake_restic import VERSION_0_14, FakeRestic, fake_restic

PASSWORD = "correct horse battery staple"
KEY = "wJalrXUtnFEMI/K7MDENG"
URL_PASSWORD = "url-p4ssword"
REMOTE = f"rest:https://user:{URL_PASSWORD}@backup.invalid/crm"


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(PASSWORD + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def kit(fake: FakeRestic, **more: str) -> ToolKit:
    return ToolKit(clock=SystemClock(), environment={"PATH": fake.path, **more})


def called(fake: FakeRestic, target: Target, *arguments: str, **more: str) -> Finished:
    command = Command(arguments=arguments, deadline_seconds=5)
    return call_restic(kit(fake, **more), target, command=command, hear=lambda _stream, _line: None)


def test_no_secret_stands_among_the_arguments_that_anybody_can_read(
    tmp_path: Path, password_file: Path
) -> None:
    fake = fake_restic(tmp_path / "bin")
    target = Target(
        name="crm",
        repository=REMOTE,
        password_file=str(password_file),
        environment={"AWS_SECRET_ACCESS_KEY": KEY},
    )
    called(fake, target, "--no-lock", "check")
    assert fake.argv[-2:] == ["--no-lock", "check"]
    assert not [word for word in fake.argv for it in (PASSWORD, KEY, URL_PASSWORD) if it in word]
    assert PASSWORD not in "".join(fake.environment.values())
    assert fake.environment["RESTIC_REPOSITORY"] == REMOTE
    assert fake.environment["RESTIC_PASSWORD_FILE"] == str(password_file)
    assert fake.environment["AWS_SECRET_ACCESS_KEY"] == KEY


def test_only_what_restic_needs_of_the_environment_reaches_it(tmp_path: Path) -> None:
    fake = fake_restic(tmp_path / "bin")
    target = Target(name="crm", repository="/srv/backup")
    parents = {
        "HOME": "/home/ops",
        "https_proxy": "http://proxy.invalid",
        "SSH_AUTH_SOCK": "/run/agent",
        "CCIR_SMTP_PASSWORD": "x",
        "RESTIC_PASSWORD": "x",
    }
    called(fake, target, "check", **parents)
    given = set(fake.environment) - {"PWD", "OLDPWD", "SHLVL", "_"}
    assert given == {
        "PATH",
        "HOME",
        "https_proxy",
        "SSH_AUTH_SOCK",
        "RESTIC_REPOSITORY",
        "RESTIC_PROGRESS_FPS",
    }


def test_only_a_remote_repository_is_cached(tmp_path: Path) -> None:
    fake = fake_restic(tmp_path / "bin")
    called(fake, Target(name="crm", repository="/srv/backup"), "check")
    called(fake, Target(name="crm", repository=REMOTE), "check")
    assert fake.calls == ["--no-cache check", "check"]


def test_what_is_remote_is_cached_apart_where_a_drill_has_a_place_for_it(tmp_path: Path) -> None:
    fake = fake_restic(tmp_path / "bin")
    own = msgspec.structs.replace(kit(fake), cache=tmp_path / "cache")
    command = Command(arguments=("check",), deadline_seconds=5)
    target = Target(name="crm", repository=REMOTE)
    call_restic(own, target, command=command, hear=lambda _stream, _line: None)
    assert fake.calls == [f"--cache-dir={tmp_path / 'cache' / 'restic'} check"]


def test_a_password_command_is_told_apart_from_the_rest_by_its_announcement(
    tmp_path: Path,
) -> None:
    fake = fake_restic(tmp_path / "bin")
    target = Target(
        name="crm", repository=REMOTE, password_command=("pass", "show", "it's crm", 'a "b"')
    )
    called(fake, target, "check")
    command = fake.environment["RESTIC_PASSWORD_COMMAND"]
    assert command.startswith('"/bin/sh" "-c" \'"$@"; code=$?; echo ')
    assert command.endswith('"sh" "pass" "show" "it\'s crm" \'a "b"\'')
    assert "RESTIC_PASSWORD_FILE" not in fake.environment


@pytest.mark.parametrize("word", ["", "back\\slash", "both\"'"])
def test_a_word_that_restic_cannot_take_is_refused_with_a_way_out(
    tmp_path: Path, word: str
) -> None:
    target = Target(name="crm", repository=REMOTE, password_command=("pass", word))
    with pytest.raises(InvalidDocumentError, match="target 'crm': restic cannot take") as caught:
        called(fake_restic(tmp_path / "bin"), target, "check")
    assert "script" in caught.value.hint


def test_secrets_are_blotted_out_of_what_is_kept(tmp_path: Path, password_file: Path) -> None:
    printed = f"with {PASSWORD}\nand {KEY}\nand {URL_PASSWORD}\n"
    fake = fake_restic(tmp_path / "bin", stdout=printed, stderr=printed)
    target = Target(
        name="crm",
        repository=REMOTE,
        password_file=str(password_file),
        environment={"AWS_SECRET_ACCESS_KEY": KEY},
    )
    finished = called(fake, target, "check")
    assert finished.stdout == finished.stderr == "with ***\nand ***\nand ***\n"


def test_a_password_file_that_is_not_there_holds_no_secret() -> None:
    target = Target(name="crm", repository="/srv/backup", password_file="/nonexistent/password")
    assert secrets_of(target) == ()


def test_the_version_is_read_from_the_installed_restic(tmp_path: Path) -> None:
    fake = fake_restic(tmp_path / "bin", version=VERSION_0_14)
    assert read_version(kit(fake)) == "0.14.0"


def test_a_restic_without_a_version_is_unavailable(tmp_path: Path) -> None:
    fake = fake_restic(tmp_path / "bin", version="Segmentation fault\n")
    with pytest.raises(UnavailableError, match="does not tell its version"):
        read_version(kit(fake))


def test_without_restic_the_error_says_how_to_get_it(tmp_path: Path) -> None:
    bare = ToolKit(clock=SystemClock(), environment={"PATH": os.fspath(tmp_path)})
    with pytest.raises(UnavailableError, match="'restic' is not installed") as caught:
        read_version(bare)
    assert "apt-get install restic" in caught.value.hint
    with pytest.raises(UnavailableError):
        read_version(ToolKit(clock=SystemClock(), environment={}))


def test_a_command_for_programs_prints_nothing_for_people() -> None:
    assert not Command(arguments=("--json", "ls"), deadline_seconds=1).prints_for_people
    assert Command(arguments=("check",), deadline_seconds=1).prints_for_people
