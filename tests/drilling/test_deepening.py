from __future__ import annotations

import datetime as dt
from hashlib import shake_256
from pathlib import Path

import msgspec
import pytest

from ccir.domain.drills import CheckPlan, Verification
from ccir.drilling.drill import run_drill
from support.contents import write_files
from support.drills import (
    NOW,
    ONE_DATABASE,
    DatedClock,
    kit_for,
    left_in,
    program,
    target_of,
    verdicts,
)
from support.restic_answers import answering_restic, quick_restic
from support.restic_repository import (
    FILES,
    TAKEN_AT,
    Repository,
    back_up,
    empty_repository,
)
from support.rotation import (
    STREAM,
    Rotation,
    id_of,
    next_snapshot,
    patient,
    quick,
    told,
)


def test_older_snapshots_are_taken_in_turn_until_all_were_visited(
    own: Repository, tmp_path: Path
) -> None:
    for day in range(1, 4):
        next_snapshot(own, tmp_path, day=day)
    rotation = Rotation(patient(own), tmp_path)
    rotation.now = NOW + dt.timedelta(days=4)
    drill = quick(select="newest-and-older")
    results = [rotation.play(drill) for _ in range(4)]
    assert {told(result) for result in results} == {("pass", "")}
    newest = id_of(own, at=3)
    assert {result.snapshot for result in results} == {newest}
    assert [result.older for result in results] == [id_of(own, at=n) for n in (2, 1, 0, 2)]
    coverages = [result.coverage for result in results if result.coverage is not None]
    assert [each.snapshots_visited for each in coverages] == [2, 3, 4, 4]
    assert {each.snapshots for each in coverages} == {4}
    assert verdicts(results[2].checks)["older content-proof"] == "pass"
    assert results[2].files == 1, "of the newest only"


@pytest.mark.parametrize("mode", ["stream", "sample"])
def test_older_snapshots_are_taken_in_every_mode(
    own: Repository, tmp_path: Path, mode: str
) -> None:
    next_snapshot(own, tmp_path, day=1)
    rotation = Rotation(patient(own), tmp_path)
    rotation.now = NOW + dt.timedelta(days=2)
    result = rotation.play(quick(select="newest-and-older", mode=mode))
    assert (told(result), result.older) == (("pass", ""), id_of(own, at=0))


def test_a_drill_that_selects_the_newest_takes_no_older(own: Repository, tmp_path: Path) -> None:
    next_snapshot(own, tmp_path, day=1)
    rotation = Rotation(patient(own), tmp_path)
    rotation.now = NOW + dt.timedelta(days=2)
    assert rotation.play(quick()).older is None


def test_a_drill_that_is_played_for_its_own_sake_takes_no_older(
    own: Repository, tmp_path: Path
) -> None:
    next_snapshot(own, tmp_path, day=1)
    kit = kit_for(tmp_path, clock=DatedClock(NOW + dt.timedelta(days=2)))
    drill = quick(select="newest-and-older")
    assert run_drill(drill, patient(own), kit).older is None
    asked = msgspec.structs.replace(kit, past=())
    first = id_of(own, at=0)
    assert run_drill(drill, patient(own), asked, snapshot=first).older is None
    assert run_drill(drill, patient(own), asked).older == first


def test_an_older_snapshot_that_is_bad_is_a_fail_and_is_told_apart(
    own: Repository, tmp_path: Path
) -> None:
    next_snapshot(own, tmp_path, day=1)
    rotation = Rotation(patient(own), tmp_path)
    rotation.now = NOW + dt.timedelta(days=2)
    too_many = CheckPlan(kind="file-count", arguments={"minimum_files": 1, "minimum_bytes": 2_000})
    result = rotation.play(quick(too_many, select="newest-and-older"))
    assert (result.verdict, result.validated) == ("fail", "fail")
    found = verdicts(result.checks)
    assert (found["file-count"], found["older file-count"]) == ("below-floor", "pass")


