from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir.domain import events as e
from ccir.engine.drill_lock import BeingPlayedError, drill_lock
from ccir.engine.drill_schedule import due_drills
from ccir.engine.drill_skip import SkipOrder, Skipped, skip
from ccir.engine.handle import load
from ccir.engine.opening import open_workspace
from ccir.engine.texts import opened
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, RefusedError, UsageError
from support.scheduled import scheduled_centre

RUN = "DR-2026-0001"
REASON = "the storage of Ms Smith is being moved"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    cli = scheduled_centre(tmp_path / "centre", None)
    workspace = open_workspace(cli.surroundings, cli.folder)
    yield workspace
    workspace.stores.close()


def skipped(
    workspace: Workspace, reason: str = REASON, *, drill: str = "nightly", until: str = ""
) -> Skipped:
    day = dt.date.fromisoformat(until) if until else None
    return skip(workspace, SkipOrder(drill=drill, by="alex", reason=reason, until=day))


def test_a_drill_that_is_skipped_takes_its_slot(workspace: Workspace) -> None:
    found = skipped(workspace)
    assert (found.run, found.event.verdict, found.event.reason) == (RUN, "skipped", "skipped")
    (due,) = due_drills(workspace, workspace.clock.now())
    assert (due.is_due, due.verdict, due.due_at) == (False, "skipped", found.due_at)
    assert due.last is not None
    assert due.due_at == due.last.at + dt.timedelta(hours=24)


def test_who_said_so_and_why_stands_in_a_closed_run_of_its_own(workspace: Workspace) -> None:
    skipped(workspace)
    entries = load(workspace, RUN).entries
    assert [each.type for each in entries] == [
        "RunStarted",
        "DrillFinished",
        "StepSkipped",
        "RunClosed",
    ]
    assert {each.by for each in entries} == {"alex"}
    left_out = entries[2].event
    assert isinstance(left_out, e.StepSkipped)
    assert opened(workspace, left_out.reason) == REASON
    database = (workspace.folder / ".ccir" / "ccir.db").read_bytes()
    assert b"Ms Smith" not in database


def test_a_drill_may_be_put_off_until_a_day(workspace: Workspace) -> None:
    found = skipped(workspace, until="2026-01-20")
    assert found.due_at == dt.datetime(2026, 1, 19, 23, tzinfo=dt.UTC), "midnight in Berlin"
    assert found.event.skipped_until == found.due_at


@pytest.mark.parametrize("until", ["2026-01-02", "2025-12-31", "2027-01-04"])
def test_a_day_lies_within_the_next_year(workspace: Workspace, until: str) -> None:
    with pytest.raises(UsageError, match="not a day within the next year"):
        skipped(workspace, until=until)
    assert workspace.stores.events.runs() == []


@pytest.mark.parametrize(
    ("reason", "drill", "error"),
    [
        (" ", "nightly", UsageError),
        ("card 4111 1111 1111 1111", "nightly", RefusedError),
        (REASON, "mini", RefusedError),
        (REASON, "nigthly", NotFoundError),
    ],
)
def test_what_cannot_be_skipped_begins_no_run(
    workspace: Workspace, *, reason: str, drill: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        skipped(workspace, reason, drill=drill)
    assert workspace.stores.events.runs() == []


def test_a_drill_that_is_played_now_is_not_skipped(workspace: Workspace) -> None:
    with drill_lock(workspace, "nightly"), pytest.raises(BeingPlayedError):
        skipped(workspace)
    assert workspace.stores.events.runs() == []
