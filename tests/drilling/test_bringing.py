from __future__ import annotations

import os
import time
from pathlib import Path
from threading import Event, Thread
from typing import Self

import pytest

from ccir.domain.drills import Bucket, Ceiling, CheckPlan, Drill, Proven, Verification
from ccir.drilling import bringing
from ccir.drilling.drill import run_drill
from support.damage import flip_bit
from support.drills import (
    ONE_DATABASE,
    Course,
    kit_for,
    left_in,
    meddling_restic,
    program,
    target_of,
    verdicts,
)
from support.restic_repository import (
    FILES,
    Repository,
)
from support.rotation import (
    MANY,
    SAMPLE,
    STREAM,
    Rotation,
    patient,
    quick,
    told,
)


def test_a_full_drill_proves_every_file_and_times_its_phases(
    healthy: Repository, tmp_path: Path
) -> None:
    drill = quick(ONE_DATABASE, verify=Verification(data_parts=2))
    result = run_drill(drill, target_of(healthy), kit_for(tmp_path))
    assert told(result) == ("pass", "")
    assert (result.mode, result.level, result.bucket) == ("full", "L6", None)
    assert (result.restored, result.validated) == ("pass", "pass")
    assert result.proven == Proven(files=FILES, bytes=result.bytes)
    assert [phase.name for phase in result.phases] == ["locate", "restore", "validate", "check"]
    assert all(phase.seconds > 0 for phase in result.phases)
    assert result.tool.startswith("restic ")
    assert verdicts(result.checks)["data"] == "pass"
    assert (result.coverage, result.control, result.older) == (None, None, None)


@pytest.mark.parametrize(
    ("drill", "level"),
    [
        (quick(), "L4"),
        (quick(verify=Verification(content=False, structure=False)), "L3"),
        (quick(verify=Verification(content=False)), "L3"),
        (quick(program("true")), "L6"),
        (STREAM, "L4"),
        (SAMPLE, "L4"),
    ],
)
def test_the_level_is_what_was_proven(
    healthy: Repository, tmp_path: Path, *, drill: Drill, level: str
) -> None:
    assert run_drill(drill, target_of(healthy), kit_for(tmp_path)).level == level


def test_what_came_back_and_what_was_asserted_are_judged_apart(
    healthy: Repository, repository: Repository, tmp_path: Path
) -> None:
    wrong = run_drill(quick(program("false")), target_of(healthy), kit_for(tmp_path))
    assert (wrong.restored, wrong.validated, wrong.verdict) == ("pass", "fail", "fail")
    unclear = run_drill(quick(program("nowhere")), target_of(healthy), kit_for(tmp_path))
    assert (unclear.restored, unclear.validated) == ("pass", "error")
    flip_bit(repository.pack(of="data"), at=200)
    damaged = run_drill(quick(), target_of(repository), kit_for(tmp_path))
    assert (damaged.restored, damaged.validated, damaged.proven) == ("fail", None, None)


def test_without_a_proof_of_content_nothing_is_proven(healthy: Repository, tmp_path: Path) -> None:
    drill = quick(verify=Verification(content=False, structure=False))
    result = run_drill(drill, target_of(healthy), kit_for(tmp_path))
    assert (told(result), result.proven) == (("pass", ""), None)
    assert "content-proof" not in verdicts(result.checks)


def test_one_changed_byte_among_what_came_back_is_a_fail(
    healthy: Repository, tmp_path: Path
) -> None:
    deed = (
        '$restic "$@" && find "$into" -name call-007.wav '
        "-exec sh -c 'printf X | dd of=$0 bs=1 seek=999 conv=notrunc 2>/dev/null' {} ';'"
    )
    kit = kit_for(tmp_path, environment=meddling_restic(tmp_path / "bin", on_restore=deed))
    result = run_drill(quick(), target_of(healthy), kit)
    assert told(result) == ("fail", "content-differs")
    assert verdicts(result.checks)["file-count"] == "pass", "counts and sizes are right"
    assert result.proven is not None
    assert result.proven.files == FILES - 1


