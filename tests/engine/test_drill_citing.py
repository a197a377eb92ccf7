from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ccir.domain.drill_events import DrillCited
from ccir.domain.record import digest
from ccir.engine.attendant import Attendant
from ccir.engine.drill_citing import cite
from ccir.engine.drill_runs import play_alone
from ccir.engine.handle import load
from ccir.engine.opening import open_workspace
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, RefusedError
from support.cli import Cli
from support.restic_repository import Repository
from support.scheduled import scheduled_centre

INCIDENT, PROOF = "INC-2026-0001", "DR-2026-0001"


@pytest.fixture
def centre(tmp_path: Path, healthy: Repository) -> Cli:
    """A workspace with an incident, beside which the drill `nightly` was played alone."""
    cli = scheduled_centre(tmp_path / "centre", healthy)
    cli("start", "mini")
    cli("drill", "run", "nightly", "--alone")
    return cli


@pytest.fixture
def workspace(centre: Cli) -> Iterator[Workspace]:
    found = open_workspace(centre.surroundings, centre.folder)
    yield found
    found.stores.close()


def broken_off(_stage: str, _done: int | None, _total: int | None) -> None:
    raise KeyboardInterrupt


def test_1_2_the_last_result_is_named_by_its_number_and_the_hash_of_its_line(
    workspace: Workspace,
) -> None:
    found = cite(workspace, INCIDENT, drill_run=PROOF, by="alex")
    last = load(workspace, INCIDENT).entries[-1]
    assert last.event == found.event
    assert (last.seq, last.by, found.is_new) == (found.seq, "alex", True)
    line = workspace.stores.events.lines(PROOF)[found.event.seq - 1]
    assert digest(line) == found.event.hash
    assert (found.event.run, found.event.drill, found.event.target) == (PROOF, "nightly", "crm")
    assert (found.event.verdict, found.event.reason) == ("pass", "")
    [played] = [each for each in load(workspace, PROOF).entries if each.seq == found.event.seq]
    assert found.event.finished_at == played.at


def test_3_what_is_cited_is_not_cited_again(workspace: Workspace) -> None:
    first = cite(workspace, INCIDENT, drill_run=PROOF, by="alex")
    second = cite(workspace, INCIDENT, drill_run=PROOF, by="kim")
    assert (second.seq, second.is_new) == (first.seq, False)
    events = [entry.event for entry in load(workspace, INCIDENT).entries]
    assert [event for event in events if isinstance(event, DrillCited)] == [first.event]


def test_1_a_run_that_is_no_drills_own_is_refused(workspace: Workspace) -> None:
    with pytest.raises(RefusedError, match="no drill's own run"):
        cite(workspace, INCIDENT, drill_run=INCIDENT, by="alex")
    with pytest.raises(NotFoundError, match="there is no run"):
        cite(workspace, INCIDENT, drill_run="DR-2026-0009", by="alex")


def test_1_a_run_in_which_no_drill_finished_proves_nothing(workspace: Workspace) -> None:
    breaking = Attendant(progress=broken_off)
    with pytest.raises(KeyboardInterrupt):
        play_alone(workspace, "nightly", by="alex", attendant=breaking)
    with pytest.raises(NotFoundError, match="no drill finished in DR-2026-0002"):
        cite(workspace, INCIDENT, drill_run="DR-2026-0002", by="alex")


def test_1_a_log_that_was_changed_proves_nothing(workspace: Workspace) -> None:
    workspace.stores.close()
    with closing(sqlite3.connect(workspace.folder / ".ccir" / "ccir.db")) as database:
        database.execute(
            "UPDATE events SET line = CAST(replace(CAST(line AS TEXT), '\"pass\"', '\"fail\"')"
            " AS BLOB) WHERE run = ?",
            (PROOF,),
        )
        database.commit()
    with pytest.raises(RefusedError, match="the log of DR-2026-0001 proves nothing"):
        cite(workspace, INCIDENT, drill_run=PROOF, by="alex")
    assert not any(
        isinstance(entry.event, DrillCited) for entry in load(workspace, INCIDENT).entries
    )
