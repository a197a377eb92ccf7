"""What stands between the real borg and a verdict: passwords, locks, rights, space, network."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from ccir.backup.borg import MEMBER
from ccir.backup.interface import BackupTool, RestoreRequest, Snapshot, Target
from support.borg_repository import (
    BorgRepository,
    behind_ssh,
    borg_environment,
    empty_borg_repository,
)
from support.damage import flip_bit
from support.restic_repository import FILES
from support.restic_targets import REQUEST, SHORT, kit, said
from support.unprivileged import open_folder, without_privileges

# ---------------------------------------------------------------------------------- passphrases


def with_password(healthy: BorgRepository, *command: str) -> Target:
    target = msgspec.structs.replace(healthy.target, password_file=None)
    return msgspec.structs.replace(target, password_command=command)


def with_file(healthy: BorgRepository, path: Path) -> Target:
    return msgspec.structs.replace(healthy.target, password_file=str(path))


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("path", ["/nonexistent/password", "/etc"])
def test_a_password_file_that_is_none_is_no_verdict(
    borg_tool: BackupTool, healthy_borg: BorgRepository, path: str
) -> None:
    target = with_file(healthy_borg, Path(path))
    assert said(borg_tool.probe(target)) == "error password-unavailable"
    assert said(borg_tool.check(target)) == "error password-unavailable"


def test_an_empty_password_file_is_no_verdict(
    borg_tool: BackupTool, healthy_borg: BorgRepository, password_file: Path
) -> None:
    outcome = borg_tool.check(with_file(healthy_borg, password_file))
    assert said(outcome) == "error password-unavailable"


def test_a_password_file_that_anybody_can_read_is_found_by_the_probe(
    borg_tool: BackupTool, healthy_borg: BorgRepository, password_file: Path
) -> None:
    password_file.write_text("x", encoding="utf-8")
    password_file.chmod(0o604)
    outcome = borg_tool.probe(with_file(healthy_borg, password_file))
    assert said(outcome) == "error password-exposed"
    assert "chmod 600" in outcome.hint


def test_a_password_command_opens_the_repository(
    borg_tool: BackupTool, healthy_borg: BorgRepository
) -> None:
    target = with_password(healthy_borg, "cat", str(healthy_borg.password_file))
    assert said(borg_tool.snapshots(target).outcome) == "pass"


@pytest.mark.parametrize("command", [("false",), ("no-such-program",), ("sh", "-c", "exit 7")])
def test_a_failing_password_command_is_no_verdict(
    borg_tool: BackupTool, healthy_borg: BorgRepository, command: tuple[str, ...]
) -> None:
    outcome = borg_tool.check(with_password(healthy_borg, *command))
    assert said(outcome) == "error password-unavailable"


def test_a_hung_password_command_is_told_from_a_hung_network(healthy_borg: BorgRepository) -> None:
    hasty = MEMBER(kit(deadlines=SHORT))
    outcome = hasty.snapshots(with_password(healthy_borg, "sleep", "30")).outcome
    assert said(outcome) == "error password-timeout"
    assert outcome.seconds < 5


def test_without_any_password_source_nobody_is_asked(
    borg_tool: BackupTool, healthy_borg: BorgRepository
) -> None:
    outcome = borg_tool.check(with_password(healthy_borg))
    assert said(outcome) == "error password-unavailable"


def test_a_key_file_opens_the_repository_only_where_it_lies(
    borg_tool: BackupTool, tmp_path: Path
) -> None:
    keyed = empty_borg_repository(tmp_path / "keyed", encryption="keyfile")
    assert said(borg_tool.snapshots(keyed.target).outcome) == "error password-unavailable"
    home = Path(borg_environment(keyed)["BORG_BASE_DIR"])
    there = MEMBER(msgspec.structs.replace(kit(), environment={**os.environ, "HOME": str(home)}))
    assert said(there.snapshots(keyed.target).outcome) == "pass"
    (key,) = (home / ".config" / "borg" / "keys").iterdir()
    os.truncate(key, 200)
    assert said(there.snapshots(keyed.target).outcome) == "fail key-damaged"


def test_a_plain_repository_is_not_taken_for_the_encrypted_one(
    borg_tool: BackupTool, tmp_path: Path
) -> None:
    plain = empty_borg_repository(tmp_path / "plain", encryption="none")
    outcome = borg_tool.snapshots(plain.target).outcome
    assert said(outcome) == "error wrong-target"
    assert "not encrypted" in outcome.detail
    open_to_all = msgspec.structs.replace(plain.target, password_file=None)
    assert said(borg_tool.snapshots(open_to_all).outcome) == "pass"


# -------------------------------------------------------------------- locks, and who may write


@pytest.fixture
def locked(borg_copy: BorgRepository) -> Iterator[BorgRepository]:
    """A repository that another borg, which still runs, has locked for itself alone."""
    holder = subprocess.Popen(
        ["borg", "with-lock", str(borg_copy.folder), "sleep", "60"],
        env=borg_environment(borg_copy),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await_lock(borg_copy)
        yield borg_copy
    finally:
        os.killpg(holder.pid, 9)
        holder.wait(timeout=5)


def await_lock(repository: BorgRepository) -> None:
    for _ in range(500):
        if any(repository.folder.glob("lock.exclusive/*")):
            return
        time.sleep(0.02)
    pytest.fail("borg took no lock within ten seconds")


def test_a_lock_does_not_keep_a_local_repository_from_being_judged(
    borg_tool: BackupTool, locked: BorgRepository, archive: Snapshot, *, tmp_path: Path
) -> None:
    target = locked.target
    assert said(borg_tool.check(target)) == "pass"
    assert borg_tool.content(target, archive).files == FILES
    outcome = borg_tool.restore(target, archive, into=tmp_path / "into", request=REQUEST)
    assert said(outcome) == "pass"
    (lock,) = borg_tool.inventory(target).locks
    assert lock.exclusive
    assert ", process " in lock.label


def test_behind_ssh_a_lock_keeps_only_the_check_from_a_verdict(
    borg_tool: BackupTool, locked: BorgRepository, tmp_path: Path
) -> None:
    target = behind_ssh(locked, tmp_path)
    outcome = borg_tool.check(target)
    assert said(outcome) == "error locked"
    assert "borg break-lock" in outcome.hint
    assert said(borg_tool.snapshots(target).outcome) == "pass"


def test_a_repository_that_is_changed_while_it_is_read_is_not_called_damaged(
    borg_tool: BackupTool, borg_copy: BorgRepository, archive: Snapshot
) -> None:
    flip_bit(borg_copy.data, at=5_000)
    first = borg_copy.segments[0]
    outcome = borg_tool.contents(
        borg_copy.target, archive, take=lambda _content: first.unlink(missing_ok=True)
    )
    assert said(outcome) == "error locked"


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


def test_a_read_only_repository_is_judged_like_any_other(
    borg_tool: BackupTool, healthy_borg: BorgRepository, mounted: Callable[[str], Path]
) -> None:
    folder = mounted("size=4m")
    there = healthy_borg.copied(folder / "repository")
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True, timeout=5)
    assert said(borg_tool.check(there.target, subset="1/1")) == "pass"


@pytest.fixture
def reachable(borg_tool: BackupTool, healthy_borg: BorgRepository) -> Iterator[BorgRepository]:
    """A copy that a user without privileges can reach, with its passphrase."""
    borg_tool.version()  # imports what starting a program needs
    with open_folder() as folder:
        password_file = folder / "password"
        shutil.copy(healthy_borg.password_file, password_file)
        copy = healthy_borg.copied(folder / "repository")
        yield msgspec.structs.replace(copy, password_file=password_file)


def test_a_repository_that_this_user_cannot_write_is_judged_like_any_other(
    borg_tool: BackupTool, reachable: BorgRepository
) -> None:
    with without_privileges(reachable.folder.parent):
        reachable.folder.chmod(0o500)
        outcome = borg_tool.check(reachable.target)
        reachable.folder.chmod(0o700)
    assert said(outcome) == "pass"


def test_a_repository_that_this_user_cannot_read_is_no_verdict(
    borg_tool: BackupTool, reachable: BorgRepository
) -> None:
    reachable.folder.chmod(0)
    with without_privileges(reachable.folder.parent):
        outcomes = [
            borg_tool.probe(reachable.target),
            borg_tool.check(reachable.target),
            borg_tool.inventory(reachable.target).outcome,
        ]
        reachable.folder.chmod(0o700)
    assert {*map(said, outcomes)} == {"error permission-denied"}


def test_data_that_this_user_cannot_read_are_no_verdict(
    borg_tool: BackupTool, reachable: BorgRepository, archive: Snapshot
) -> None:
    reachable.data.chmod(0)
    base = reachable.folder.parent
    with without_privileges(base):
        outcome = borg_tool.restore(reachable.target, archive, into=base / "into", request=REQUEST)
    assert said(outcome) == "error permission-denied"


def test_a_full_disk_is_no_verdict_on_the_backup(
    borg_tool: BackupTool,
    healthy_borg: BorgRepository,
    archive: Snapshot,
    *,
    mounted: Callable[[str], Path],
) -> None:
    into = mounted("size=32k")
    request = RestoreRequest()
    outcome = borg_tool.restore(healthy_borg.target, archive, into=into, request=request)
    assert said(outcome) == "error no-space"
    assert "call-0" not in outcome.detail
    assert str(healthy_borg.source) not in outcome.detail


def test_a_place_below_a_file_is_no_verdict_on_the_backup(
    borg_tool: BackupTool, healthy_borg: BorgRepository, archive: Snapshot, *, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    for into in (file, file / "below"):
        outcome = borg_tool.restore(healthy_borg.target, archive, into=into, request=REQUEST)
        assert said(outcome) == "error wrong-target"


# ------------------------------------------------------------------------------------- network


def test_a_repository_behind_ssh_is_read_like_a_local_one(
    borg_tool: BackupTool, healthy_borg: BorgRepository, archive: Snapshot, *, tmp_path: Path
) -> None:
    target = behind_ssh(healthy_borg, tmp_path)
    assert said(borg_tool.probe(target)) == "pass"
    assert said(borg_tool.check(target)) == "pass"
    into = tmp_path / "into"
    assert said(borg_tool.restore(target, archive, into=into, request=REQUEST)) == "pass"
    assert borg_tool.inventory(target).locks == ()


def test_damage_behind_ssh_is_damage(
    borg_tool: BackupTool, borg_copy: BorgRepository, archive: Snapshot, *, tmp_path: Path
) -> None:
    target = behind_ssh(borg_copy, tmp_path)
    flip_bit(borg_copy.data, at=5_000)
    assert said(borg_tool.check(target)) == "fail pack-damaged"
    borg_copy.data.unlink()
    assert said(borg_tool.content(target, archive).outcome) == "fail pack-damaged"
    os.truncate(borg_copy.folder / "config", 100)
    assert said(borg_tool.check(target)) == "fail config-damaged"


def test_what_is_missing_behind_ssh_proves_nothing(
    borg_tool: BackupTool, borg_copy: BorgRepository, tmp_path: Path
) -> None:
    target = behind_ssh(borg_copy, tmp_path)
    shutil.rmtree(borg_copy.folder)
    assert said(borg_tool.check(target)) == "error repository-missing"


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        ("ssh: connect to host backup.invalid port 22: Connection refused", 255, "unreachable"),
        ("ssh: Could not resolve hostname backup.invalid: Name not known", 255, "unreachable"),
        ("backup@backup.invalid: Permission denied (publickey).", 255, "permission-denied"),
        ("Host key verification failed.", 255, "unreachable"),
        ("sh: 1: borg: not found", 127, "unreachable"),
        ("", 255, "unreachable"),
    ],
)
def test_a_host_that_lets_nobody_in_is_no_verdict(
    borg_tool: BackupTool,
    healthy_borg: BorgRepository,
    *,
    tmp_path: Path,
    words: str,
    code: int,
    reason: str,
) -> None:
    target = behind_ssh(healthy_borg, tmp_path)
    shell = tmp_path / "ssh"
    shell.write_text(f"#!/bin/sh\necho '{words}' >&2\nsleep 0.3\nexit {code}\n", encoding="utf-8")
    assert said(borg_tool.snapshots(target).outcome) == f"error {reason}"


def test_a_missing_ssh_is_no_verdict(
    borg_tool: BackupTool, healthy_borg: BorgRepository, tmp_path: Path
) -> None:
    target = behind_ssh(healthy_borg, tmp_path)
    (tmp_path / "ssh").unlink()
    assert said(borg_tool.snapshots(target).outcome) == "error unreachable"
