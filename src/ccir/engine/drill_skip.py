"""Leaves a drill out this time: its slot is taken, and who said so and why stays in a log."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.catalog.documents import load_drill
from ccir.config.choice import binding
from ccir.domain.commands import CloseRun, RecordOutcome, SkipStep
from ccir.domain.drills import Drill
from ccir.domain.events import DrillFinished
from ccir.domain.outcomes import Objective
from ccir.engine.drill_lock import drill_lock
from ccir.engine.drill_records import STEP, begin
from ccir.engine.drill_schedule import due_now
from ccir.engine.families import check_arguments
from ccir.engine.handle import handle
from ccir.engine.texts import fit_words, seal
from ccir.engine.workspace import Workspace
from ccir.errors import RefusedError, UsageError

SKIPPED = "skipped"
_LONGEST = dt.timedelta(days=366)


class SkipOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Which drill is left out, by whom and why; due again on the day `until`, if it is given."""

    drill: str
    by: str
    reason: str
    until: dt.date | None = None


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """A drill that was left out: the run that says so, and when it is due again."""

    run: str
    event: DrillFinished
    due_at: dt.datetime | None


def skip(workspace: Workspace, order: SkipOrder) -> Skipped:
    """Record that the drill is left out this time.

    Raises:
        NotFoundError: there is no such drill.
        RefusedError: it has no schedule, or the reason holds a card number.
        UsageError: the day is past or more than a year away, or the reason is empty.
        ConflictError: another process plays it now.
    """
    plan = load_drill(workspace.sources.find("drills", order.drill), check_arguments())
    if plan.schedule is None:
        raise RefusedError(
            f"drill '{plan.id}' has no schedule", hint="it is played only when somebody asks"
        )
    fit_words(order.reason)
    event = _event(workspace, plan, until=_moment(workspace, order.until))
    with drill_lock(workspace, plan.id):
        run = begin(workspace, plan, by=order.by)
        reason = seal(workspace, run, order.reason)
        handle(
            workspace,
            run,
            RecordOutcome(by=order.by, outcome=event),
            SkipStep(by=order.by, step=STEP, reason=reason),
        )
        handle(workspace, run, CloseRun(by=order.by, outcome="resolved"))
        due = due_now(workspace, plan)
    return Skipped(run=run, event=event, due_at=None if due is None else due.due_at)


def _event(workspace: Workspace, drill: Drill, *, until: dt.datetime | None) -> DrillFinished:
    return DrillFinished(
        drill=drill.id,
        target=binding(workspace.settings, drill.target, "targets") or drill.target,
        verdict="skipped",
        reason=SKIPPED,
        snapshot=None,
        files=0,
        bytes=0,
        rpo=Objective(),
        rto=Objective(),
        checks=(),
        cleanup="none",
        step=STEP,
        skipped_until=until,
    )


def _moment(workspace: Workspace, day: dt.date | None) -> dt.datetime | None:
    """Return when the day begins in the organisation's zone, in UTC."""
    if day is None:
        return None
    begins = dt.datetime.combine(day, dt.time(), tzinfo=workspace.zone).astimezone(dt.UTC)
    now = workspace.clock.now()
    if not now < begins <= now + _LONGEST:
        raise UsageError(
            f"{day} is not a day within the next year", hint="a drill is put off, not given up"
        )
    return begins
