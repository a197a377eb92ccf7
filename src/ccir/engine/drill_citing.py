"""Names a drill's own run as proof in an incident: its last result, by number and hash.

1. The run that is cited is one of kind `drill`, its log is whole, and a drill finished in it.
2. The last result is named by its number and the SHA-256 of its line, and repeated in words, so
   that a later change of the drill's log cannot go unseen.
3. What is cited already is not cited again.
"""

from __future__ import annotations

import msgspec

from ccir.domain.drill_events import DrillCited
from ccir.domain.events import DrillFinished
from ccir.domain.record import Entry
from ccir.engine.handle import load, which_run
from ccir.engine.recording import record_outcome
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, RefusedError


class Citation(msgspec.Struct, frozen=True, kw_only=True):
    """What was cited, and the number of the event that says so; `is_new` unless it stood there."""

    event: DrillCited
    seq: int
    is_new: bool


def cite(workspace: Workspace, run_id: str, *, drill_run: str, by: str) -> Citation:
    """Record in a run that a drill's own run proves something for it.

    Raises:
        NotFoundError: there is no such run, or no drill finished in it.
        RefusedError: it is no drill's own run, its log is not whole, or the rules refuse it.
    """
    _refuse_unfit(workspace, drill_run)
    cited = _last_result(workspace, drill_run)
    for entry in load(workspace, run_id).entries:
        if isinstance(entry.event, DrillCited) and entry.event.hash == cited.hash:
            return Citation(event=entry.event, seq=entry.seq, is_new=False)
    added = record_outcome(workspace, run_id, cited, by=by).added
    return Citation(event=cited, seq=added[-1].seq, is_new=True)


def _refuse_unfit(workspace: Workspace, drill_run: str) -> None:
    which_run(workspace, drill_run)
    kinds = {row.id: row.kind for row in workspace.stores.events.runs()}
    if kinds[drill_run] != "drill":
        raise RefusedError(
            f"{drill_run} is no drill's own run",
            hint="cite one of `ccir drill history` whose run begins with DR",
        )
    breaks = workspace.stores.events.verify(drill_run)
    if breaks:
        raise RefusedError(
            f"the log of {drill_run} proves nothing: {breaks[0].detail}",
            hint="`ccir doctor` tells what is broken; play the drill again",
        )


def _last_result(workspace: Workspace, drill_run: str) -> DrillCited:
    for entry in reversed(workspace.stores.events.read(drill_run)):
        if isinstance(entry.event, DrillFinished):
            return _cited(entry, entry.event)
    raise NotFoundError(
        f"no drill finished in {drill_run}", hint="play it again: `ccir drill run DRILL`"
    )


def _cited(entry: Entry, result: DrillFinished) -> DrillCited:
    return DrillCited(
        run=entry.run,
        seq=entry.seq,
        hash=entry.hash,
        drill=result.drill,
        target=result.target,
        verdict=result.verdict,
        reason=result.reason,
        snapshot=result.snapshot,
        finished_at=entry.at,
    )
