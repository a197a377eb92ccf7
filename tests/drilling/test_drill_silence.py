from __future__ import annotations

import datetime as dt
from hashlib import shake_256
from pathlib import Path

import pytest

from ccir.domain.drills import CheckPlan
from ccir.drilling.drill import run_drill
from support.drills import (
    NOW,
    back_up_nothing,
    kit_for,
    meddling_restic,
    target_of,
    verdicts,
)
from support.restic_repository import (
    Repository,
    back_up,
    clean_repository,
    restic,
)
from support.rotation import (
    Rotation,
    id_of,
    next_snapshot,
    patient,
    quick,
    told,
)


@pytest.fixture(params=["full", "stream", "sample"])
def mode(request: pytest.FixtureRequest) -> str:
    """Each mode: what restic passes over in silence, no drill may."""
    return str(request.param)


def test_the_newest_snapshot_that_was_deleted_is_missed(
    own: Repository, tmp_path: Path, mode: str
) -> None:
    next_snapshot(own, tmp_path, day=1)
    rotation = Rotation(patient(own), tmp_path)
    rotation.now = NOW + dt.timedelta(days=2)
    drill = quick(mode=mode)
    assert rotation.play(drill, days=0.1).verdict == "pass"
    restic(own, "forget", id_of(own, at=1))
    assert told(rotation.play(drill)) == ("fail", "snapshot-vanished")


def test_a_repository_without_snapshots_is_a_fail(
    own: Repository, tmp_path: Path, mode: str
) -> None:
    restic(own, "forget", id_of(own, at=0))
    result = run_drill(quick(mode=mode), target_of(own), kit_for(tmp_path))
    assert (told(result), result.files) == (("fail", "no-snapshots"), 0)


def test_an_empty_snapshot_from_the_future_is_a_fail(
    own: Repository, tmp_path: Path, mode: str
) -> None:
    back_up_nothing(own, tmp_path / "nothing", at="2026-02-02 03:30:00")
    result = run_drill(quick(mode=mode), target_of(own), kit_for(tmp_path))
    assert told(result)[0] == "fail"
    assert {"future", "empty"} <= {*verdicts(result.checks).values()}


def test_a_restore_that_restores_nothing_is_a_fail(
    many: Repository, tmp_path: Path, mode: str
) -> None:
    environment = meddling_restic(tmp_path / "bin", on_restore="exit 0")
    if mode == "stream":
        script = tmp_path / "bin" / "restic"
        text = script.read_text(encoding="utf-8").replace('*" restore "*', '*" dump "*')
        script.write_text(text, encoding="utf-8")
    result = run_drill(
        quick(mode=mode), target_of(many), kit_for(tmp_path, environment=environment)
    )
    assert result.verdict in {"fail", "error"}
    assert result.files == 0
    assert result.level < "L3" or result.verdict == "fail"


def test_files_that_were_encrypted_before_the_backup_are_a_fail(tmp_path: Path) -> None:
    repository = clean_repository(tmp_path / "clean")
    recordings = sorted((repository.source / "recordings").iterdir())
    for file in recordings[: len(recordings) * 6 // 10]:
        file.write_bytes(shake_256(file.name.encode()).digest(file.stat().st_size))
    back_up(repository, at="2026-01-02 03:20:00")
    content = CheckPlan(kind="content", arguments={"minimum_files": 2})
    result = run_drill(quick(content), target_of(repository), kit_for(tmp_path))
    assert told(result) == ("fail", "content-mismatch")
    assert verdicts(result.checks)["content-proof"] == "pass", "the backup itself is whole"