class Watching(Thread):
    """Looks again and again what lies below a folder, until it is told to end."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder = folder
        self.seen: set[str] = set()
        self.looks = 0
        self._ends = Event()

    def run(self) -> None:
        while not self._ends.is_set():
            for root, _folders, names in os.walk(self.folder):
                self.seen |= {name for name in names if Path(root, name).is_file()}
            self.looks += 1
            time.sleep(0.001)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self.join()


def test_a_stream_proves_every_file_and_writes_none(healthy: Repository, tmp_path: Path) -> None:
    course = Course()
    with Watching(tmp_path) as watching:
        result = run_drill(STREAM, target_of(healthy), kit_for(tmp_path, progress=course))
    assert told(result) == ("pass", "")
    assert (result.restored, result.validated, result.files) == ("pass", "pass", FILES)
    assert result.proven == Proven(files=FILES, bytes=result.bytes)
    assert result.rto.measured_seconds is None
    assert watching.looks > 10
    assert all(name.endswith(".pid") for name in watching.seen), "only the mark of the drill"
    assert "compare content" not in course.names
    assert left_in(tmp_path) == []


def test_a_full_drill_is_seen_writing_where_a_stream_is_not(
    healthy: Repository, tmp_path: Path
) -> None:
    with Watching(tmp_path) as watching:
        run_drill(quick(program("sleep", "0.2")), target_of(healthy), kit_for(tmp_path))
    assert "crm.sqlite" in watching.seen


def test_a_stream_needs_no_room_and_has_no_ceiling(healthy: Repository, tmp_path: Path) -> None:
    drill = quick(mode="stream", space_factor=1e15, ceiling=Ceiling(files=1, bytes=1))
    assert told(run_drill(drill, target_of(healthy), kit_for(tmp_path))) == ("pass", "")


def test_a_stream_over_damage_is_a_fail(repository: Repository, tmp_path: Path) -> None:
    flip_bit(repository.pack(of="data"), at=200)
    result = run_drill(STREAM, target_of(repository), kit_for(tmp_path))
    assert told(result) == ("fail", "pack-damaged")
    assert result.validated is None


def test_as_many_samples_as_there_are_buckets_cover_everything_exactly(
    many: Repository, tmp_path: Path
) -> None:
    rotation = Rotation(patient(many), tmp_path)
    results = [rotation.play(SAMPLE) for _ in range(10)]
    assert {told(result) for result in results} == {("pass", "")}
    assert [result.bucket for result in results] == [Bucket(number=n, of=10) for n in range(10)]
    coverages = [result.coverage for result in results if result.coverage is not None]
    assert [each.runs_until_full for each in coverages] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    verified = [each.verified_files for each in coverages]
    assert verified == sorted(verified)
    assert all(each.files == MANY for each in coverages)
    last = coverages[-1]
    assert (last.verified_files, last.verified_bytes) == (MANY, last.bytes)
    assert verified[-2] < MANY
    assert last.oldest_unverified_seconds is None
    assert coverages[3].oldest_unverified_seconds == 3 * 86_400.0
    assert (last.snapshots, last.snapshots_visited) == (1, 1)
    assert all(result.files < MANY / 2 for result in results)
    again = rotation.play(SAMPLE)
    assert again.bucket == Bucket(number=0, of=10)
    assert again.coverage is not None
    assert again.coverage.runs_until_full == 0


def test_a_sample_measures_no_recovery_time(many: Repository, tmp_path: Path) -> None:
    result = Rotation(target_of(many, rto_seconds=0.001), tmp_path).play(SAMPLE)
    assert told(result) == ("pass", "")
    assert (result.rto.measured_seconds, result.rto.met) == (None, None)
    assert "rto" not in verdicts(result.checks)


def test_a_sample_that_was_cut_off_has_its_turn_again(many: Repository, tmp_path: Path) -> None:
    environment = meddling_restic(tmp_path / "bin", on_restore="exit 12")
    broken = Rotation(patient(many), tmp_path, environment=environment)
    assert told(broken.play(SAMPLE)) == ("error", "wrong-password")
    assert broken.play(SAMPLE).bucket == Bucket(number=0, of=10)


def test_floors_are_held_against_the_snapshot_that_a_sample_is_of(
    many: Repository, tmp_path: Path
) -> None:
    held = CheckPlan(kind="file-count", arguments={"minimum_files": MANY})
    more = CheckPlan(kind="file-count", arguments={"minimum_files": MANY + 1})
    rotation = Rotation(patient(many), tmp_path)
    assert told(rotation.play(quick(held, mode="sample"))) == ("pass", "")
    assert told(rotation.play(quick(more, mode="sample"))) == ("fail", "below-floor")


def test_a_sample_holds_what_its_checks_need(healthy: Repository, tmp_path: Path) -> None:
    rotation = Rotation(patient(healthy), tmp_path)
    drill = quick(ONE_DATABASE, mode="sample", buckets=25)
    assert [told(rotation.play(drill)) for _ in range(3)] == [("pass", "")] * 3


def test_a_file_of_a_sample_that_is_missing_or_wrong_is_a_fail(
    many: Repository, tmp_path: Path
) -> None:
    deed = '$restic "$@" && find "$into" -name "*.wav" | head -1 | xargs truncate --size=5'
    environment = meddling_restic(tmp_path / "bin", on_restore=deed)
    result = Rotation(patient(many), tmp_path, environment=environment).play(SAMPLE)
    assert told(result) == ("fail", "content-differs")
    assert result.coverage is not None
    assert result.coverage.verified_files == result.files - 1


def test_a_sample_of_more_files_than_can_be_named_is_an_error(
    many: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "MOST_FILES", 3)
    course = Course()
    result = run_drill(SAMPLE, target_of(many), kit_for(tmp_path, progress=course))
    assert told(result) == ("error", "sample-too-large")
    assert "restore" not in course.names


@pytest.mark.parametrize("ceiling", [Ceiling(files=FILES), Ceiling(bytes=10_000_000), Ceiling()])
def test_what_is_not_above_the_ceiling_is_restored(
    healthy: Repository, tmp_path: Path, ceiling: Ceiling
) -> None:
    assert run_drill(quick(ceiling=ceiling), target_of(healthy), kit_for(tmp_path)).files == FILES


@pytest.mark.parametrize(
    ("ceiling", "words"),
    [
        (Ceiling(files=FILES - 1), "the ceiling is 24 files"),
        (Ceiling(bytes=1_000), "the ceiling is 1000 bytes"),
        (Ceiling(bytes=1_000, files=9), "the ceiling is 1000 bytes and 9 files"),
    ],
)
def test_what_is_above_the_ceiling_is_not_restored(
    healthy: Repository, tmp_path: Path, *, ceiling: Ceiling, words: str
) -> None:
    course = Course()
    kit = kit_for(tmp_path, progress=course)
    result = run_drill(quick(ceiling=ceiling), target_of(healthy), kit)
    assert told(result) == ("error", "above-ceiling")
    assert words in result.detail
    assert "restore" not in course.names
    assert (result.files, result.restored) == (0, None)


def test_a_ceiling_is_held_against_the_sample_and_not_the_snapshot(
    many: Repository, tmp_path: Path
) -> None:
    low = quick(mode="sample", ceiling=Ceiling(files=MANY // 2))
    assert told(run_drill(low, target_of(many), kit_for(tmp_path))) == ("pass", "")
