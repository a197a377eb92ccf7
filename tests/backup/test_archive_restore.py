from __future__ import annotations

import datetime as dt
import os
import resource
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ccir.backup.archive import MEMBER
from ccir.backup.interface import BackupTool, Deadlines, Outcome, RestoreRequest, ToolKit
from ccir.clock import FixedClock, SystemClock
from ccir.entropy import SeededEntropy
from support.damage import flip_bit
from support.restic_targets import REQUEST, kit, said
from support.sums_folder import EXPORTS, NEWEST, list_all, target_at, write_night
from support.unprivileged import open_folder, without_privileges

BYTES = sum(map(len, EXPORTS.values()))
NOW = dt.datetime(2026, 1, 3, tzinfo=dt.UTC)
LARGE_BYTES = 3 << 20  # several blocks


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_night(tmp_path / "backups" / NEWEST)
    return tmp_path / "backups"


def restored(
    root: Path, into: Path, *, request: RestoreRequest = REQUEST, tool: BackupTool | None = None
) -> Outcome:
    (snapshot,) = MEMBER(kit()).snapshots(target_at(root)).snapshots
    tool = tool or MEMBER(kit())
    return tool.restore(target_at(root), snapshot, into=into, request=request)


def files(folder: Path) -> dict[str, bytes]:
    every = (path for path in folder.rglob("*") if path.is_file())
    return {os.fspath(path.relative_to(folder)): path.read_bytes() for path in every}


def test_files_come_back_with_their_times_and_for_this_user_only(
    root: Path, tmp_path: Path
) -> None:
    dump = root / NEWEST / "crm.dump"
    dump.chmod(0o644)
    os.utime(dump, (1_767_250_000, 1_767_250_000))
    into = tmp_path / "deep" / "into"
    assert said(restored(root, into)) == "pass"
    assert files(into) == EXPORTS
    assert (into / "crm.dump").stat().st_mtime == 1_767_250_000
    assert {stat.S_IMODE(path.stat().st_mode) for path in (into, *into.rglob("*"))} == {
        0o700,
        0o600,
    }


def test_only_the_files_asked_for_come_back(root: Path, tmp_path: Path) -> None:
    request = RestoreRequest(only=("export/calls.tar", "crm.dump"))
    assert said(restored(root, tmp_path / "into", request=request)) == "pass"
    assert files(tmp_path / "into").keys() == {"export/calls.tar", "crm.dump"}


def test_files_that_the_snapshot_does_not_list_are_not_passed_over(
    root: Path, tmp_path: Path
) -> None:
    request = RestoreRequest(only=("crm.dump", "elsewhere"))
    outcome = restored(root, tmp_path / "into", request=request)
    assert said(outcome) == "error content-unknown"
    assert "1 of the 2 files" in outcome.detail
    assert not (tmp_path / "into").exists()


