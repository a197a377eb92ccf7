"""The runs that drills alone are recorded as: begun, ended, closed where they were left open."""

from __future__ import annotations

from ccir.catalog.pinned import canonical, digest
from ccir.domain import events as e
from ccir.domain.commands import CloseRun, RecordWork, StartRun
from ccir.domain.decide import decide
from ccir.domain.drill_history import Due
from ccir.domain.drills import Drill
from ccir.domain.events import Pin
from ccir.domain.playbook import Phase, Playbook, Role, Severity, Step
from ccir.domain.record import Draft
from ccir.domain.run import COMMANDER, unstarted
from ccir.engine.handle import KEY_BYTES, handle, load
from ccir.engine.texts import seal_output
from ccir.engine.workspace import Workspace
from ccir.steps.interface import StepOutcome

STEP = "restore"
INTERRUPTED = "interrupted"


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


def begin(workspace: Workspace, drill: Drill, *, by: str, due: Due | None = None) -> str:
    """Begin a run of the drill, with the slots that were missed, and return its id.

    What an earlier process left open is closed before. The drill's lock must be held.
    """
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


def end(workspace: Workspace, run: str, *, by: str, outcome: StepOutcome) -> None:
    """Record what a run's drill came to, and close it."""
    work = RecordWork(
        by=by,
        step=STEP,
        outcomes=outcome.events,
        reason=outcome.reason,
        detail=seal_output(workspace, run, outcome.detail),
    )
    handle(workspace, run, work)
    handle(workspace, run, CloseRun(by=by, outcome="resolved"))


def interrupted(detail: str) -> StepOutcome:
    """Return the outcome of a drill that was broken off: it proved nothing and stays due."""
    return StepOutcome(reason=INTERRUPTED, detail=detail)


def _close_left_open(workspace: Workspace, drill: Drill, *, by: str) -> None:
    for row in workspace.stores.events.runs():
        if row.open and row.kind == "drill" and row.playbook == drill.id:
            run = load(workspace, row.id).run
            if run.record(STEP).progress == "active":
                end(workspace, row.id, by=by, outcome=interrupted("its process is gone"))
            else:
                handle(workspace, row.id, CloseRun(by=by, outcome="resolved"))
