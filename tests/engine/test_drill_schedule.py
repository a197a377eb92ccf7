from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ccir.domain.events import DrillAlerted, DrillFinished
from ccir.engine.drill_schedule import (
    annals,
    broken_drills,
    drills,
    due_drills,
    due_now,
    history,
)
from ccir.engine.opening import open_workspace
from ccir.engine.recording import record_outcome
from ccir.engine.workspace import Workspace
from support.cli import NOW, Cli
from support.events import DRILL_FINISHED
from support.scheduled import DAY_SECONDS, add_drill, scheduled_centre


@pytest.fixture
def centre(tmp_path: Path) -> Cli:
    """A workspace with two open runs and the drill `nightly` on a schedule."""
    cli = scheduled_centre(tmp_path / "centre", None)
    cli("start", "mini")
    cli("start", "data-breach")
    return cli


@pytest.fixture
def workspace(centre: Cli) -> Iterator[Workspace]:
    workspace = open_workspace(centre.surroundings, centre.folder)
    yield workspace
    workspace.stores.close()


def record(workspace: Workspace, run: str, drill: str, **changes: object) -> DrillFinished:
    event = msgspec.structs.replace(DRILL_FINISHED, drill=drill, **changes)
    record_outcome(workspace, run, event, by="alex")
    return event


def runs(workspace: Workspace) -> list[str]:
    return [row.id for row in workspace.stores.events.runs()]


def test_the_drills_are_those_of_the_workspace_and_those_shipped(workspace: Workspace) -> None:
    found = {drill.id: drill.schedule is not None for drill in drills(workspace)}
    assert found["nightly"]
    assert not found["mini"]
    assert not found["customer-records"]


def test_a_drill_with_errors_is_never_due_and_is_told(workspace: Workspace) -> None:
    add_drill(workspace.folder, "nightly", every="now and then")
    assert due_drills(workspace, NOW) == []
    [error] = broken_drills(workspace)
    assert "nightly.yaml" in error.message


def test_the_history_is_that_of_every_run_oldest_first(workspace: Workspace, centre: Cli) -> None:
    first, second = runs(workspace)
    assert history(workspace) == []
    expected = [
        (second, record(workspace, second, "nightly")),
        (first, record(workspace, first, "nightly", verdict="fail", reason="bad")),
        (second, record(workspace, second, "mini")),
    ]
    assert [(each.run, each.result) for each in history(workspace)] == expected
    assert [each.run for each in history(workspace, "nightly")] == [second, first]
    assert history(workspace, "unknown") == []
    centre("close", "--run", second, "--outcome", "false-alarm", "--reason", "none")
    assert len(history(workspace)) == 3


def test_the_alerts_of_every_run_are_found_oldest_first(workspace: Workspace) -> None:
    first, second = runs(workspace)
    for run, drill in ((second, "nightly"), (first, "mini"), (first, "nightly")):
        event = DrillAlerted(
            drill=drill, verdict="fail", reason="", channel="team", state="accepted"
        )
        record_outcome(workspace, run, event, by="alex")
    found = annals(workspace).alerted
    assert [(each.run, each.event.drill) for each in found] == [
        (second, "nightly"),
        (first, "mini"),
        (first, "nightly"),
    ]
    assert [each.run for each in annals(workspace, "nightly").alerted] == [second, first]


def test_what_has_been_read_is_not_read_again(workspace: Workspace, centre: Cli) -> None:
    assert [each.last for each in due_drills(workspace, NOW, earlier=())] == [None]
    record(workspace, runs(workspace)[0], "nightly")
    earlier = history(workspace)
    now = centre.clock.now()
    assert due_drills(workspace, now, earlier=earlier) == due_drills(workspace, now)


def test_only_drills_with_a_schedule_are_due(workspace: Workspace) -> None:
    found = due_drills(workspace, NOW)
    assert [(each.drill, each.is_due, each.due_at) for each in found] == [("nightly", True, None)]


@pytest.mark.parametrize("verdict", ["pass", "fail", "error"])
def test_a_drill_in_an_incident_counts_whatever_it_came_to(
    workspace: Workspace, centre: Cli, verdict: str
) -> None:
    incident = runs(workspace)[0]
    record(workspace, incident, "nightly", verdict=verdict)
    (found,) = due_drills(workspace, centre.clock.now())
    assert (found.is_due, found.missed) == (False, 0)
    assert found.last is not None
    assert (found.last.run, found.last.result.verdict) == (incident, verdict)
    centre.clock.move(DAY_SECONDS * 3)
    (found,) = due_drills(workspace, centre.clock.now())
    assert (found.is_due, found.missed) == (True, 2)


def test_the_most_overdue_stands_first_and_what_was_never_played_before_all(
    workspace: Workspace, centre: Cli
) -> None:
    for name, every in (("hourly", "1h"), ("weekly", "7d"), ("fresh", "24h")):
        add_drill(workspace.folder, name, every=every)
    incident = runs(workspace)[0]
    for name in ("weekly", "nightly", "hourly"):
        record(workspace, incident, name)
    found = due_drills(workspace, centre.clock.now())
    assert [each.drill for each in found] == ["fresh", "hourly", "nightly", "weekly"]
    assert [each.is_due for each in found] == [True, False, False, False]


def test_one_drill_is_asked_for_now(workspace: Workspace, centre: Cli) -> None:
    by_id = {drill.id: drill for drill in drills(workspace)}
    assert due_now(workspace, by_id["mini"]) is None
    found = due_now(workspace, by_id["nightly"])
    assert found is not None
    assert found.is_due
    record(workspace, runs(workspace)[0], "nightly")
    found = due_now(workspace, by_id["nightly"])
    assert found is not None
    assert not found.is_due
    centre.clock.move(DAY_SECONDS)
    found = due_now(workspace, by_id["nightly"])
    assert found is not None
    assert found.is_due
