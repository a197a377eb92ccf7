"""What a command about one step leads to."""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches

import msgspec

from ccir.domain import commands as c
from ccir.domain import events as e
from ccir.domain.board import StepView, board
from ccir.domain.playbook import DecisionArguments, Step
from ccir.domain.run import COMMANDER, DEPUTY, SETTLED, Run
from ccir.errors import NotFoundError, RefusedError

StepCommand = (
    c.StartStep
    | c.FinishStep
    | c.SkipStep
    | c.BlockStep
    | c.ReopenStep
    | c.AssignStep
    | c.RecordWork
    | c.Decide
)
# A person may say these are done; the others are done when their work says so.
DONE_BY_HAND = "manual"
_WORKABLE = frozenset({"ready", "active", "blocked", "failed"})


def decide_step(  # noqa: C901 - a case each
    run: Run, command: StepCommand, now: dt.datetime
) -> list[e.AnyEvent]:
    """Return the events that a command about a step leads to."""
    step = existing_step(run, command.step)
    if isinstance(command, c.AssignStep):
        return [e.StepAssigned(step=step.id, person=command.person)]
    _refuse_other_roles(run, step, command.by)
    [view] = (each for each in board(run, now) if each.step.id == step.id)
    match command:
        case c.StartStep():
            _refuse_unless_workable(view)
            return [e.StepStarted(step=step.id, role=step.role)]
        case c.FinishStep(note=note):
            return _finish(run, view, note)
        case c.SkipStep(reason=reason):
            _refuse_settled(view)
            return [e.StepSkipped(step=step.id, role=step.role, reason=reason)]
        case c.BlockStep(reason=reason):
            _refuse_settled(view)
            return [e.StepBlocked(step=step.id, role=step.role, reason=reason)]
        case c.ReopenStep(reason=reason):
            return _reopen(run, step, reason)
        case c.RecordWork():
            return _record_work(step, view, command)
        case c.Decide():
            return _choose(step, view, command)


def existing_step(run: Run, name: str) -> Step:
    """Return the step of that id.

    Raises:
        NotFoundError: the playbook has no such step.
    """
    step = run.playbook.step(name)
    if step is None:
        known = [each.id for each in run.playbook.steps]
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else "`ccir step list` shows them"
        raise NotFoundError(f"playbook '{run.playbook.id}' has no step '{name}'", hint=hint)
    return step


def _refuse_other_roles(run: Run, step: Step, person: str) -> None:
    """Let through who holds the role, was assigned, or leads; and anybody while none does."""
    holder = run.roles.get(step.role)
    allowed = {
        holder,
        run.record(step.id).assignee,
        run.roles.get(COMMANDER),
        run.roles.get(DEPUTY),
    }
    if holder is None or person in allowed or person == e.SYSTEM:
        return
    raise RefusedError(
        f"step '{step.id}' belongs to {step.role} ({holder}), not to {person}",
        hint=f"`ccir step assign {step.id} {person}` or let {holder} do it",
    )


def _refuse_unless_workable(view: StepView) -> None:
    if view.state in _WORKABLE:
        return
    if view.state in SETTLED:
        raise RefusedError(
            f"step '{view.step.id}' is already {view.state}",
            hint=f"`ccir step reopen {view.step.id} --reason …` to do it again",
        )
    raise RefusedError(
        f"step '{view.step.id}' is not ready: it {view.because or 'waits'}",
        hint=_way_on(view),
    )


def _way_on(view: StepView) -> str:
    if view.missing:
        return f"`ccir fact set {view.missing[0]}=…`"
    if view.waits_for:
        return f"`ccir step show {view.waits_for[0]}` tells what stands before it"
    return "`ccir next` shows what can be done now"


def _refuse_settled(view: StepView) -> None:
    if view.state in SETTLED:
        _refuse_unless_workable(view)


def _finish(run: Run, view: StepView, note: e.Sealed | None) -> list[e.AnyEvent]:
    step = view.step
    _refuse_unless_workable(view)
    if step.kind != DONE_BY_HAND:
        verb = f"ccir decide {step.id} OPTION" if step.kind == "decision" else None
        raise RefusedError(
            f"a {step.kind} step is done by its own work, not by word",
            hint=f"`{verb or f'ccir step run {step.id}'}`, or `ccir step skip` with a reason",
        )
    if step.evidence is not None and run.record(step.id).evidence == 0:
        raise RefusedError(
            f"step '{step.id}' needs evidence: {step.evidence}",
            hint=f"`ccir step done {step.id} --evidence FILE`",
        )
    return [e.StepFinished(step=step.id, role=step.role, note=note)]


def _reopen(run: Run, step: Step, reason: e.Sealed) -> list[e.AnyEvent]:
    if run.record(step.id).progress in ("open", "active"):
        raise RefusedError(f"step '{step.id}' is not settled", hint="nothing to reopen")
    return [e.StepReopened(step=step.id, role=step.role, reason=reason)]


def _record_work(step: Step, view: StepView, command: c.RecordWork) -> list[e.AnyEvent]:
    events = list(command.outcomes)
    if command.pending or view.state in SETTLED:
        return events
    if command.reason:
        failed = e.StepFailed(
            step=step.id, role=step.role, reason=command.reason, detail=command.detail
        )
        return [*events, failed]
    return [*events, e.StepFinished(step=step.id, role=step.role, note=command.detail)]


def _choose(step: Step, view: StepView, command: c.Decide) -> list[e.AnyEvent]:
    if step.kind != "decision":
        raise RefusedError(
            f"step '{step.id}' is no decision", hint="`ccir step show` tells what it is"
        )
    _refuse_unless_workable(view)
    options = msgspec.convert(step.arguments, DecisionArguments).options
    if command.option not in options:
        near = get_close_matches(command.option, options, n=1)
        meant = f"did you mean '{near[0]}'? " if near else ""
        raise NotFoundError(
            f"decision '{step.id}' has no option '{command.option}'",
            hint=f"{meant}its options: {', '.join(options)}",
        )
    return [
        e.DecisionMade(step=step.id, role=step.role, option=command.option, reason=command.reason)
    ]
