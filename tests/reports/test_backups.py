from __future__ import annotations

import msgspec
import pytest

from ccir.domain.events import AnyEvent
from ccir.domain.outcomes import measured
from ccir.reports.backups import BackupReport
from support.full_run import checked, drilled, restored
from support.told_run import ToldRun


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
