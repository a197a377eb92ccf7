from __future__ import annotations

from pathlib import Path

import pytest

from ccir.engine.attendant import Attendant
from ccir.engine.opening import open_workspace
from ccir.engine.recovery_point import seek_recovery_point
from ccir.engine.workspace import Workspace
from support.centre import make_centre
from support.restic_repository import Repository, back_up, clean_repository

LATER = "2026-01-02 05:34:05"


@pytest.fixture
def made(tmp_path: Path) -> Repository:
    return clean_repository(tmp_path / "made")


@pytest.fixture
def workspace(made: Repository, tmp_path: Path) -> Workspace:
    cli = make_centre(tmp_path / "centre", repository=made)
    return open_workspace(cli.surroundings, cli.folder)


def encrypt(made: Repository) -> None:
    """Turn every recording around, and back the folder up once more."""
    for file in (made.source / "recordings").iterdir():
        file.write_bytes(file.read_bytes()[::-1])
    back_up(made, at=LATER)


def test_the_event_and_its_words_name_the_point_and_what_would_be_lost(
    made: Repository, workspace: Workspace
) -> None:
    clean = made.snapshot_id
    encrypt(made)
    sought = seek_recovery_point(workspace, "crm", Attendant(), limit=30, step="seek")
    event = sought.judged.event
    assert (event.target, event.verdict, event.step) == ("crm", "pass", "seek")
    assert (event.snapshot, event.lost_seconds, event.examined) == (clean, 9_000.0, 2)
    assert sought.judged.detail == (
        f"the recovery point before encryption: snapshot {clean[:8]} of "
        "2026-01-02 04:04 CET (03:04 UTC); 2 h 30 min would be lost"
    )
    assert sought.found.clean == sought.found.examined[-1]


def test_where_the_newest_is_clean_nothing_would_be_lost(workspace: Workspace) -> None:
    sought = seek_recovery_point(workspace, "customer-records", Attendant(), limit=30)
    assert sought.judged.event.target == "crm", "a purpose is told by the target it stands for"
    assert sought.judged.detail.endswith("; nothing would be lost")


def test_where_none_is_clean_the_event_holds_no_snapshot(
    made: Repository, workspace: Workspace
) -> None:
    encrypt(made)
    sought = seek_recovery_point(workspace, "crm", Attendant(), limit=1)
    event = sought.judged.event
    assert (event.verdict, event.reason, event.snapshot) == ("fail", "no-clean-snapshot", None)
    assert sought.judged.detail == "none of 1 snapshots passed"
    assert "--limit" in sought.judged.hint
