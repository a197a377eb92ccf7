"""The board: every step's state at a moment, as it follows from the log, needs and time."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from ccir.domain import playbook as p
from ccir.domain.conditions import evaluate
from ccir.domain.facts import moment_of
from ccir.domain.moments import zone_of
from ccir.domain.periods import add, parse_period
from ccir.domain.run import SETTLED, Run

StepState = Literal["waiting", "ready", "active", "done", "skipped", "blocked", "failed"]

_DECISION = "decision."


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """A step as the board shows it.

    `missing` names facts that its condition lacks, `waits_for` the steps that stand before
    it; `because` says in a few words why it is not ready.
    """

    step: p.Step
    state: StepState
    due_at: dt.datetime | None
    overdue: bool
    missing: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    because: str = ""

    @property
    def is_settled(self) -> bool:
        """Return whether nothing is left to do here."""
        return self.state in SETTLED


class _Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A step's state with its reasons, before due times are looked at."""

    state: StepState
    missing: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    because: str = ""


def board(run: Run, now: dt.datetime) -> tuple[StepView, ...]:
    """Return every step of the run's playbook, in its order, as it stands at `now`."""
    standings: dict[str, _Standing] = {}
    for step in run.playbook.steps:
        _stand(run, now, step=step, known=standings)
    return tuple(
        _view(run, now, step=step, standing=standings[step.id]) for step in run.playbook.steps
    )


def view_of(run: Run, now: dt.datetime, step: str) -> StepView | None:
    """Return one step as the board shows it, or None for an unknown id."""
    return next((view for view in board(run, now) if view.step.id == step), None)


def due_moment(run: Run, due: p.Due | None) -> dt.datetime | None:
    """Return when something is due, in UTC; None while what it counts from is missing."""
    period = None if due is None else parse_period(due.within)
    if due is None or period is None:
        return None
    is_before = due.before is not None
    start = run.clock_times.get(due.before[6:]) if due.before else _count_from(run, due.after)
    if start is None:
        return None
    length = msgspec.structs.replace(period, amount=-period.amount) if is_before else period
    return add(length, to=start, zone=zone_of(run.zone))


def _stand(run: Run, now: dt.datetime, *, step: p.Step, known: dict[str, _Standing]) -> _Standing:
    if step.id not in known:
        # A cycle is refused by lint; the mark keeps a hand-made one from recursing for ever.
        known[step.id] = _Standing(state="waiting", because="has needs that form a circle")
        known[step.id] = _standing(run, now, step=step, known=known)
    return known[step.id]


def _standing(
    run: Run, now: dt.datetime, *, step: p.Step, known: dict[str, _Standing]
) -> _Standing:
    progress = run.record(step.id).progress
    if progress != "open":
        return _Standing(state=progress)
    waits_for = _unsettled_needs(run, now, step=step, known=known)
    if waits_for:
        because = f"waits for {', '.join(waits_for)}"
        return _Standing(state="waiting", waits_for=waits_for, because=because)
    return (
        _unless_it_is_a_detour(run, now, step=step, known=known)
        or _unless_its_condition_holds(run, step)
        or _to_be_done(run, now, step=step, known=known)
    )


def _unsettled_needs(
    run: Run, now: dt.datetime, *, step: p.Step, known: dict[str, _Standing]
) -> tuple[str, ...]:
    needed = (run.playbook.step(need) for need in step.needs)
    return tuple(
        need.id
        for need in needed
        if need is not None and not _lets_on(run, now, need=need, step=step, known=known)
    )


def _lets_on(
    run: Run, now: dt.datetime, *, need: p.Step, step: p.Step, known: dict[str, _Standing]
) -> bool:
    """Return whether a need no longer stands before the step.

    A need that failed lets on what may go on without it: everything (`continue`), the detour
    itself, and once the detour is settled whatever else needs it.
    """
    state = _stand(run, now, step=need, known=known).state
    if state != "failed":
        return state in SETTLED
    detour = run.playbook.step(need.on_failure)
    if detour is None or detour.id == step.id:
        return need.on_failure != "stop"
    return _stand(run, now, step=detour, known=known).state in SETTLED


def _unless_it_is_a_detour(
    run: Run, now: dt.datetime, *, step: p.Step, known: dict[str, _Standing]
) -> _Standing | None:
    """Return how a step stands that only a failure of others makes ready; None if it may go."""
    sources = [other for other in run.playbook.steps if other.on_failure == step.id]
    if not sources:
        return None
    states = [_stand(run, now, step=other, known=known).state for other in sources]
    if "failed" in states:
        return None
    if all(state in SETTLED for state in states):
        return _Standing(state="skipped", because="not needed: nothing failed")
    names = tuple(other.id for other in sources)
    return _Standing(state="waiting", because=f"comes only if {' or '.join(names)} fails")


def _unless_its_condition_holds(run: Run, step: p.Step) -> _Standing | None:
    answer = None if step.when is None else evaluate(step.when.test, run.known())
    if answer is None or answer.holds is True:
        return None
    if answer.holds is False:
        return _Standing(state="skipped", because="not applicable")
    return _undetermined(answer.missing)


def _undetermined(missing: tuple[str, ...]) -> _Standing:
    facts = tuple(path for path in missing if not path.startswith(_DECISION))
    steps = tuple(path.removeprefix(_DECISION) for path in missing if path.startswith(_DECISION))
    unknown = ", ".join((*facts, *steps))
    because = f"needs to know {unknown}" if unknown else "has a condition that its facts do not fit"
    return _Standing(state="waiting", missing=facts, waits_for=steps, because=because)


def _to_be_done(
    run: Run, now: dt.datetime, *, step: p.Step, known: dict[str, _Standing]
) -> _Standing:
    if step.kind != "wait":
        return _Standing(state="ready")
    awaited = msgspec.convert(step.arguments, p.WaitArguments)
    if _has_come(run, now, awaited=awaited, known=known):
        return _Standing(state="done")
    missing = () if awaited.fact is None else (awaited.fact,)
    return _Standing(state="waiting", missing=missing, because="waits for its time or event")


def _has_come(
    run: Run, now: dt.datetime, *, awaited: p.WaitArguments, known: dict[str, _Standing]
) -> bool:
    if awaited.fact is not None:
        return run.fact(awaited.fact) is not None
    if awaited.step is not None:
        other = run.playbook.step(awaited.step)
        return other is not None and _stand(run, now, step=other, known=known).state in SETTLED
    until = due_moment(run, awaited.until)
    return until is not None and until <= now


def _view(run: Run, now: dt.datetime, *, step: p.Step, standing: _Standing) -> StepView:
    due_at = due_moment(run, step.due)
    is_open = standing.state not in SETTLED and run.state == "open"
    return StepView(
        step=step,
        state=standing.state,
        due_at=due_at,
        overdue=is_open and due_at is not None and due_at < now,
        missing=standing.missing,
        waits_for=standing.waits_for,
        because=standing.because,
    )


def _count_from(run: Run, after: str) -> dt.datetime | None:
    kind, _, name = after.partition(":")
    match kind:
        case "start":
            return run.started_at
        case "fact":
            entry = run.fact(name)
            return None if entry is None else moment_of(entry.value, zone_of(run.zone))
        case _:
            record = run.record(name)
            return record.settled_at if record.progress in SETTLED else None