def test_progress_is_told_in_bytes_up_to_all_of_them(root: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    request = RestoreRequest(progress=lambda done, total: seen.append((done, total)))
    assert said(restored(root, tmp_path / "into", request=request)) == "pass"
    assert seen[0] == (0, BYTES)
    assert seen[-1] == (BYTES, BYTES)
    assert seen == sorted(seen, key=lambda each: each[0])


def test_what_was_written_is_read_again_if_asked_for(root: Path, tmp_path: Path) -> None:
    into = tmp_path / "into"

    def spoil(done: int, _total: int | None) -> None:
        first = next(iter(sorted(EXPORTS)))
        if done == len(EXPORTS[first]):
            flip_bit(into / first, at=0)

    for verifies, expected in ((False, "pass"), (True, "error unrecognised-output")):
        shutil.rmtree(into, ignore_errors=True)
        request = RestoreRequest(verifies=verifies, progress=spoil)
        assert said(restored(root, into, request=request)) == expected
    large(root)
    assert said(restored(root, tmp_path / "2", request=RestoreRequest(verifies=True))) == "pass"


def test_the_first_damage_ends_a_restore_unless_all_is_wanted(root: Path, tmp_path: Path) -> None:
    flip_bit(root / NEWEST / "crm.dump", at=9)
    (root / NEWEST / "export/calls.tgz").unlink()
    assert said(restored(root, tmp_path / "some")) == "fail pack-damaged"
    assert files(tmp_path / "some").keys() == {"crm.dump"}
    request = RestoreRequest(keeps_going=True)
    outcome = restored(root, tmp_path / "all", request=request)
    assert said(outcome) == "fail pack-damaged"
    assert "2 of 4 files are damaged" in outcome.detail
    assert files(tmp_path / "all").keys() == EXPORTS.keys() - {"export/calls.tgz"}


def test_nothing_that_is_there_is_overwritten(root: Path, tmp_path: Path) -> None:
    (tmp_path / "into").mkdir()
    (tmp_path / "into" / "crm.dump").write_bytes(b"mine")
    assert said(restored(root, tmp_path / "into")) == "error wrong-target"
    assert files(tmp_path / "into") == {"crm.dump": b"mine"}


def test_a_folder_below_a_file_cannot_be_restored_into(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert said(restored(root, tmp_path / "file" / "into")) == "error wrong-target"


# ---------------------------------------------------------------------- space, rights, and time


@contextmanager
def no_file_longer_than(limit_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("keeps_going", [False, True])
def test_a_file_that_does_not_fit_is_no_verdict_on_the_backup(
    root: Path, tmp_path: Path, *, keeps_going: bool
) -> None:
    with no_file_longer_than(4_096):
        outcome = restored(root, tmp_path / "into", request=RestoreRequest(keeps_going=keeps_going))
    assert said(outcome) == "error no-space"
    assert "crm.dump" not in outcome.detail
    assert outcome.hint


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


@pytest.mark.parametrize(
    ("options", "expected"), [("size=12k", "error no-space"), ("ro", "error read-only")]
)
def test_a_full_or_read_only_disk_is_no_verdict_on_the_backup(
    root: Path, mounted: Callable[[str], Path], *, options: str, expected: str
) -> None:
    assert said(restored(root, mounted(options) / "into")) == expected


def test_a_folder_that_this_user_may_not_write_is_no_verdict_on_the_backup() -> None:
    with open_folder() as base:
        root = base / "backups"
        write_night(root / NEWEST)
        (base / "into").mkdir(mode=0o500)
        with without_privileges(base):
            outcome = restored(root, base / "into")
    assert said(outcome) == "error permission-denied"


def large(root: Path) -> None:
    (root / NEWEST / "large.tar").write_bytes(SeededEntropy(7).octets(LARGE_BYTES))
    list_all(root / NEWEST)


def test_a_restore_ends_in_the_midst_of_a_file_once_it_is_cancelled(
    root: Path, tmp_path: Path
) -> None:
    large(root)
    seen: list[int] = []
    tool = MEMBER(
        ToolKit(clock=SystemClock(), environment={}, is_cancelled=lambda: max(seen, default=0) > 0)
    )
    request = RestoreRequest(only=("large.tar",), progress=lambda done, _total: seen.append(done))
    assert said(restored(root, tmp_path / "into", request=request, tool=tool)) == "error cancelled"
    assert 0 < (tmp_path / "into" / "large.tar").stat().st_size < LARGE_BYTES


def test_a_restore_ends_when_its_time_is_over(root: Path, tmp_path: Path) -> None:
    large(root)
    clock = FixedClock(NOW)
    tool = MEMBER(ToolKit(clock=clock, environment={}, deadlines=Deadlines(restore_seconds=10)))
    request = RestoreRequest(progress=lambda _done, _total: clock.move(6))
    outcome = restored(root, tmp_path / "into", request=request, tool=tool)
    assert said(outcome) == "error timed-out"
    assert outcome.seconds == 12


def test_damage_that_was_found_before_the_time_was_over_stands(root: Path) -> None:
    clock = FixedClock(NOW)
    looks = iter(range(1_000))

    def tick() -> bool:
        clock.move(next(looks) and 1)
        return False

    flip_bit(root / NEWEST / "crm.dump", at=9)
    found: set[tuple[str, bool]] = set()
    for seconds in range(1, 40):
        looks, deadlines = iter(range(1_000)), Deadlines(check_seconds=seconds)
        tool = MEMBER(ToolKit(clock=clock, environment={}, deadlines=deadlines, is_cancelled=tick))
        outcome = tool.check(target_at(root), subset="1/1")
        found.add((said(outcome), outcome.stopped_early))
    assert found == {
        ("error timed-out", False),
        ("fail pack-damaged", True),
        ("fail pack-damaged", False),
    }
