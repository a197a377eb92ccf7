from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ccir.domain.drills import CheckPlan
from ccir.domain.outcomes import Objective
from ccir.drilling.drill import run_drill
from support.damage import flip_bit
from support.drills import (
    NOW,
    ONE_DATABASE,
    Course,
    DatedClock,
    back_up_nothing,
    drill_with,
    kit_for,
    left_in,
    meddling_restic,
    program,
    target_of,
    verdicts,
)
from support.restic_repository import FILES, PASSWORD, Repository, back_up


def test_a_good_backup_passes_with_everything_measured_and_nothing_left(
    healthy: Repository, tmp_path: Path
) -> None:
    course = Course()
    kit = kit_for(tmp_path, progress=course)
    result = run_drill(drill_with(), target_of(healthy), kit)
    assert (result.verdict, result.reason, result.hint) == ("pass", "", "")
    assert (result.drill, result.target) == ("customer-records", "crm")
    assert (result.snapshot, result.files) == (healthy.snapshot_id, FILES)
    assert result.bytes > FILES
    assert "; crm.sqlite is whole; rows: customers 500; it took " in result.detail
    assert result.rpo == Objective(measured_seconds=1_800.0, objective_seconds=3_600.0, met=True)
    assert result.rto.met is True
    assert 0 < (result.rto.measured_seconds or 0) < 60
    assert verdicts(result.checks) == dict.fromkeys(
        (
            "repository",
            "snapshot-age",
            "snapshot-content",
            "restore",
            "content-proof",
            "file-count",
            "sqlite",
            "rto",
            "structure",
        ),
        "pass",
    )
    assert result.cleanup == "cleaned"
    assert left_in(tmp_path) == []
    assert course.names == [
        "look for snapshots",
        "count snapshot",
        "restore",
        "compare content",
        "check file-count",
        "check sqlite",
        "check repository",
        "clean up",
    ]
    assert course.stages[2].total == result.bytes


def test_restored_files_lie_in_a_private_folder_while_they_are_judged(
    healthy: Repository, tmp_path: Path
) -> None:
    modes: list[int] = []
    scratch = tmp_path / "scratch"

    def look() -> None:
        restored = list(scratch.rglob("restored"))
        modes.extend(path.stat().st_mode & 0o777 for path in (scratch, *restored))

    kit = kit_for(tmp_path, progress=Course(check_sqlite=look))
    run_drill(drill_with(), target_of(healthy), kit)
    assert modes == [0o700, 0o700]


def test_a_drill_without_objectives_measures_and_judges_neither(
    healthy: Repository, tmp_path: Path
) -> None:
    target = target_of(healthy, rpo_seconds=None, rto_seconds=None)
    result = run_drill(drill_with(), target, kit_for(tmp_path))
    assert result.verdict == "pass"
    assert (result.rpo.met, result.rto.met) == (None, None)
    assert result.rpo.measured_seconds == 1_800.0


def test_a_missed_rpo_is_a_fail_but_the_restore_is_still_judged(
    healthy: Repository, tmp_path: Path
) -> None:
    result = run_drill(drill_with(rpo="29m"), target_of(healthy), kit_for(tmp_path))
    assert (result.verdict, result.reason) == ("fail", "rpo-exceeded")
    assert result.rpo == Objective(measured_seconds=1_800.0, objective_seconds=1_740.0, met=False)
    assert verdicts(result.checks)["sqlite"] == "pass"
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("stage", ["count snapshot", "restore", "check sqlite"])
def test_a_missed_rto_is_a_fail_wherever_the_time_went(
    healthy: Repository, tmp_path: Path, stage: str
) -> None:
    clock = DatedClock()
    course = Course(**{stage: lambda: clock.move(2_000)})
    kit = kit_for(tmp_path, clock=clock, progress=course)
    result = run_drill(drill_with(rto="30m"), target_of(healthy), kit)
    assert (result.verdict, result.reason) == ("fail", "rto-exceeded")
    assert (result.rto.objective_seconds, result.rto.met) == (1_800.0, False)
    assert verdicts(result.checks)["sqlite"] == "pass"


@pytest.mark.parametrize(
    ("stage", "late"),
    [
        ("count snapshot", "snapshot-content"),
        ("restore", "restore"),
        ("check file-count", "sqlite"),
    ],
)
def test_a_drill_ends_at_its_deadline_whatever_it_is_doing(
    healthy: Repository, tmp_path: Path, *, stage: str, late: str
) -> None:
    clock = DatedClock()
    course = Course(**{stage: lambda: clock.move(3_601)})
    kit = kit_for(tmp_path, clock=clock, progress=course)
    result = run_drill(drill_with(deadline="1h"), target_of(healthy), kit)
    assert verdicts(result.checks)[late] == "timed-out"
    assert result.verdict != "pass"
    assert left_in(tmp_path) == []


