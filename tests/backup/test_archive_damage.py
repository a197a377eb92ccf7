"""What can happen to a folder of dumps and archives, and what is made of it in how much time."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ccir.backup.archive import MEMBER
from ccir.backup.interface import BackupTool, Snapshot
from ccir.drilling.selecting import judge_age
from support.damage import flip_bit
from support.restic_targets import REQUEST, kit, said
from support.sums_folder import EXPORTS, LIST, NEWEST, NIGHTS, list_all, target_at, write_night
from support.unprivileged import open_folder, without_privileges

Break = Callable[[Path], object]

SECONDS = 3.0  # for all five calls together; each reads 50 kB
PACK, SNAPSHOT = "fail pack-damaged", "fail snapshot-damaged"
GONE, NONE = "fail repository-missing", "fail no-snapshots"
DENIED = "error permission-denied"


def judged(tool: BackupTool, root: Path, snapshot: Snapshot, *, into: Path) -> list[str]:
    """What the calls say: snapshots, check, check with data, content, restore."""
    target = target_at(root)
    return [
        said(tool.snapshots(target).outcome),
        said(tool.check(target)),
        said(tool.check(target, subset="1/1")),
        said(tool.content(target, snapshot).outcome),
        said(tool.restore(target, snapshot, into=into, request=REQUEST)),
    ]


def cut(path: Path, *, to: int) -> None:
    os.truncate(path, to)


def replace(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink()
    make(path)


def empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def put_file_for_repository(night: Path) -> None:
    shutil.rmtree(night.parent)
    night.parent.touch()


def move_behind_link(path: Path) -> None:
    """Leave a link where a file or folder was."""
    elsewhere = path.parent / f".{path.name}"
    path.rename(elsewhere)
    path.symlink_to(elsewhere.name)


def socket_at(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        before = Path.cwd()
        os.chdir(path.parent)  # a socket's address is short
        try:
            bound.bind(path.name)
        finally:
            os.chdir(before)


def add_line(folder: Path, path: str) -> None:
    with (folder / LIST).open("a", encoding="ascii") as listing:
        listing.write(f"{'a' * 64}  {path}\n")


def edit_digest(folder: Path) -> None:
    octets = (folder / LIST).read_bytes()
    (folder / LIST).write_bytes((b"0" if octets[:1] != b"0" else b"1") + octets[1:])


BIT = ["pass", "pass", PACK, "pass", PACK]  # only reading the bytes shows it
LOST = ["pass", PACK, PACK, PACK, PACK]
# The snapshot that was there before is not there any more under its id.
OTHER = ["pass", SNAPSHOT, PACK, NONE, NONE]
BROKEN: dict[str, tuple[Break, list[str]]] = {
    "nothing": (lambda _: None, ["pass"] * 5),
    **{
        f"a bit of {path}": (lambda it, path=path: flip_bit(it / path, at=60), BIT)  # type: ignore[misc] # bound at once
        for path in EXPORTS
    },
    "half of a dump": (lambda it: cut(it / "crm.dump", to=5_000), BIT),
    "all of a dump's bytes": (lambda it: cut(it / "crm.dump", to=0), LOST),
    "a dump": (lambda it: (it / "crm.dump").unlink(), LOST),
    "a folder of archives": (lambda it: shutil.rmtree(it / "export"), LOST),
    "a dump that is a pipe now": (lambda it: replace(it / "crm.dump", os.mkfifo), LOST),
    "a dump that is a folder now": (lambda it: replace(it / "crm.dump", Path.mkdir), LOST),
    "a dump that is a socket now": (lambda it: replace(it / "crm.dump", socket_at), LOST),
    "a dump that is a link now": (
        lambda it: move_behind_link(it / "crm.dump"),
        ["pass", *[SNAPSHOT] * 4],
    ),
    "a folder that is a link now": (
        lambda it: move_behind_link(it / "export"),
        ["pass", *[SNAPSHOT] * 4],
    ),
    "a file that nobody listed": (
        lambda it: (it / "export" / "more.tar").write_bytes(b"x"),
        ["pass", SNAPSHOT, SNAPSHOT, "pass", "pass"],
    ),
    "the list": (lambda it: (it / LIST).unlink(), [SNAPSHOT] * 5),
    "all of the list's bytes": (lambda it: cut(it / LIST, to=0), [*[SNAPSHOT] * 3, NONE, NONE]),
    "half a line of the list": (lambda it: cut(it / LIST, to=30), [*[SNAPSHOT] * 3, NONE, NONE]),
    "a line of the list": (
        lambda it: cut(it / LIST, to=(it / LIST).read_bytes().rindex(b"\n", 0, -1) + 1),
        ["pass", SNAPSHOT, SNAPSHOT, NONE, NONE],
    ),
    "a digit of the list": (edit_digest, ["pass", "pass", PACK, NONE, NONE]),
    "a list that is a pipe now": (lambda it: replace(it / LIST, os.mkfifo), [SNAPSHOT] * 5),
    "a list far too long to be one": (
        lambda it: cut(it / LIST, to=300 << 20),  # it has a hole and takes no room
        [SNAPSHOT] * 5,
    ),
    "a listed path upwards": (
        lambda it: add_line(it, f"../{NIGHTS[0]}/crm.dump"),
        ["pass", SNAPSHOT, SNAPSHOT, NONE, NONE],
    ),
    "a listed path from the root": (
        lambda it: add_line(it, "/etc/passwd"),
        ["pass", SNAPSHOT, SNAPSHOT, NONE, NONE],
    ),
    "a listed path over a file": (
        lambda it: add_line(it, "crm.dump/x"),
        ["pass", SNAPSHOT, SNAPSHOT, NONE, NONE],
    ),
    "a listed name too long": (
        lambda it: add_line(it, "x" * 300),
        ["pass", PACK, PACK, NONE, NONE],
    ),
    "a listed name with a zero in it": (
        lambda it: add_line(it, "x\0y"),
        ["pass", SNAPSHOT, SNAPSHOT, NONE, NONE],
    ),
    # Only who remembers that it was there can tell.
    "the newest night": (shutil.rmtree, ["pass", "pass", "pass", NONE, NONE]),
    "all files of the newest night": (
        empty,
        [SNAPSHOT] * 5,
    ),
    "a newest night that is a link now": (
        move_behind_link,
        ["pass", "pass", "pass", NONE, NONE],
    ),
    "the repository": (lambda it: shutil.rmtree(it.parent), [GONE] * 5),
    "a repository that is a file now": (
        put_file_for_repository,
        [GONE] * 5,
    ),
}


@pytest.fixture
def tool() -> BackupTool:
    return MEMBER(kit())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for night in NIGHTS:
        write_night(tmp_path / "backups" / night)
    return tmp_path / "backups"


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_broken_is_what_the_calls_say(
    tool: BackupTool, root: Path, tmp_path: Path, *, broken: str
) -> None:
    break_it, expected = BROKEN[broken]
    snapshot = tool.snapshots(target_at(root)).snapshots[-1]
    break_it(root / NEWEST)
    began = time.monotonic()
    assert judged(tool, root, snapshot, into=tmp_path / "into") == expected
    assert time.monotonic() - began < SECONDS


def test_damaged_nights_do_not_hide_the_others_and_are_named(tool: BackupTool, root: Path) -> None:
    for day in range(3, 8):
        (root / f"crm-2026-01-0{day}").mkdir()
    listing = tool.snapshots(target_at(root))
    assert said(listing.outcome) == SNAPSHOT
    assert (len(listing.snapshots), listing.in_repository) == (2, 2)
    assert "'crm-2026-01-03' holds no list of digests" in listing.outcome.detail
    assert "and 2 more like it" in listing.outcome.detail


def test_a_folder_whose_only_list_is_gone_is_not_a_folder_without_snapshots(
    tool: BackupTool, root: Path
) -> None:
    night = root / NEWEST
    shutil.rmtree(night / "export")
    (night / LIST).unlink()
    assert said(tool.snapshots(target_at(night)).outcome) == SNAPSHOT


def test_a_dump_of_nothing_is_not_a_backup_even_if_it_is_listed(
    tool: BackupTool, root: Path
) -> None:
    cut(root / NEWEST / "crm.dump", to=0)
    list_all(root / NEWEST)
    outcome = tool.check(target_at(root))
    assert said(outcome) == SNAPSHOT
    assert "empty: 1" in outcome.detail


def test_a_check_counts_what_it_finds_and_names_no_file(tool: BackupTool, root: Path) -> None:
    flip_bit(root / NEWEST / "crm.dump", at=9)
    flip_bit(root / NIGHTS[0] / "export/calls.tar", at=9)
    (root / NEWEST / "export/calls.tgz").unlink()
    (root / NEWEST / "kim-smith.txt").touch()
    outcome = tool.check(target_at(root), subset="1/1")
    assert said(outcome) == PACK
    assert {"changed: 2", "gone: 1", "in no list: 1"} <= {*outcome.detail.split(", ")}
    assert not [name for name in ("crm.dump", "calls", "kim") if name in repr(outcome)]


def test_every_bit_is_found_by_the_rounds_of_a_check(tool: BackupTool, root: Path) -> None:
    flip_bit(root / NEWEST / "crm.dump", at=9)
    rounds = [said(tool.check(target_at(root), subset=f"{n}/4")) for n in range(1, 5)]
    assert {*rounds} <= {"pass", PACK}
    assert PACK in rounds


def test_a_part_that_is_none_is_no_verdict(tool: BackupTool, root: Path) -> None:
    assert said(tool.check(target_at(root), subset="all")) == "error wrong-target"


@pytest.mark.parametrize("name", ["crm-2031-01-01T00-00", "crm-2031-01-01"])
def test_a_night_dated_in_the_future_is_listed_so_that_it_is_seen(
    tool: BackupTool, root: Path, name: str
) -> None:
    write_night(root / name)
    newest = tool.snapshots(target_at(root)).snapshots[-1]
    aged = judge_age(newest, now=dt.datetime(2026, 1, 3, tzinfo=dt.UTC), rpo_seconds=None)
    assert (aged.verdict, aged.reason) == ("fail", "future")


UNREADABLE: dict[str, tuple[Break, list[str]]] = {
    "a dump": (lambda it: (it / "crm.dump").chmod(0), ["pass", "pass", DENIED, "pass", DENIED]),
    "the list": (lambda it: (it / LIST).chmod(0), [DENIED] * 5),
    "a folder of archives": (lambda it: (it / "export").chmod(0), [DENIED] * 5),
    "the night": (lambda it: it.chmod(0), [DENIED] * 5),
    "the repository": (lambda it: it.parent.chmod(0), [DENIED] * 5),
    "the folder around it": (lambda it: it.parent.parent.chmod(0), [DENIED] * 5),
}


@pytest.mark.parametrize("unreadable", UNREADABLE)
def test_what_this_user_may_not_read_is_no_verdict(tool: BackupTool, unreadable: str) -> None:
    hide, expected = UNREADABLE[unreadable]
    with open_folder() as base:
        root = base / "outer" / "backups"
        night = write_night(root / NEWEST)
        (snapshot,) = tool.snapshots(target_at(root)).snapshots
        (base / "into").mkdir()
        hide(night)
        with without_privileges(base):
            outcomes = judged(tool, root, snapshot, into=base / "into")
        for path in (root.parent, root, night, night / "export"):
            path.chmod(0o700)  # whoever runs the tests may not be root, and has to clean up
    assert outcomes == expected
