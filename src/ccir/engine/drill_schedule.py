"""Which drills are due, and how they went, over every run of the workspace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import msgspec

from ccir.catalog.documents import read_drill
from ccir.catalog.findings import DocumentError
from ccir.catalog.reading import Reading
from ccir.domain.drill_alerts import Alerted, alerted
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


class Annals(msgspec.Struct, frozen=True, kw_only=True):
    """What the logs of all runs say of drills: those played and those told, oldest first."""

    played: tuple[Played, ...]
    alerted: tuple[Alerted, ...]


def annals(workspace: Workspace, drill: str | None = None) -> Annals:
    """Return what the logs say of all drills or of one; each log is read once."""
    events = workspace.stores.events
    found: list[Played] = []
    told: list[Alerted] = []
    for row in events.runs():
        entries = events.read(row.id)
        found += (each for each in played(entries) if drill in (None, each.result.drill))
        told += (each for each in alerted(entries) if drill in (None, each.event.drill))
    return Annals(
        played=tuple(sorted(found, key=lambda each: each.at)),
        alerted=tuple(sorted(told, key=lambda each: each.at)),
    )


def history(workspace: Workspace, drill: str | None = None) -> list[Played]:
    """Return the drills that were played, in incidents and alone, oldest first."""
    return list(annals(workspace, drill).played)


def due_now(workspace: Workspace, drill: Drill) -> Due | None:
    """Return when the drill is due, as the log has it now; None where it has no schedule."""
    earlier = history(workspace, drill.id)
    return due(drill, earlier, workspace.clock.now(), zone=workspace.zone)


def due_drills(
    workspace: Workspace, now: dt.datetime, *, earlier: Sequence[Played] | None = None
) -> list[Due]:
    """Return when each drill with a schedule is due, the most overdue first.

    `earlier` is the whole history, where it has been read already.
    """
    by_drill: dict[str, list[Played]] = {}
    for each in history(workspace) if earlier is None else earlier:
        by_drill.setdefault(each.result.drill, []).append(each)
    found = (
        due(drill, by_drill.get(drill.id, []), now, zone=workspace.zone)
        for drill in drills(workspace)
    )
    first = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted((each for each in found if each), key=lambda each: each.due_at or first)


def _readings(workspace: Workspace) -> Iterator[Reading[Drill]]:
    kinds = check_arguments()
    return (read_drill(source, kinds) for source in workspace.sources.list("drills"))