def test_a_check_gets_no_more_time_than_the_drill_has_left(
    healthy: Repository, tmp_path: Path
) -> None:
    clock = DatedClock()
    kit = kit_for(tmp_path, clock=clock, progress=Course(restore=lambda: clock.move(3_598)))
    drill = drill_with(program("sleep", "3"), deadline="1h", rto="2h")
    result = run_drill(drill, target_of(healthy), kit)
    assert (result.verdict, result.reason) == ("error", "timed-out")


@pytest.mark.parametrize("field", ["rpo", "rto", "deadline"])
def test_a_drill_whose_bounds_have_no_fixed_length_is_an_error(
    healthy: Repository, tmp_path: Path, field: str
) -> None:
    drill = drill_with(**{field: "1mo"})
    result = run_drill(drill, target_of(healthy), kit_for(tmp_path))
    assert (result.verdict, result.reason) == ("error", "invalid-document")
    assert result.cleanup == "none"


def test_the_newest_that_is_dated_in_the_future_is_a_fail(
    repository: Repository, tmp_path: Path
) -> None:
    back_up(repository, at="2026-01-03 03:00:00")
    result = run_drill(drill_with(), target_of(repository), kit_for(tmp_path))
    assert (result.verdict, result.reason) == ("fail", "future")
    assert result.rpo == Objective(objective_seconds=3_600.0)


def test_an_empty_snapshot_is_a_fail_and_is_not_restored(
    repository: Repository, tmp_path: Path
) -> None:
    back_up_nothing(repository, tmp_path / "nothing", at="2026-01-02 03:30:00")
    course = Course()
    result = run_drill(drill_with(), target_of(repository), kit_for(tmp_path, progress=course))
    assert (result.verdict, result.reason) == ("fail", "empty")
    assert "restore" not in course.names
    assert result.cleanup == "cleaned"


def test_a_target_without_snapshots_is_a_fail(healthy: Repository, tmp_path: Path) -> None:
    target = target_of(healthy, tags=("nothing",))
    result = run_drill(drill_with(), target, kit_for(tmp_path))
    assert (result.verdict, result.reason, result.snapshot) == ("fail", "no-snapshots", None)


def test_an_older_snapshot_that_is_asked_for_is_old_on_purpose(
    repository: Repository, tmp_path: Path
) -> None:
    older = repository.snapshot_id
    back_up(repository, at="2026-02-02 03:00:00")
    kit = kit_for(tmp_path, clock=DatedClock(NOW + dt.timedelta(days=31)))
    result = run_drill(drill_with(), target_of(repository), kit, snapshot=older[:8])
    assert (result.verdict, result.snapshot) == ("pass", older)
    assert result.rpo.met is None
    assert (result.rpo.measured_seconds or 0) > 30 * 86_400


@pytest.mark.parametrize("wanted", ["0" * 64, "latest"])
def test_a_snapshot_that_is_not_among_the_target_s_is_an_error(
    healthy: Repository, tmp_path: Path, wanted: str
) -> None:
    result = run_drill(drill_with(), target_of(healthy), kit_for(tmp_path), snapshot=wanted)
    assert (result.verdict, result.reason) == ("error", "snapshot-unknown")


def test_a_snapshot_of_another_target_cannot_be_asked_for(
    healthy: Repository, tmp_path: Path
) -> None:
    target = target_of(healthy, hosts=("web1",))
    result = run_drill(drill_with(), target, kit_for(tmp_path), snapshot=healthy.snapshot_id)
    assert (result.verdict, result.reason) == ("error", "snapshot-unknown")


def test_without_room_nothing_is_restored(healthy: Repository, tmp_path: Path) -> None:
    course = Course()
    drill = drill_with(space_factor=1e15)
    result = run_drill(drill, target_of(healthy), kit_for(tmp_path, progress=course))
    assert (result.verdict, result.reason, result.files) == ("error", "no-space", 0)
    assert "restore" not in course.names


