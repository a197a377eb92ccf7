from __future__ import annotations

import msgspec
import pytest

from ccir.domain.events import AnyEvent, CleanSnapshotSought, DrillCited
from ccir.domain.outcomes import Objective, measured
from ccir.reports.backups import BackupReport
from support.drill_course import drilled
from support.full_run import checked, restored
from support.told_run import START, ToldRun


def _told(event: AnyEvent) -> BackupReport:
    told = ToldRun()
    told.add(event, at=10, later=20)
    [backup] = told.report().backups
    return backup


def test_a_verification_tells_verdict_age_and_checks() -> None:
    backup = _told(checked())
    assert (backup.kind, backup.target, backup.what) == ("check", "crm", "Backup of crm verified")
    assert (backup.verdict, backup.reason) == ("fail", "repository-damaged")
    assert (backup.rpo, backup.rpo_missed) == ("1 d 1 h of 1 d, MISSED", True)
    assert (backup.rto, backup.rto_missed, backup.restored) == ("", False, "")
    assert [check.detail for check in backup.checks] == ["pack 3f is missing"]
    assert (backup.step, backup.at.later) == ("cut-off", "entered 20 min later")


def test_a_drill_tells_both_objectives_and_what_came_back() -> None:
    backup = _told(drilled())
    assert backup.what == "Drill customer-records: crm restored into scratch"
    assert (backup.rpo, backup.rpo_missed) == ("1 h of 1 d, met", False)
    assert (backup.rto, backup.rto_missed) == ("16 min 40 s of 15 min, MISSED", True)
    assert (backup.restored, backup.cleanup) == ("61 files, 1,456,624 bytes", "cleaned")
    assert backup.rto_measured == measured(1_000, against=900)


def test_a_restore_tells_where_to_and_how_long_it_took() -> None:
    backup = _told(restored())
    assert backup.what == "crm restored to recovered/crm"
    assert (backup.rto, backup.rto_missed) == ("1 min 35 s, no objective set", False)
    assert (backup.rpo, backup.snapshot, backup.step, backup.cleanup) == ("", "", "", "")


@pytest.mark.parametrize(
    ("age", "words", "missed"),
    [
        (None, "", False),
        (0, "0 s of 1 d, met", False),
        (-7_200, "the snapshot is dated 2 h in the future", True),
    ],
)
def test_an_age_is_told_as_it_was_measured(age: float | None, words: str, *, missed: bool) -> None:
    backup = _told(msgspec.structs.replace(checked(), age_seconds=age))
    assert (backup.rpo, backup.rpo_missed) == (words, missed)


def test_a_drill_that_was_not_restored_whole_has_no_rto() -> None:
    stream = _told(msgspec.structs.replace(drilled(), mode="stream"))
    assert stream.what == "Drill customer-records: crm read, not restored"
    assert stream.rto == "16 min 40 s of 15 min, MISSED (read, not restored: no RTO)"
    sample = _told(msgspec.structs.replace(drilled(), mode="sample", rto=Objective()))
    assert sample.what == "Drill customer-records: crm restored in part into scratch"
    assert sample.rto == ""
    assert sample.drill is not None
    assert sample.drill.mode == "sample"


def test_a_drill_named_as_proof_tells_its_run_and_hash() -> None:
    event = DrillCited(
        run="DR-2026-0007",
        seq=4,
        hash="3e" * 32,
        drill="nightly",
        target="crm",
        verdict="fail",
        reason="rpo-exceeded",
        snapshot="1690ffe7" * 8,
        finished_at=START,
    )
    backup = _told(event)
    assert (backup.kind, backup.target) == ("citation", "crm")
    assert backup.what == "Drill nightly of DR-2026-0007 named as proof for crm"
    assert (backup.verdict, backup.reason, backup.step) == ("fail", "rpo-exceeded", "")
    assert backup.cited is not None
    assert (backup.cited.run, backup.cited.event, backup.cited.hash) == (
        "DR-2026-0007",
        4,
        "3e" * 32,
    )
    assert backup.cited.finished.shown == "2026-01-02 09:00 CET (08:00 UTC)"
    assert (backup.drill, backup.checks, backup.restored) == (None, (), "")


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (90_000.0, "3 snapshots looked at; 1 d 1 h would be lost by going back to it"),
        (0.0, "3 snapshots looked at; nothing would be lost by going back to it"),
        (None, "3 snapshots looked at, none of them clean"),
    ],
)
def test_a_search_for_a_clean_snapshot_tells_what_would_be_lost(
    lost: float | None, words: str
) -> None:
    event = CleanSnapshotSought(
        target="crm",
        verdict="fail" if lost is None else "pass",
        reason="no-clean-snapshot" if lost is None else "",
        snapshot=None if lost is None else "1690ffe7" * 8,
        taken_at=None if lost is None else START,
        lost_seconds=lost,
        examined=3,
        step="cut-off",
    )
    backup = _told(event)
    assert (backup.kind, backup.step, backup.lost) == ("search", "cut-off", words)
