from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from ccir.domain.canary import FILE_NAME, NONCE_BYTES, encode, new_canary
from ccir.domain.drills import CheckPlan, Drill, Verification
from ccir.drilling.drill import run_drill
from ccir.drilling.interface import DrillKit
from support.drills import (
    NOW,
    ONE_DATABASE,
    Course,
    DatedClock,
    kit_for,
    left_in,
    meddling_restic,
    program,
    target_of,
    verdicts,
)
from support.restic_answers import quick_restic
from support.restic_repository import (
    TAKEN_AT,
    Repository,
    back_up,
    empty_repository,
)
from support.rotation import (
    CANARY,
    Rotation,
    next_snapshot,
    patient,
    quick,
    told,
)


def with_canary(folder: Path, *, written: dt.datetime) -> Repository:
    repository = empty_repository(folder)
    repository.source.mkdir()
    canary = encode(new_canary(bytes(NONCE_BYTES), at=written))
    (repository.source / FILE_NAME).write_bytes(canary)
    back_up(repository, at=TAKEN_AT)
    return repository


@pytest.mark.parametrize(("rpo", "verdict"), [("1d", "fail"), ("5d", "pass")])
def test_the_canary_s_age_is_held_against_the_rpo(
    tmp_path: Path, *, rpo: str, verdict: str
) -> None:
    repository = with_canary(tmp_path / "made", written=NOW - dt.timedelta(days=2))
    result = run_drill(quick(CANARY, rpo=rpo), target_of(repository), kit_for(tmp_path))
    assert told(result) == (verdict, "data-old" if verdict == "fail" else "")
    assert result.data_age_seconds == 2 * 86_400.0
    assert result.rpo.met is True, "the snapshot itself is young"


def test_the_canary_is_in_every_sample_and_none_is_no_age(
    healthy: Repository, tmp_path: Path
) -> None:
    repository = with_canary(tmp_path / "made", written=NOW - dt.timedelta(hours=2))
    result = run_drill(quick(CANARY, mode="sample"), patient(repository), kit_for(tmp_path))
    assert (told(result), result.data_age_seconds) == (("pass", ""), 7_200.0)
    assert run_drill(quick(), patient(healthy), kit_for(tmp_path)).data_age_seconds is None


def test_what_a_failed_drill_restored_is_kept_until_its_time_is_over(
    healthy: Repository, tmp_path: Path
) -> None:
    rotation = Rotation(patient(healthy), tmp_path)
    failing = quick(program("false"), keep_on_fail="2d")
    result = rotation.play(failing)
    assert (result.verdict, result.cleanup) == ("fail", "kept")
    assert result.kept_until == NOW + dt.timedelta(days=2)
    kept = left_in(tmp_path)
    assert len(kept) == 2
    assert [*(tmp_path / "scratch").rglob("crm.sqlite")] != []
    assert rotation.play(quick()).cleanup == "cleaned"
    assert sorted(left_in(tmp_path)) == sorted(kept), "a day later they stand"
    rotation.play(quick())
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    "drill",
    [
        quick(keep_on_fail="2d"),
        quick(program("nowhere"), keep_on_fail="2d"),
        quick(program("false")),
        quick(CheckPlan(kind="file-count", arguments={"minimum_files": 999}), mode="stream"),
    ],
    ids=["a pass", "an error", "nothing asks for it", "a stream"],
)
def test_nothing_else_is_kept(healthy: Repository, tmp_path: Path, drill: Drill) -> None:
    result = run_drill(drill, target_of(healthy), kit_for(tmp_path))
    assert (result.cleanup, result.kept_until, left_in(tmp_path)) == ("cleaned", None, [])


def test_a_failed_drill_that_keeps_its_files_takes_no_older_snapshot_over_them(
    own: Repository, tmp_path: Path
) -> None:
    next_snapshot(own, tmp_path, day=1, name="newest-file")
    rotation = Rotation(patient(own), tmp_path)
    rotation.now = NOW + dt.timedelta(days=2)
    drill = quick(program("false"), keep_on_fail="2d", select="newest-and-older")
    result = rotation.play(drill)
    assert (result.cleanup, result.older) == ("kept", None)
    assert [*(tmp_path / "scratch").rglob("newest-file")] != []


def test_what_cannot_be_marked_is_not_kept(healthy: Repository, tmp_path: Path) -> None:
    """The mark is what has it removed one day: without one, customers' data would lie for ever."""

    def spoil() -> None:
        (mark,) = (tmp_path / "scratch").glob("drill-*.pid")
        mark.unlink()
        mark.mkdir()

    kit = kit_for(tmp_path, progress=Course(check_command=spoil))
    result = run_drill(quick(program("false"), keep_on_fail="2d"), target_of(healthy), kit)
    assert (result.verdict, result.cleanup, result.kept_until) == ("fail", "cleaned", None)
    assert [*(tmp_path / "scratch").rglob("crm.sqlite")] == []


def test_niceness_reaches_the_tool(healthy: Repository, tmp_path: Path) -> None:
    deed = f'sleep 0.1; ps -o ni= -p $$ > {tmp_path}/nice; exec $restic "$@"'
    environment = meddling_restic(tmp_path / "bin", on_restore=deed)
    kit = kit_for(tmp_path, environment=environment)
    run_drill(quick(nice=7), target_of(healthy), kit)
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert int((tmp_path / "nice").read_text(encoding="ascii")) == min(19, own + 7)


def test_a_deadline_in_the_midst_of_comparing_is_no_verdict(
    many: Repository, tmp_path: Path
) -> None:
    clock = DatedClock()
    kit = kit_for(tmp_path, clock=clock, progress=Course(compare_content=lambda: clock.move(3_601)))
    result = run_drill(quick(deadline="1h"), target_of(many, rto_seconds=None), kit)
    assert verdicts(result.checks)["content-proof"] == "timed-out"
    assert result.verdict == "error"
    assert left_in(tmp_path) == []


def test_a_drill_that_is_cancelled_while_it_compares_is_no_verdict(
    many: Repository, tmp_path: Path
) -> None:
    course = Course()
    kit: DrillKit = kit_for(
        tmp_path, progress=course, is_cancelled=lambda: "compare content" in course.names
    )
    result = run_drill(quick(), target_of(many), kit)
    assert verdicts(result.checks)["content-proof"] == "cancelled"
    assert (result.verdict, result.cleanup) == ("error", "cleaned")


@pytest.mark.parametrize("stage", ["restore", "compare content", "make damage", "check repository"])
def test_ctrl_c_leaves_nothing(healthy: Repository, tmp_path: Path, stage: str) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    environment = quick_restic(tmp_path / "bin")
    course = Course(**{stage: interrupt})
    kit = kit_for(tmp_path, progress=course, past=(), environment=environment)
    drill = quick(ONE_DATABASE, control_every=1, verify=Verification())
    with pytest.raises(KeyboardInterrupt):
        run_drill(drill, target_of(healthy), kit)
    assert left_in(tmp_path) == []
