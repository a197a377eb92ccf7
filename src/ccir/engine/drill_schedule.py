"""Which drills are due, and how they went, over every run of the workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ccir.catalog.documents import read_drill
from ccir.catalog.findings import DocumentError
from ccir.catalog.reading import Reading
from ccir.domain.drill_history import Due, Played, due, played
from ccir.domain.drills import Drill
from ccir.engine.families import check_arguments
from ccir.engine.workspace import Workspace


def drills(workspace: Workspace) -> list[Drill]:
    """Return every drill of the workspace and those shipped with ccir, but for broken ones."""
    return [
        reading.document
        for reading in _readings(workspace)
        if reading.document is not None and not reading.complaints.has_errors
    ]


def broken_drills(workspace: Workspace) -> list[DocumentError]:
    """Return what is wrong with each drill that has errors: it is never due, so it is told."""
    readings = _readings(workspace)
    return [
        DocumentError(reading.findings) for reading in readings if reading.complaints.has_errors
    ]


def history(workspace: Workspace, drill: str | None = None) -> list[Played]:
    """Return the drills that were played, in incidents and alone, oldest first."""
    events = workspace.stores.events
    found = [each for row in events.runs() for each in played(events.read(row.id))]
    wanted = [each for each in found if drill is None or each.result.drill == drill]
    return sorted(wanted, key=lambda each: each.at)


def due_now(workspace: Workspace, drill: Drill) -> Due | None:
    """Return when the drill is due, as the log has it now; None where it has no schedule."""
    earlier = history(workspace, drill.id)
    last = earlier[-1] if earlier else None
    return due(drill, last, workspace.clock.now(), zone=workspace.zone)


def due_drills(workspace: Workspace, now: dt.datetime) -> list[Due]:
    """Return when each drill with a schedule is due, the most overdue first."""
    last = {each.result.drill: each for each in history(workspace)}
    zone = workspace.zone
    found = (due(drill, last.get(drill.id), now, zone=zone) for drill in drills(workspace))
    first = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted((each for each in found if each), key=lambda each: each.due_at or first)


def _readings(workspace: Workspace) -> Iterator[Reading[Drill]]:
    kinds = check_arguments()
    return (read_drill(source, kinds) for source in workspace.sources.list("drills"))