def test_a_damaged_backup_that_only_the_restore_finds_is_a_fail(
    repository: Repository, tmp_path: Path
) -> None:
    flip_bit(repository.pack(of="data"), at=200)
    result = run_drill(drill_with(), target_of(repository), kit_for(tmp_path))
    assert (result.verdict, result.reason) == ("fail", "pack-damaged")
    assert "file-count" not in verdicts(result.checks)
    assert result.rto == Objective(objective_seconds=3_600.0)
    assert result.cleanup == "cleaned"
    assert left_in(tmp_path) == []
    assert PASSWORD not in repr(result)


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ('$restic "$@" && find "$into" -name call-007.wav -delete', "incomplete"),
        (
            '$restic "$@" && find "$into" -name call-007.wav -exec truncate --size=+1 {} +',
            "incomplete",
        ),
        ("exit 0", "below-floor"),
    ],
    ids=["a file is missing", "a file has grown", "nothing came back"],
)
def test_less_or_other_than_the_snapshot_holds_is_a_fail_whatever_the_tool_says(
    healthy: Repository, tmp_path: Path, *, deed: str, reason: str
) -> None:
    kit = kit_for(tmp_path, environment=meddling_restic(tmp_path / "bin", on_restore=deed))
    drill = drill_with(CheckPlan(kind="command", arguments={"argv": ["true"]}))
    result = run_drill(drill, target_of(healthy), kit)
    assert verdicts(result.checks)["restore"] == "pass"
    assert (result.verdict, verdicts(result.checks)["file-count"]) == ("fail", reason)
    assert verdicts(result.checks)["content-proof"] in {"content-missing", "content-differs"}


def test_every_check_of_the_drill_is_run_and_one_fail_decides(
    healthy: Repository, tmp_path: Path
) -> None:
    too_many = CheckPlan(
        kind="sqlite", arguments={"path": "**/crm.sqlite", "tables": {"customers": 10_000}}
    )
    drill = drill_with(program("false"), too_many, ONE_DATABASE, program("true"))
    result = run_drill(drill, target_of(healthy), kit_for(tmp_path))
    assert [(each.name, each.verdict) for each in result.checks[4:-2]] == [
        ("content-proof", "pass"),
        ("file-count", "pass"),
        ("command", "fail"),
        ("sqlite", "fail"),
        ("sqlite", "pass"),
        ("command", "pass"),
    ]
    assert (result.verdict, result.reason) == ("fail", "unexpected-exit")


def test_a_check_with_bad_arguments_is_an_error_and_no_pass(
    healthy: Repository, tmp_path: Path
) -> None:
    drill = drill_with(CheckPlan(kind="sqlite", arguments={"path": "**/crm.sqlite"}))
    result = run_drill(drill, target_of(healthy), kit_for(tmp_path))
    assert (result.verdict, result.reason) == ("error", "bad-arguments")
    assert left_in(tmp_path) == []


def test_an_unreadable_snapshot_beside_the_newest_leaves_no_pass(
    repository: Repository, tmp_path: Path
) -> None:
    first = repository.snapshot_id
    back_up(repository, at="2026-01-02 03:20:00")
    flip_bit(repository.folder / "snapshots" / first, at=40)
    result = run_drill(drill_with(), target_of(repository), kit_for(tmp_path))
    assert (result.verdict, result.reason) == ("fail", "snapshot-damaged")
    assert verdicts(result.checks)["sqlite"] == "pass"


def test_a_target_that_cannot_be_used_makes_no_scratch(healthy: Repository, tmp_path: Path) -> None:
    target = target_of(healthy, repository=str(tmp_path / "nowhere"))
    result = run_drill(drill_with(), target, kit_for(tmp_path))
    assert (result.verdict, result.reason, result.cleanup) == (
        "fail",
        "repository-missing",
        "none",
    )
    assert not (tmp_path / "scratch").exists()


def test_a_repository_that_does_not_open_is_an_error_and_the_scratch_is_removed(
    healthy: Repository, tmp_path: Path
) -> None:
    target = target_of(healthy, password_file=None, password_command=("echo", "wrong"))
    result = run_drill(drill_with(), target, kit_for(tmp_path))
    assert (result.verdict, result.reason) == ("error", "wrong-password")
    assert result.cleanup == "cleaned"


def test_an_unknown_tool_is_an_error(healthy: Repository, tmp_path: Path) -> None:
    result = run_drill(drill_with(), target_of(healthy, tool="tape"), kit_for(tmp_path))
    assert (result.verdict, result.reason, result.cleanup) == ("error", "not-found", "none")


def test_a_scratch_folder_in_the_repository_is_refused_before_anything_is_written(
    repository: Repository,
) -> None:
    kit = kit_for(repository.folder, protected=(repository.folder,))
    result = run_drill(drill_with(), target_of(repository), kit)
    assert (result.verdict, result.reason, result.cleanup) == ("error", "refused", "none")
    assert not (repository.folder / "scratch").exists()
