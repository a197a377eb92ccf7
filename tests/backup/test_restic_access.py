"""What stands between the real restic and a verdict: passwords, locks, rights, space, network."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from ccir.backup.interface import BackupTool, RestoreRequest, Target
from ccir.backup.restic import MEMBER
from support.restic_repository import FILES, Repository
from support.restic_targets import REQUEST, judged, kit, said, target_of, the_snapshot
from support.unprivileged import open_folder, without_privileges


def with_password(healthy: Repository, *command: str) -> Target:
    return Target(name="crm", repository=str(healthy.folder), password_command=command)


# ---------------------------------------------------------------------------------- passwords


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("", encoding="utf-8")
    path.chmod(0o600)
    return path


def test_an_empty_password_file_is_no_verdict(
    tool: BackupTool, healthy: Repository, password_file: Path
) -> None:
    target = msgspec.structs.replace(target_of(healthy), password_file=str(password_file))
    assert said(tool.check(target)) == "error password-unavailable"


def test_a_missing_password_file_is_no_verdict(tool: BackupTool, healthy: Repository) -> None:
    target = msgspec.structs.replace(target_of(healthy), password_file="/nonexistent/password")
    assert said(tool.probe(target)) == "error password-unavailable"
    assert said(tool.check(target)) == "error password-unavailable"


def test_a_folder_is_no_password_file(
    tool: BackupTool, healthy: Repository, tmp_path: Path
) -> None:
    target = msgspec.structs.replace(target_of(healthy), password_file=str(tmp_path))
    assert said(tool.probe(target)) == "error password-unavailable"
    assert said(tool.check(target)) == "error password-unavailable"


def test_a_password_file_that_anybody_can_read_is_found_by_the_probe(
    tool: BackupTool, healthy: Repository, password_file: Path
) -> None:
    password_file.chmod(0o604)
    target = msgspec.structs.replace(target_of(healthy), password_file=str(password_file))
    outcome = tool.probe(target)
    assert said(outcome) == "error password-exposed"
    assert "chmod 600" in outcome.hint


def test_a_password_command_opens_the_repository(tool: BackupTool, healthy: Repository) -> None:
    target = with_password(healthy, "cat", str(healthy.password_file))
    assert said(tool.check(target)) == "pass"


@pytest.mark.parametrize("command", [("false",), ("no-such-program",), ("sh", "-c", "exit 7")])
def test_a_failing_password_command_is_no_verdict(
    tool: BackupTool, healthy: Repository, command: tuple[str, ...]
) -> None:
    assert said(tool.check(with_password(healthy, *command))) == "error password-unavailable"


def test_a_hung_password_command_is_told_from_a_hung_network(
    hasty_tool: BackupTool, healthy: Repository
) -> None:
    outcome = hasty_tool.snapshots(with_password(healthy, "sleep", "30")).outcome
    assert said(outcome) == "error password-timeout"
    assert outcome.seconds < 3


def test_without_any_password_source_nobody_is_asked(tool: BackupTool, healthy: Repository) -> None:
    target = Target(name="crm", repository=str(healthy.folder))
    assert said(tool.check(target)) == "error password-unavailable"


# -------------------------------------------------------------------- locks, and who may write


@pytest.fixture
def locked(healthy: Repository, repository: Repository, tmp_path: Path) -> Iterator[Repository]:
    """A repository that another restic, which still runs, has locked for itself alone."""
    hanging = healthy.copied(tmp_path / "hanging")
    hanging.pack(of="tree").unlink()  # so that its check goes on and on
    environment = {
        "PATH": os.environ["PATH"],
        "RESTIC_REPOSITORY": str(hanging.folder),
        "RESTIC_PASSWORD_FILE": str(hanging.password_file),
    }
    holder = subprocess.Popen(
        ["restic", "--no-cache", "check"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        shutil.copy(awaited_lock(hanging), repository.folder / "locks")
        yield repository
    finally:
        holder.kill()
        holder.wait(timeout=5)


def awaited_lock(repository: Repository) -> Path:
    """Return the lock once it has its name: before that, restic writes it under another."""
    for _ in range(500):
        for path in (repository.folder / "locks").iterdir():
            if path.name.isalnum():
                return path
        time.sleep(0.01)
    pytest.fail("restic took no lock within five seconds")


def test_a_locked_repository_is_no_verdict_but_can_be_listed_and_restored(
    tool: BackupTool, locked: Repository, tmp_path: Path
) -> None:
    target, snapshot = target_of(locked), the_snapshot(locked)
    outcome = tool.check(target)
    assert said(outcome) == "error locked"
    assert "restic unlock" in outcome.hint
    assert said(tool.snapshots(target).outcome) == "pass"
    assert tool.content(target, snapshot).files == FILES
    assert said(tool.restore(target, snapshot, into=tmp_path / "into", request=REQUEST)) == "pass"
    assert len([*(locked.folder / "locks").iterdir()]) == 1


def interrupt() -> bool:
    raise KeyboardInterrupt


@pytest.mark.parametrize("end", [lambda: True, interrupt], ids=["cancelled", "interrupted"])
def test_a_check_that_is_ended_just_as_it_takes_its_lock_leaves_none(
    repository: Repository, end: Callable[[], bool]
) -> None:
    locks = repository.folder / "locks"

    def is_cancelled() -> bool:
        return any(path.name.isalnum() for path in locks.iterdir()) and end()

    tool = MEMBER(msgspec.structs.replace(kit(), is_cancelled=is_cancelled))
    with suppress(KeyboardInterrupt):
        assert said(tool.check(target_of(repository))) == "error cancelled"
    assert [*locks.iterdir()] == []


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A function that mounts a file system of memory with these options."""
    folders: list[Path] = []

    def mount(options: str) -> Path:
        folder = tmp_path / f"mount-{len(folders)}"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if subprocess.run(command, check=False, capture_output=True, timeout=5).returncode:
            pytest.skip("only root may mount, and not everywhere")
        folders.append(folder)
        return folder

    yield mount
    for folder in folders:
        subprocess.run(["umount", str(folder)], check=True, timeout=5)