def test_parts_of_the_data_are_read_in_turn(healthy: Repository, tmp_path: Path) -> None:
    rotation = Rotation(patient(healthy), tmp_path)
    drill = quick(verify=Verification(structure=False, data_parts=3))
    details = [
        next(each.detail for each in rotation.play(drill).checks if each.name == "data")
        for _ in range(4)
    ]
    assert details == [f"the data ({part}/3) is whole" for part in (1, 2, 3, 1)]


def test_a_drill_that_proves_everything_covers_everything(
    healthy: Repository, tmp_path: Path
) -> None:
    rotation = Rotation(patient(healthy), tmp_path)
    coverage = rotation.play(STREAM).coverage
    assert coverage is not None
    assert (coverage.files, coverage.verified_files) == (FILES, FILES)
    assert coverage.runs_until_full == 0
    unproven = Rotation(patient(healthy), tmp_path / "other")
    drill = quick(verify=Verification(content=False, structure=False))
    assert unproven.play(drill).coverage is None


def test_what_rewrites_half_of_the_files_is_told(own: Repository, tmp_path: Path) -> None:
    rotation = Rotation(patient(own), tmp_path)
    quiet = [rotation.play(STREAM) for _ in range(4)]
    assert {told(result) for result in quiet} == {("pass", "")}
    for number, file in enumerate(sorted(own.source.rglob("*.wav"))):
        copy = tmp_path / "source" / f"{number}.wav"
        copy.parent.mkdir(exist_ok=True)
        octets = file.read_bytes()
        copy.write_bytes(octets if number % 10 < 4 else shake_256(octets).digest(len(octets)))
    later = msgspec.structs.replace(own, source=tmp_path / "source")
    back_up(later, at="2026-01-06 01:00:00")
    assert told(rotation.play(STREAM)) == ("fail", "changed-too-much")


def test_damage_is_made_every_so_many_drills_and_recorded(
    healthy: Repository, tmp_path: Path
) -> None:
    environment = quick_restic(tmp_path / "bin")
    rotation = Rotation(patient(healthy), tmp_path, environment=environment)
    drill = quick(ONE_DATABASE, control_every=2)
    results = [rotation.play(drill) for _ in range(3)]
    assert [result.control for result in results] == [None, "pass", None]
    assert verdicts(results[1].checks)["control"] == "pass"
    assert left_in(tmp_path) == []


def test_a_drill_that_is_played_for_its_own_sake_makes_no_damage(
    healthy: Repository, tmp_path: Path
) -> None:
    result = run_drill(quick(control_every=1), target_of(healthy), kit_for(tmp_path))
    assert result.control is None


def test_a_drill_that_cannot_fail_is_an_error_whatever_else_it_found(tmp_path: Path) -> None:
    repository = empty_repository(tmp_path / "made")
    letters = {f"{number}.txt": b"x" for number in range(50)}  # noise of one byte is text, too
    write_files(repository.source, letters)
    back_up(repository, at=TAKEN_AT)
    toothless = CheckPlan(kind="content", arguments={"maximum_mismatch_share": 0.99})
    environment = quick_restic(tmp_path / "bin")
    rotation = Rotation(patient(repository), tmp_path, environment=environment)
    result = rotation.play(quick(toothless, control_every=1))
    assert (told(result), result.control) == (("error", "cannot-fail"), "error")
    assert (result.restored, result.validated) == ("pass", "pass")
    seen = verdicts(result.checks)
    assert {name for name, verdict in seen.items() if verdict != "pass"} == {"control"}


def test_damage_that_cannot_be_made_is_an_error_and_is_tried_again(
    healthy: Repository, tmp_path: Path
) -> None:
    environment = answering_restic(tmp_path / "bin", {"init": "exit 1"})
    rotation = Rotation(patient(healthy), tmp_path, environment=environment)
    results = [rotation.play(quick(control_every=2)) for _ in range(3)]
    assert [result.control for result in results] == [None, "error", "error"]
    assert told(results[1]) == ("error", "unavailable")
    assert "no repository to practise on" in results[1].detail


def test_damage_is_not_made_where_nothing_came_back_whole(
    healthy: Repository, tmp_path: Path
) -> None:
    rotation = Rotation(patient(healthy), tmp_path)
    result = rotation.play(quick(program("false"), control_every=1))
    assert (result.verdict, result.control) == ("fail", None)
