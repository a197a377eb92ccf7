from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from ccir.backup.interface import BackupTool, Deadlines, Target
from ccir.backup.restic import MEMBER
from ccir.clock import SystemClock
from support.certificates import write_certificate
from support.rest_server import APPEND_ONLY, PLAIN, RestServer
from support.restic_repository import Repository
from support.restic_targets import kit, said

SECRET = "hunter2"
BASIC = "Basic Y3JtOmh1bnRlcjI="  # crm:hunter2


def probed(tool: BackupTool, repository: str, **environment: str) -> str:
    target = Target(name="crm", repository=repository, environment=environment)
    outcome = tool.tamper(target)
    assert outcome is not None
    assert SECRET not in repr(outcome)
    return f"{said(outcome)} {outcome.detail}".strip()


def said_of(tool: BackupTool, repository: str) -> str:
    outcome = tool.tamper(Target(name="crm", repository=repository))
    assert outcome is not None
    return said(outcome)


def test_a_server_that_refuses_to_delete_passes(tool: BackupTool) -> None:
    with RestServer(APPEND_ONLY) as server:
        assert probed(tool, server.url) == "pass"
    folders = [re.fullmatch(r"/crm/(\w+)/[0-9a-f]{64}", path) for path in server.deleted]
    assert [found and found[1] for found in folders] == ["data", "snapshots", "keys", "index"]


def test_a_method_that_is_not_allowed_is_a_refusal_too(tool: BackupTool) -> None:
    with RestServer(dict(APPEND_ONLY, data=405)) as server:
        assert probed(tool, server.url) == "pass"


def test_a_server_that_only_misses_the_file_would_delete_one(tool: BackupTool) -> None:
    with RestServer(PLAIN) as server:
        told = probed(tool, server.url)
    assert told.startswith("fail not-append-only ")
    assert told.endswith(": data, snapshots, keys, index")


@pytest.mark.parametrize("others", [403, 500])
def test_one_folder_that_can_be_deleted_from_is_proof(tool: BackupTool, others: int) -> None:
    answers = dict.fromkeys(APPEND_ONLY, others) | {"keys": 200}
    with RestServer(answers) as server:
        told = probed(tool, server.url)
    assert told.startswith("fail not-append-only ")
    assert told.endswith(": keys")


@pytest.mark.parametrize("status", [307, 401, 500])
def test_any_other_answer_proves_nothing(tool: BackupTool, status: int) -> None:
    with RestServer(dict(APPEND_ONLY, index=status)) as server:
        told = probed(tool, server.url)
    assert told.startswith("error unreachable ")
    assert told.endswith(f"it answered HTTP {status}")
    assert len(server.deleted) == 4, "nobody follows a redirection"


def test_a_connection_that_breaks_proves_nothing(tool: BackupTool) -> None:
    with RestServer(dict(APPEND_ONLY, keys=0)) as server:
        assert said_of(tool, server.url) == "error unreachable"


def test_a_server_that_is_not_there_proves_nothing(tool: BackupTool) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"rest:http://crm:{SECRET}@127.0.0.1:{unused.getsockname()[1]}/"
        assert probed(tool, address).startswith("error unreachable ")


def test_a_server_that_does_not_answer_is_not_waited_for() -> None:
    hasty = MEMBER(kit(deadlines=Deadlines(open_seconds=0.1)))
    with socket.create_server(("127.0.0.1", 0)) as server:
        told = probed(hasty, f"rest:http://127.0.0.1:{server.getsockname()[1]}/")
    assert told.startswith("error unreachable ")


def test_a_port_that_is_none_proves_nothing(tool: BackupTool) -> None:
    assert said_of(tool, "rest:http://127.0.0.1:no/") == "error unreachable"


def test_a_probe_that_is_cancelled_proves_nothing() -> None:
    cancelled = MEMBER(msgspec.structs.replace(kit(), is_cancelled=lambda: True))
    with RestServer(APPEND_ONLY) as server:
        assert "not asked to the end" in probed(cancelled, server.url)
    assert server.deleted == []


@pytest.mark.parametrize(
    "repository",
    ["/srv/backup", "s3:host/bucket", "rest:http+unix:///run/rest.sock:/crm/", "rest:/srv/backup"],
)
def test_what_is_no_rest_repository_cannot_be_asked(tool: BackupTool, repository: str) -> None:
    assert tool.tamper(Target(name="crm", repository=repository)) is None


def test_the_credentials_of_the_environment_are_used(tool: BackupTool) -> None:
    names = {"RESTIC_REST_USERNAME": "crm", "RESTIC_REST_PASSWORD": SECRET}
    with RestServer(APPEND_ONLY) as server:
        assert probed(tool, server.url, **names) == "pass"
    assert server.credentials == {BASIC}


def test_the_credentials_of_the_address_come_first(tool: BackupTool) -> None:
    with RestServer(PLAIN) as server:
        address = f"rest:http://crm:hunter%32@{server.host}/crm"
        assert "hunter" not in probed(tool, address, RESTIC_REST_USERNAME="other")
    assert server.credentials == {BASIC}
    assert all(path.startswith("/crm/") for path in server.deleted)


def test_without_credentials_none_are_sent(tool: BackupTool) -> None:
    with RestServer(APPEND_ONLY) as server:
        probed(tool, server.url)
    assert server.credentials == {None}


def test_a_server_with_an_authority_of_its_own_is_trusted_where_the_target_names_it(
    tool: BackupTool, tmp_path: Path
) -> None:
    certificate = write_certificate(tmp_path / "server.pem", name="127.0.0.1")
    with RestServer(APPEND_ONLY, certificate=certificate) as server:
        assert probed(tool, server.url).startswith("error unreachable ")
        assert probed(tool, server.url, RESTIC_CACERT=str(certificate)) == "pass"
        gone = probed(tool, server.url, RESTIC_CACERT=str(tmp_path / "gone.pem"))
    assert gone.endswith("No such file or directory")


@contextmanager
def rclone(folder: Path, *options: str) -> Iterator[str]:
    """Serve the repository with the real rclone and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    argv = ["rclone", "serve", "restic", *options, "--addr", address, "--config", "", str(folder)]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(address)
            yield f"rest:http://{address}/"
        finally:
            server.kill()


def _wait_for(address: str) -> None:
    host, _, port = address.partition(":")
    clock = SystemClock()
    until = clock.monotonic() + 8
    while clock.monotonic() < until:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            clock.sleep(0.05)
        else:
            return
    pytest.fail("rclone does not listen")


@pytest.mark.skipif(shutil.which("rclone") is None, reason="rclone is not installed")
def test_rclone_answers_as_these_tests_assume_and_loses_nothing(
    tool: BackupTool, repository: Repository
) -> None:
    before = sorted(path for path in repository.folder.rglob("*"))
    with rclone(repository.folder, "--append-only") as address:
        assert probed(tool, address) == "pass"
    with rclone(repository.folder) as address:
        assert probed(tool, address).startswith("fail not-append-only ")
    assert sorted(path for path in repository.folder.rglob("*")) == before
