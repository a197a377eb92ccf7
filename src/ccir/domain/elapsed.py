"""What time alone has done to a run: waits that are over and steps that fell overdue."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain.board import StepView, board, due_moment
from ccir.domain.events import AnyEvent, StepOverdue, WaitEnded
from ccir.domain.playbook import WaitArguments
from ccir.domain.run import Run


def elapsed(run: Run, now: dt.datetime) -> list[tuple[dt.datetime, AnyEvent]]:
    """Return what became true by `now` without anybody's doing, each with its moment.

    The views compute the same from `now`; the next writing command records it.
    """
    if run.state != "open":
        return []
    views = board(run, now)
    waits = [_wait(run, now, view) for view in views if _is_new_end(run, view)]
    overdue = [
        (view.due_at, StepOverdue(step=view.step.id, due_at=view.due_at))
        for view in views
        if view.due_at is not None and _is_newly_overdue(run, view)
    ]
    return sorted([*waits, *overdue], key=lambda happened: happened[0])


def _is_new_end(run: Run, view: StepView) -> bool:
    is_over = view.step.kind == "wait" and view.state == "done"
    return is_over and run.record(view.step.id).progress == "open"


def _wait(run: Run, now: dt.datetime, view: StepView) -> tuple[dt.datetime, AnyEvent]:
    until = due_moment(run, msgspec.convert(view.step.arguments, WaitArguments).until)
    return until or now, WaitEnded(step=view.step.id)


def _is_newly_overdue(run: Run, view: StepView) -> bool:
    return view.overdue and not run.record(view.step.id).noted_overdue
