from __future__ import annotations

import datetime as dt
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ccir.backup.interface import Deadlines
from ccir.drilling.checking import check_backup
from support.damage import cut, flip_bit
from support.drills import NOW, Course, DatedClock, back_up_nothing, kit_for, target_of, verdicts
from support.restic_repository import (
    PASSWORD,
    Repository,
    back_up,
)


@contextmanager
def backup_under_way(repository: Repository) -> Iterator[None]:
    """Hold the repository's lock as a running backup does."""
    environment = {
        "PATH": os.environ["PATH"],
        "RESTIC_REPOSITORY": str(repository.folder),
        "RESTIC_PASSWORD_FILE": str(repository.password_file),
    }
    with subprocess.Popen(
        ["restic", "--no-cache", "backup", "--stdin"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as running:
        try:
            clock = DatedClock()
            until = clock.monotonic() + 5
            while not any((repository.folder / "locks").iterdir()) and clock.monotonic() < until:
                clock.sleep(0.02)
            yield
        finally:
            running.kill()


def test_a_young_whole_backup_passes_with_every_check_named(
    healthy: Repository, tmp_path: Path
) -> None:
    course = Course()
    result = check_backup(target_of(healthy), kit_for(tmp_path, progress=course))
    assert verdicts(result.checks) == {
        "repository": "pass",
        "snapshot-age": "pass",
        "snapshot-content": "pass",
        "structure": "pass",
    }
    assert (result.verdict, result.reason, result.hint) == ("pass", "", "")
    assert (result.snapshot, result.age_seconds) == (healthy.snapshot_id, 1_800.0)
    assert result.rpo_seconds == 3_600.0
    assert "is 30 min old; the RPO is 1 h 00 min; the snapshot holds 25 files" in result.detail
    assert result.detail.endswith("; the structure is whole")
    assert course.names == ["look for snapshots", "count snapshot", "check repository"]


def test_with_a_subset_the_data_is_judged_beside_the_structure(
    repository: Repository, tmp_path: Path
) -> None:
    flip_bit(repository.pack(of="data"), at=200)
    unread = check_backup(target_of(repository), kit_for(tmp_path))
    read = check_backup(target_of(repository), kit_for(tmp_path), subset="1/1")
    assert unread.verdict == "pass"
    assert (read.verdict, read.reason) == ("fail", "pack-damaged")
    assert verdicts(read.checks)["structure"] == "pass"
    assert verdicts(read.checks)["data"] == "pack-damaged"


def test_good_data_is_told_with_the_part_that_was_read(healthy: Repository, tmp_path: Path) -> None:
    result = check_backup(target_of(healthy), kit_for(tmp_path), subset="1/1")
    assert result.checks[-1].detail == "the data (1/1) is whole"
    assert result.verdict == "pass"


def test_without_a_promise_a_known_age_passes_and_says_so(
    healthy: Repository, tmp_path: Path
) -> None:
    clock = DatedClock(NOW + dt.timedelta(days=900))
    target = target_of(healthy, rpo_seconds=None)
    result = check_backup(target, kit_for(tmp_path, clock=clock))
    assert (result.verdict, result.rpo_seconds) == ("pass", None)
    assert "no RPO is set" in result.checks[1].detail


def test_what_is_found_bad_first_does_not_end_the_examination(
    repository: Repository, tmp_path: Path
) -> None:
    cut(repository.pack(of="data"), to=0.999)
    clock = DatedClock(NOW + dt.timedelta(days=3))
    result = check_backup(target_of(repository), kit_for(tmp_path, clock=clock))
    assert (result.verdict, result.reason) == ("fail", "rpo-exceeded")
    assert verdicts(result.checks) == {
        "repository": "pass",
        "snapshot-age": "rpo-exceeded",
        "snapshot-content": "pass",
        "structure": "pack-damaged",
    }
    assert result.age_seconds == 3 * 86_400 + 1_800.0


def test_the_newest_is_looked_for_among_the_target_s_own_only(
    repository: Repository, tmp_path: Path
) -> None:
    own = repository.snapshot_id
    back_up(repository, at="2026-01-02 03:30:00", host="web1")
    back_up(repository, at="2026-01-02 03:31:00", tag="web")
    assert check_backup(target_of(repository), kit_for(tmp_path)).snapshot == own


def test_a_snapshot_from_the_future_is_a_fail_whose_age_is_not_known(
    repository: Repository, tmp_path: Path
) -> None:
    back_up(repository, at="2026-01-03 03:00:00")
    result = check_backup(target_of(repository), kit_for(tmp_path))
    assert (result.verdict, result.reason, result.age_seconds) == ("fail", "future", None)
    assert result.snapshot is not None


def test_an_empty_newest_snapshot_is_a_fail_although_an_older_one_is_full(
    repository: Repository, tmp_path: Path
) -> None:
    back_up_nothing(repository, tmp_path / "nothing", at="2026-01-02 03:30:00")
    result = check_backup(target_of(repository), kit_for(tmp_path))
    assert (result.verdict, result.reason) == ("fail", "empty")
    assert verdicts(result.checks)["structure"] == "pass"


def test_a_repository_without_any_snapshot_is_a_fail_and_its_structure_is_still_judged(
    repository: Repository, tmp_path: Path
) -> None:
    (repository.folder / "snapshots" / repository.snapshot_id).unlink()
    result = check_backup(target_of(repository), kit_for(tmp_path))
    assert (result.verdict, result.reason, result.snapshot) == ("fail", "no-snapshots", None)
    assert verdicts(result.checks) == {
        "repository": "pass",
        "snapshot": "no-snapshots",
        "structure": "pass",
    }


def test_snapshots_of_others_only_are_no_backup_of_this_target(
    healthy: Repository, tmp_path: Path
) -> None:
    result = check_backup(target_of(healthy, hosts=("web1",)), kit_for(tmp_path))
    assert (result.verdict, result.reason) == ("fail", "no-snapshots")
    assert "holds 1 of other hosts" in result.detail


def test_an_unreadable_snapshot_is_a_fail_beside_a_newest_that_can_be_read(
    repository: Repository, tmp_path: Path
) -> None:
    first = repository.snapshot_id
    back_up(repository, at="2026-01-02 03:20:00")
    flip_bit(repository.folder / "snapshots" / first, at=40)
    result = check_backup(target_of(repository), kit_for(tmp_path))
    assert (result.verdict, result.reason) == ("fail", "snapshot-damaged")
    assert list(verdicts(result.checks)) == [
        "repository",
        "snapshot-age",
        "snapshot-content",
        "structure",
    ]


def test_a_missing_repository_ends_the_examination(healthy: Repository, tmp_path: Path) -> None:
    target = target_of(healthy, repository=str(tmp_path / "nowhere"))
    result = check_backup(target, kit_for(tmp_path))
    assert (result.verdict, result.reason) == ("fail", "repository-missing")
    assert verdicts(result.checks) == {"repository": "repository-missing"}
    assert result.hint


def test_an_error_while_counting_ends_the_examination_without_a_pass(
    healthy: Repository, tmp_path: Path
) -> None:
    kit = kit_for(tmp_path, deadlines=Deadlines(list_seconds=0))
    result = check_backup(target_of(healthy), kit)
    assert (result.verdict, result.reason) == ("error", "timed-out")
    assert "structure" not in verdicts(result.checks)


def test_a_lock_that_a_running_backup_holds_is_an_error_and_the_data_is_not_tried(
    repository: Repository, tmp_path: Path
) -> None:
    with backup_under_way(repository):
        result = check_backup(target_of(repository), kit_for(tmp_path), subset="1/1")
    assert (result.verdict, result.reason) == ("error", "locked")
    assert list(verdicts(result.checks))[-1] == "structure"


def test_a_cancelled_check_is_an_error(healthy: Repository, tmp_path: Path) -> None:
    result = check_backup(target_of(healthy), kit_for(tmp_path, is_cancelled=lambda: True))
    assert (result.verdict, result.reason) == ("error", "cancelled")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tool": "tape"}, "not-found"),
        ({"password_file": None, "password_command": ("false",)}, "password-unavailable"),
        ({"password_file": None, "password_command": ("\\",)}, "wrong-target"),
    ],
)
def test_a_target_that_cannot_be_used_is_an_error_and_no_exception(
    healthy: Repository, tmp_path: Path, *, changes: dict[str, object], reason: str
) -> None:
    result = check_backup(target_of(healthy, **changes), kit_for(tmp_path))
    assert (result.verdict, result.reason) == ("error", reason)
    assert result.detail
    assert result.hint


def test_a_missing_restic_is_an_error(healthy: Repository, tmp_path: Path) -> None:
    result = check_backup(target_of(healthy), kit_for(tmp_path, environment={"PATH": ""}))
    assert (result.verdict, result.reason) == ("error", "tool-missing")


def test_no_result_holds_the_password(repository: Repository, tmp_path: Path) -> None:
    cut(repository.pack(of="tree"), to=0.99)
    result = check_backup(target_of(repository), kit_for(tmp_path), subset="1/1")
    assert result.verdict == "fail"
    assert PASSWORD not in repr(result)
