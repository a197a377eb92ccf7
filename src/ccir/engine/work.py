"""Does a step's work: lends the step its kit, and records what came of it, whatever it was."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.delivery.interface import SendReport
from ccir.domain.board import view_of
from ccir.domain.commands import RecordWork, StartStep
from ccir.domain.decide import decide
from ccir.domain.deciding_steps import existing_step
from ccir.domain.playbook import NotifyArguments, Step
from ccir.domain.run import Run
from ccir.engine.attendant import Attendant
from ccir.engine.families import step_kind
from ccir.engine.handle import handle, load
from ccir.engine.kit import EngineKit
from ccir.engine.texts import seal_output
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError, ConflictError, RefusedError
from ccir.steps.interface import StepOutcome

INTERRUPTED = "interrupted"


class Worked(msgspec.Struct, frozen=True, kw_only=True):
    """A step after its work, and the run as it stands then.

    `error` is set where the work could not even be tried; the step has failed by it.
    `sending` is the report of a notice that was sent.
    """

    step: Step
    run: Run
    outcome: StepOutcome
    error: CcirError | None = None
    sending: SendReport | None = None

    @property
    def exit_status(self) -> int:
        """Return the exit status that the work stands for."""
        return self.outcome.exit_status if self.error is None else self.error.exit_status


def run_step(
    workspace: Workspace, run_id: str, step_id: str, *, by: str, attendant: Attendant
) -> Worked:
    """Do the work of a step now and record how it ended.

    What goes wrong outside fails the step and is told in the outcome. A person's no, and
    another process at the same work, leave the step as it was.

    Raises:
        RefusedError: the step cannot be worked on now, or the person says no.
        NotFoundError: there is no such step.
        ConflictError: another process is at the same work.
    """
    run = load(workspace, run_id).run
    step = existing_step(run, step_id)
    kind = step_kind(step.kind)
    begin = StartStep(by=by, step=step_id)
    decide(run, begin, workspace.clock.now())
    kit = EngineKit(workspace, run, step=step.id, by=by, attendant=attendant)
    try:
        outcome, error = kind.perform(step, kit), None
    except (RefusedError, ConflictError):
        raise
    except CcirError as caught:
        outcome, error = _untried(caught), caught
    except KeyboardInterrupt:
        _record(workspace, run, step, by=by, outcome=_interrupted())
        raise
    run = _record(workspace, run, step, by=by, outcome=outcome)
    return Worked(step=step, run=run, outcome=outcome, error=error, sending=kit.sending)


def notify_step(run: Run, notice: str, now: dt.datetime) -> Step | None:
    """Return the step that sends the notice, if it can be worked on now."""
    for step in run.playbook.steps:
        if step.kind == "notify":
            sends = msgspec.convert(step.arguments, NotifyArguments).notice
            view = view_of(run, now, step.id)
            if sends == notice and view is not None and view.state in _WORKABLE:
                return step
    return None


_WORKABLE = frozenset({"ready", "active", "failed", "blocked"})


def _record(workspace: Workspace, run: Run, step: Step, *, by: str, outcome: StepOutcome) -> Run:
    command = RecordWork(
        by=by,
        step=step.id,
        outcomes=outcome.events,
        reason=outcome.reason,
        detail=seal_output(workspace, run.id, outcome.detail),
        pending=outcome.pending,
    )
    return handle(workspace, run.id, command).run


def _untried(error: CcirError) -> StepOutcome:
    return StepOutcome(
        reason=error.code, detail=error.message, hint=error.hint, exit_status=error.exit_status
    )


def _interrupted() -> StepOutcome:
    return StepOutcome(reason=INTERRUPTED, detail="ended by Ctrl-C", exit_status=130)
