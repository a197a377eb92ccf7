"""Drills that stand alone: each is a run of its own, with its log, report and evidence.

1. One lock for each drill: a second process is refused while it is played. What a timer plays
   is due still once the lock is held.
2. What an earlier process left open (killed, power lost) is closed as interrupted.
3. The run begins, with the slots that were missed; the drill is played; its result is recorded,
   whatever it is; the run is closed.
4. A monitor and people are told, see `ccir.engine.drill_telling`; that changes no result.
"""

from __future__ import annotations

import msgspec

from ccir.catalog.documents import load_drill
from ccir.domain import events as e
from ccir.domain.commands import StartStep
from ccir.domain.drill_history import Due
from ccir.domain.drills import Drill
from ccir.domain.outcomes import Objective
from ccir.drilling.failures import untried
from ccir.engine.attendant import Attendant
from ccir.engine.backups import drill as play
from ccir.engine.drill_lock import drill_lock
from ccir.engine.drill_records import STEP, begin, end, interrupted
from ccir.engine.drill_schedule import due_now
from ccir.engine.drill_telling import Telling
from ccir.engine.families import check_arguments
from ccir.engine.handle import handle
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError
from ccir.steps.interface import Judged, from_verdict


class Alone(msgspec.Struct, frozen=True, kw_only=True):
    """A drill that was played in a run of its own."""

    run: str
    judged: Judged[e.DrillFinished]


def play_alone(
    workspace: Workspace,
    name: str,
    *,
    by: str,
    attendant: Attendant,
    snapshot: str | None = None,
) -> Alone:
    """Play a drill as a run of kind `drill` and close it.

    Raises:
        NotFoundError: there is no such drill.
        InvalidDocumentError: it has errors.
        ConflictError: another process plays it now.
        UnavailableError: no target is bound to its purpose; the run says so.
    """
    plan = _plan(workspace, name)
    with drill_lock(workspace, plan.id):
        return _played(workspace, plan, by=by, attendant=attendant, snapshot=snapshot)


def play_due(workspace: Workspace, name: str, *, by: str, attendant: Attendant) -> Alone | None:
    """Play a drill on a schedule; None where it is not due, as somebody has just played it.

    Raises:
        CcirError: as `play_alone`.
        BeingPlayedError: another process plays it now.
    """
    plan = _plan(workspace, name)
    with drill_lock(workspace, plan.id):
        due = due_now(workspace, plan)
        if due is None or not due.is_due:
            return None
        return _played(workspace, plan, by=by, attendant=attendant, due=due)


def _plan(workspace: Workspace, name: str) -> Drill:
    return load_drill(workspace.sources.find("drills", name), check_arguments())


def _played(
    workspace: Workspace,
    drill: Drill,
    *,
    by: str,
    attendant: Attendant,
    snapshot: str | None = None,
    due: Due | None = None,
) -> Alone:
    run = begin(workspace, drill, by=by, due=due)
    handle(workspace, run, StartStep(by=by, step=STEP))
    telling = Telling(workspace, drill, run=run, by=by, warn=attendant.warn)
    try:
        telling.begun(due)
        judged = play(workspace, drill.id, attendant, step=STEP, snapshot=snapshot, rotates=True)
    except KeyboardInterrupt:
        end(workspace, run, by=by, outcome=interrupted("ended by Ctrl-C"))
        telling.broken_off()
        raise
    except CcirError as error:
        judged = _untried(drill, error)
        end(workspace, run, by=by, outcome=from_verdict(judged))
        telling.ended(judged)
        raise
    end(workspace, run, by=by, outcome=from_verdict(judged))
    telling.ended(judged)
    return Alone(run=run, judged=judged)


def _untried(drill: Drill, error: CcirError) -> Judged[e.DrillFinished]:
    """Return the result of a drill that could not be begun: it has its place in the history."""
    result = untried(error)
    event = e.DrillFinished(
        drill=drill.id,
        target=drill.target,
        verdict=result.verdict,
        reason=result.reason,
        snapshot=None,
        files=0,
        bytes=0,
        rpo=Objective(),
        rto=Objective(),
        checks=(result,),
        cleanup="none",
        step=STEP,
    )
    return Judged(event=event, detail=error.message, hint=error.hint)
