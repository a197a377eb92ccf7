"""Drills that stand alone: each is a run of its own, with its log, report and evidence.

1. One lock for each drill: a second process is refused while it is played. What a timer plays
   is due still once the lock is held.
2. What an earlier process left open (killed, power lost) is closed as interrupted.
3. The run begins, with the slots that were missed; the drill is played; its result is recorded,
   whatever it is; the run is closed.
"""

from __future__ import annotations

import msgspec

from ccir.catalog.documents import load_drill
from ccir.catalog.pinned import canonical, digest
from ccir.domain import events as e
from ccir.domain.commands import CloseRun, RecordWork, StartRun, StartStep
from ccir.domain.decide import decide
from ccir.domain.drill_history import Due
from ccir.domain.drills import Drill
from ccir.domain.events import Pin
from ccir.domain.outcomes import Objective
from ccir.domain.playbook import Phase, Playbook, Role, Severity, Step
from ccir.domain.record import Draft
from ccir.domain.run import COMMANDER, unstarted
from ccir.drilling.failures import untried
from ccir.engine.attendant import Attendant
from ccir.engine.backups import drill as play
from ccir.engine.drill_lock import drill_lock
from ccir.engine.drill_schedule import due_now
from ccir.engine.families import check_arguments
from ccir.engine.handle import KEY_BYTES, handle, load
from ccir.engine.texts import seal_output
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError
from ccir.steps.interface import Judged, StepOutcome, from_verdict

STEP = "restore"
INTERRUPTED = "interrupted"


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
        run = _begin(workspace, plan, by=by)
        return _played(workspace, run, plan, by=by, attendant=attendant, snapshot=snapshot)


def play_due(workspace: Workspace, name: str, *, by: str, attendant: Attendant) -> Alone | None:
    """Play a drill on a schedule; None where it is not due, as somebody has just played it.

    Raises:
        CcirError: as `play_alone`.
    """
    plan = _plan(workspace, name)
    with drill_lock(workspace, plan.id):
        due = due_now(workspace, plan)
        if due is None or not due.is_due:
            return None
        run = _begin(workspace, plan, by=by, due=due)
        return _played(workspace, run, plan, by=by, attendant=attendant)


def playbook_of(drill: Drill) -> Playbook:
    """Return the plan that a drill's own run plays: one step, which restores and judges."""
    return Playbook(
        id=drill.id,
        version=drill.version,
        title=drill.title,
        summary=drill.summary,
        severities=(Severity(id="drill", meaning="A rehearsal of a restore"),),
        roles=(Role(id=COMMANDER, title="Who answers for it", duties="Reads the result."),),
        phases=(Phase(id="drill", title="Drill"),),
        steps=(
            Step(
                id=STEP,
                title=drill.title,
                phase="drill",
                role=COMMANDER,
                kind="restore",
                arguments={"drill": drill.id},
                mandatory=False,
            ),
        ),
    )


def _plan(workspace: Workspace, name: str) -> Drill:
    return load_drill(workspace.sources.find("drills", name), check_arguments())


def _begin(workspace: Workspace, drill: Drill, *, by: str, due: Due | None = None) -> str:
    _close_left_open(workspace, drill, by=by)
    playbook = playbook_of(drill)
    pin = Pin(id=playbook.id, version=playbook.version, digest=digest(playbook))
    command = StartRun(
        by=by,
        kind="drill",
        title=drill.title,
        severity=None,
        playbook=pin,
        zone=workspace.zone.key,
        roles={},
    )
    now = workspace.clock.now()
    events = decide(unstarted(playbook), command, now)
    if due is not None and due.missed and due.first_missed_at is not None:
        missed = e.DrillSlotsMissed(drill=drill.id, slots=due.missed, since=due.first_missed_at)
        events.append(missed)
    added = workspace.stores.events.begin(
        "drill",
        [Draft(event=event, at=now, by=by, via=workspace.via) for event in events],
        key=workspace.entropy.octets(KEY_BYTES).hex(),
        pins={pin.digest: canonical(playbook)},
        playbook=playbook.id,
        another=True,
    )
    return added[0].run


def _played(
    workspace: Workspace,
    run: str,
    drill: Drill,
    *,
    by: str,
    attendant: Attendant,
    snapshot: str | None = None,
) -> Alone:
    handle(workspace, run, StartStep(by=by, step=STEP))
    try:
        judged = play(workspace, drill.id, attendant, step=STEP, snapshot=snapshot)
    except KeyboardInterrupt:
        _end(workspace, run, by=by, outcome=_failed(INTERRUPTED, "ended by Ctrl-C"))
        raise
    except CcirError as error:
        _end(workspace, run, by=by, outcome=_untried(drill, error))
        raise
    _end(workspace, run, by=by, outcome=from_verdict(judged))
    return Alone(run=run, judged=judged)


def _close_left_open(workspace: Workspace, drill: Drill, *, by: str) -> None:
    for row in workspace.stores.events.runs():
        if row.open and row.kind == "drill" and row.playbook == drill.id:
            run = load(workspace, row.id).run
            if run.record(STEP).progress == "active":
                _end(workspace, row.id, by=by, outcome=_failed(INTERRUPTED, "its process is gone"))
            else:
                handle(workspace, row.id, CloseRun(by=by, outcome="resolved"))


def _end(workspace: Workspace, run: str, *, by: str, outcome: StepOutcome) -> None:
    work = RecordWork(
        by=by,
        step=STEP,
        outcomes=outcome.events,
        reason=outcome.reason,
        detail=seal_output(workspace, run, outcome.detail),
    )
    handle(workspace, run, work)
    handle(workspace, run, CloseRun(by=by, outcome="resolved"))


def _untried(drill: Drill, error: CcirError) -> StepOutcome:
    """Return the outcome of a drill that could not be begun: it has its place in the history."""
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
    return from_verdict(Judged(event=event, detail=error.message, hint=error.hint))


def _failed(reason: str, detail: str) -> StepOutcome:
    return StepOutcome(reason=reason, detail=detail)
