from __future__ import annotations

import datetime as dt
import json
import os
import time
from pathlib import Path

import msgspec
import pytest

from ccir.backup.held_interface import Key, Lock
from ccir.backup.interface import BackupTool, ToolKit
from ccir.backup.restic_inventory import MOST_READ, inventory
from support.restic_meddling import leave_lock
from support.restic_repository import Repository, restic
from support.restic_targets import kit, said, target_of

KEYS = [f"{number:064x}" for number in range(MOST_READ + 2)]
AT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
KEY = {"created": "2026-01-02T03:04:05.123456789+00:00", "hostname": "h", "username": "u"}
LOCK = {"time": "2026-01-02T08:49:05+05:45", "hostname": "crm1", "username": "root", "pid": 7}


def scripted(
    folder: Path,
    *,
    keys: list[str] | None = None,
    key: str = json.dumps(KEY),
    locks: list[str] | None = None,
    lock: str = json.dumps(LOCK),
) -> ToolKit:
    """Return a kit whose restic tells these keys and locks, each as told; empty is unreadable."""
    folder.mkdir()
    lines = {"keys": KEYS[:1] if keys is None else keys, "locks": locks or []}
    for name, ids in lines.items():
        (folder / name).write_text("".join(f"{each}\n" for each in ids), "utf-8")
    (folder / "key").write_text(key, "utf-8")
    (folder / "lock").write_text(lock, "utf-8")
    program = folder / "restic"
    program.write_text(
        f"""#!/bin/sh
cd {folder} || exit 99
case " $* " in
*" list keys "*) cat keys ;;
*" list locks "*) cat locks || exit 1; test ! -e later || mv later locks ;;
*" cat key "*) test -s key || exit 1; cat key ;;
*" cat lock "*) test -s lock || exit 1; cat lock ;;
esac
""",
        encoding="utf-8",
    )
    program.chmod(0o755)
    environment = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    return msgspec.structs.replace(kit(), environment=environment)


def test_a_repository_has_its_key_and_no_lock(tool: BackupTool, healthy: Repository) -> None:
    found = tool.inventory(target_of(healthy))
    assert (said(found.outcome), found.locks) == ("pass", ())
    (key,) = found.keys
    assert "@" in key.label
    assert key.created_at is not None
    assert [key.id] == [file.name for file in (healthy.folder / "keys").iterdir()]


def test_a_key_that_was_added_stands_beside_the_first(
    tool: BackupTool, repository: Repository, tmp_path: Path
) -> None:
    (first,) = tool.inventory(target_of(repository)).keys
    password = tmp_path / "second-password"
    password.write_text("another one\n", encoding="utf-8")
    restic(repository, "key", "add", "--new-password-file", str(password), "--user", "mallory")
    found = tool.inventory(target_of(repository)).keys
    (added,) = (key for key in found if key.id != first.id)
    assert added.label.startswith("mallory@")


def test_a_lock_that_a_killed_restic_left_is_told_with_its_time(
    tool: BackupTool, repository: Repository
) -> None:
    before = time.time()
    pid = leave_lock(repository)
    (lock,) = tool.inventory(target_of(repository)).locks
    assert lock.label.endswith(f", process {pid}")
    assert before - 60 < lock.held_at.timestamp() < time.time() + 60
    assert not lock.exclusive


def test_listing_takes_no_lock_and_writes_nothing(tool: BackupTool, repository: Repository) -> None:
    leave_lock(repository)
    before = {path: path.stat().st_mtime_ns for path in repository.folder.rglob("*")}
    assert said(tool.inventory(target_of(repository)).outcome) == "pass"
    assert {path: path.stat().st_mtime_ns for path in repository.folder.rglob("*")} == before


def test_keys_and_locks_are_told_with_who_made_them(healthy: Repository, tmp_path: Path) -> None:
    lock = json.dumps(LOCK | {"exclusive": True})
    found = inventory(scripted(tmp_path / "fake", locks=KEYS[:1], lock=lock), target_of(healthy))
    made_at = AT.replace(microsecond=123457)
    assert found.keys == (Key(id=KEYS[0], label="u@h", created_at=made_at),)
    assert found.locks == (Lock(label="root@crm1, process 7", held_at=AT, exclusive=True),)


def test_of_very_many_keys_and_locks_the_first_are_read(
    healthy: Repository, tmp_path: Path
) -> None:
    found = inventory(scripted(tmp_path / "fake", keys=KEYS, locks=KEYS), target_of(healthy))
    assert [key.id for key in found.keys] == KEYS
    assert [key.label for key in found.keys[-3:]] == ["u@h", "", ""]
    assert len(found.locks) == MOST_READ


def test_a_lock_that_is_gone_when_it_is_read_is_none(healthy: Repository, tmp_path: Path) -> None:
    tool_kit = scripted(tmp_path / "fake", locks=KEYS[:2], lock="")
    (tmp_path / "fake" / "later").write_text("", "utf-8")
    found = inventory(tool_kit, target_of(healthy))
    assert (said(found.outcome), found.locks) == ("pass", ())


UNREADABLE = ["", "no JSON", '{"time": "2026-01-02T03:04:05"}', "{}"]


@pytest.mark.parametrize("lock", UNREADABLE)
def test_a_lock_that_is_there_and_cannot_be_read_is_no_verdict(
    healthy: Repository, tmp_path: Path, lock: str
) -> None:
    found = inventory(scripted(tmp_path / "fake", locks=KEYS[:1], lock=lock), target_of(healthy))
    assert (said(found.outcome), found.locks) == ("error unrecognised-output", ())
    assert len(found.keys) == 1


@pytest.mark.parametrize("key", UNREADABLE)
def test_a_key_that_is_there_and_cannot_be_read_is_no_verdict(
    healthy: Repository, tmp_path: Path, key: str
) -> None:
    found = inventory(scripted(tmp_path / "fake", key=key), target_of(healthy))
    assert (said(found.outcome), found.keys) == ("error unrecognised-output", ())


def test_a_repository_that_opens_has_a_key(healthy: Repository, tmp_path: Path) -> None:
    found = inventory(scripted(tmp_path / "fake", keys=[]), target_of(healthy))
    assert (said(found.outcome), found.keys) == ("error unrecognised-output", ())


def test_locks_that_cannot_be_listed_leave_the_keys_known(
    healthy: Repository, tmp_path: Path
) -> None:
    tool_kit = scripted(tmp_path / "fake")
    (tmp_path / "fake" / "locks").unlink()
    found = inventory(tool_kit, target_of(healthy))
    assert (found.outcome.verdict, len(found.keys)) == ("error", 1)


def test_a_wrong_password_is_no_verdict(
    tool: BackupTool, healthy: Repository, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not the one", encoding="utf-8")
    wrong.chmod(0o600)
    target = msgspec.structs.replace(target_of(healthy), password_file=str(wrong))
    assert said(tool.inventory(target).outcome) == "error wrong-password"