def test_a_read_only_repository_is_judged_without_a_lock(
    tool: BackupTool, healthy: Repository, mounted: Callable[[str], Path], *, tmp_path: Path
) -> None:
    folder = mounted("size=4m")
    there = healthy.copied(folder / "repository")
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True, timeout=5)
    assert judged(tool, there, the_snapshot(there), into=tmp_path / "into") == ["pass"] * 5


@pytest.fixture
def reachable(tool: BackupTool, healthy: Repository) -> Iterator[Repository]:
    """A copy that a user without privileges can reach, with its password."""
    tool.version()  # imports what starting a program needs
    with open_folder() as folder:
        password_file = folder / "password"
        shutil.copy(healthy.password_file, password_file)
        copy = healthy.copied(folder / "repository")
        yield msgspec.structs.replace(copy, password_file=password_file)


def test_a_repository_that_this_user_cannot_write_is_judged_without_a_lock(
    tool: BackupTool, reachable: Repository
) -> None:
    (reachable.folder / "locks").chmod(0o500)
    base = reachable.folder.parent
    snapshot = the_snapshot(reachable)
    with without_privileges(base):
        outcomes = judged(tool, reachable, snapshot, into=base / "into")
    assert outcomes == ["pass"] * 5


def test_a_repository_that_this_user_cannot_read_is_no_verdict(
    tool: BackupTool, reachable: Repository
) -> None:
    reachable.folder.chmod(0)
    with without_privileges(reachable.folder.parent):
        outcomes = [tool.probe(target_of(reachable)), tool.check(target_of(reachable))]
        reachable.folder.chmod(0o700)
    assert {*map(said, outcomes)} == {"error permission-denied"}


def test_data_that_this_user_cannot_read_is_no_verdict(
    hasty_tool: BackupTool, reachable: Repository
) -> None:
    reachable.pack(of="data").chmod(0)
    base = reachable.folder.parent
    snapshot = the_snapshot(reachable)
    with without_privileges(base):
        outcome = hasty_tool.restore(
            target_of(reachable), snapshot, into=base / "into", request=REQUEST
        )
    assert said(outcome) == "error permission-denied"


def test_an_unreadable_password_file_is_no_verdict(tool: BackupTool, reachable: Repository) -> None:
    reachable.password_file.chmod(0)
    with without_privileges(reachable.folder.parent):
        outcomes = [tool.probe(target_of(reachable)), tool.check(target_of(reachable))]
    assert {*map(said, outcomes)} == {"error password-unavailable"}


def test_a_full_disk_is_no_verdict_on_the_backup(
    tool: BackupTool, healthy: Repository, mounted: Callable[[str], Path]
) -> None:
    into = mounted("size=32k")
    outcome = tool.restore(
        target_of(healthy), the_snapshot(healthy), into=into, request=RestoreRequest()
    )
    assert said(outcome) == "error no-space"
    assert "call-0" not in outcome.detail
    assert str(healthy.source) not in outcome.detail


def test_a_target_below_a_file_is_no_verdict_on_the_backup(
    tool: BackupTool, healthy: Repository, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    outcome = tool.restore(target_of(healthy), the_snapshot(healthy), into=file, request=REQUEST)
    assert said(outcome) == "error wrong-target"


# ------------------------------------------------------------------------------------- network


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of this machine that nobody listens on and nobody else can take."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_a_refused_connection_is_no_verdict_and_shows_no_password(
    tool: BackupTool, healthy: Repository, closed_port: int
) -> None:
    target = msgspec.structs.replace(
        target_of(healthy), repository=f"rest:http://user:s3cret-word@127.0.0.1:{closed_port}/"
    )
    for outcome in (tool.snapshots(target).outcome, tool.check(target)):
        assert said(outcome) == "error unreachable"
        assert "connection refused" in outcome.detail
        assert "s3cret-word" not in repr(outcome)
    assert said(tool.probe(target)) == "pass"


def test_a_missing_helper_program_is_no_verdict(tool: BackupTool, healthy: Repository) -> None:
    target = msgspec.structs.replace(target_of(healthy), repository="rclone:nowhere:backup")
    assert said(tool.check(target)) == "error unreachable"


def test_an_address_of_no_known_kind_is_no_verdict(tool: BackupTool, healthy: Repository) -> None:
    target = msgspec.structs.replace(target_of(healthy), repository="nothing:like/this")
    assert said(tool.check(target)) == "error wrong-target"
