from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from ccir.domain.drills import CheckPlan
from ccir.drilling.clean import seek_clean
from support.drills import drill_with, kit_for, left_in, target_of
from support.restic_repository import Repository, back_up, empty_repository, write_source

PLAN = drill_with(checks=(CheckPlan(kind="file-count"),))
NIGHTS = ("2026-01-01 01:00:00", "2026-01-01 02:00:00", "2026-01-01 03:00:00")


@pytest.fixture
def struck(tmp_path: Path) -> Repository:
    """A repository whose two newest snapshots were taken after most files were encrypted."""
    made = empty_repository(tmp_path / "made")
    write_source(made.source)
    recordings = sorted((made.source / "recordings").iterdir())
    for number, file in enumerate(recordings):
        file.write_bytes(b"RIFF\0\0\0\0WAVEfmt " + bytes([number]) * 2_000)
    back_up(made, at=NIGHTS[0])
    for file in recordings[1:]:
        file.write_bytes(file.read_bytes()[::-1])
    back_up(made, at=NIGHTS[1])
    back_up(made, at=NIGHTS[2])
    return made


def test_the_newest_snapshot_from_before_the_encryption_is_found(
    struck: Repository, tmp_path: Path
) -> None:
    found = seek_clean(PLAN, target_of(struck), kit_for(tmp_path), limit=10)
    assert (found.verdict, found.reason) == ("pass", "")
    assert [each.verdict for each in found.examined] == ["fail", "fail", "pass"]
    assert found.clean == found.examined[-1]
    assert found.clean is not None
    assert found.clean.taken_at.isoformat().startswith("2026-01-01T01:00:00")
    assert found.lost_seconds == 7_200.0
    assert left_in(tmp_path) == []


def test_a_search_that_is_cut_short_finds_none(struck: Repository, tmp_path: Path) -> None:
    found = seek_clean(PLAN, target_of(struck), kit_for(tmp_path), limit=2)
    assert (found.verdict, found.reason, found.clean) == ("fail", "no-clean-snapshot", None)
    assert len(found.examined) == 2
    assert found.lost_seconds is None
    assert "--limit" in found.hint


def test_the_checks_of_a_drill_count_too(struck: Repository, tmp_path: Path) -> None:
    floor = CheckPlan(kind="file-count", arguments={"minimum_files": 1_000_000})
    plan = drill_with(checks=(floor,))
    found = seek_clean(plan, target_of(struck), kit_for(tmp_path), limit=10)
    assert found.reason == "no-clean-snapshot"
    assert {each.verdict for each in found.examined} == {"fail"}


def test_a_snapshot_from_the_future_is_passed_over(struck: Repository, tmp_path: Path) -> None:
    back_up(struck, at="2031-01-01 03:00:00")
    found = seek_clean(PLAN, target_of(struck), kit_for(tmp_path), limit=10)
    assert found.lost_seconds == 7_200.0


def test_no_objective_is_held_against_what_is_old(struck: Repository, tmp_path: Path) -> None:
    target = msgspec.structs.replace(target_of(struck), rpo_seconds=1.0, rto_seconds=0.001)
    assert seek_clean(PLAN, target, kit_for(tmp_path), limit=10).verdict == "pass"


def test_without_a_snapshot_there_is_none(tmp_path: Path) -> None:
    empty = empty_repository(tmp_path / "empty")
    found = seek_clean(PLAN, target_of(empty), kit_for(tmp_path), limit=10)
    assert (found.verdict, found.reason) == ("fail", "no-snapshots")


def test_a_repository_that_cannot_be_opened_is_told(struck: Repository, tmp_path: Path) -> None:
    shutil.rmtree(struck.folder / "keys")
    found = seek_clean(PLAN, target_of(struck), kit_for(tmp_path), limit=10)
    assert found.verdict != "pass"
    assert found.reason
    assert found.examined == ()
