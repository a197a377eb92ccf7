"""How each step of a run ended, phase by phase."""

from __future__ import annotations

import msgspec

from ccir.domain.board import StepView
from ccir.domain.events import (
    DecisionMade,
    StepBlocked,
    StepFailed,
    StepFinished,
    StepSkipped,
    WaitEnded,
)
from ccir.domain.record import Entry
from ccir.domain.run import Run, StepRecord
from ccir.reports.telling import Moment, Teller

_ENDS = DecisionMade | StepBlocked | StepFailed | StepFinished | StepSkipped | WaitEnded


class StepReport(msgspec.Struct, frozen=True, kw_only=True):
    """One step: `ended` is when its state came about, `late` that this was after it was due.

    `evidence` counts the files taken for it; `reason` is a failure's stable code; `said` what
    was written with its last event, or why it stands as it does.
    """

    step: str
    title: str
    kind: str
    role: str
    assignee: str
    mandatory: bool
    waived: bool
    state: str
    option: str
    by: str
    started: Moment | None
    ended: Moment | None
    due: Moment | None
    overdue: bool
    late: bool
    evidence: int
    reason: str
    said: str


class PhaseReport(msgspec.Struct, frozen=True, kw_only=True):
    """A phase of the playbook with its steps."""

    phase: str
    title: str
    steps: tuple[StepReport, ...]


def phases(
    run: Run, views: tuple[StepView, ...], *, entries: tuple[Entry, ...], teller: Teller
) -> tuple[PhaseReport, ...]:
    """Return every phase in the playbook's order."""
    ends = {entry.event.step: entry for entry in entries if isinstance(entry.event, _ENDS)}
    return tuple(
        PhaseReport(
            phase=phase.id,
            title=phase.title,
            steps=tuple(
                _step(run, view, end=ends.get(view.step.id), teller=teller)
                for view in views
                if view.step.phase == phase.id
            ),
        )
        for phase in run.playbook.phases
    )


def _step(run: Run, view: StepView, *, end: Entry | None, teller: Teller) -> StepReport:
    step, record = view.step, run.record(view.step.id)
    return StepReport(
        step=step.id,
        title=step.title,
        kind=step.kind,
        role=step.role,
        assignee=teller.name(record.assignee) if record.assignee else "",
        mandatory=step.mandatory,
        waived=step.id in run.waived,
        state=view.state,
        option=record.option,
        by=teller.name(record.by) if record.by else "",
        started=teller.moment_or_none(record.started_at),
        ended=None if record.settled_at is None or end is None else teller.happened(end),
        due=teller.moment_or_none(view.due_at),
        overdue=view.overdue,
        late=_is_late(run, view, record),
        evidence=record.evidence,
        reason=record.reason,
        said=teller.said(record.text) or view.because,
    )


def _is_late(run: Run, view: StepView, record: StepRecord) -> bool:
    """Return whether the step ended, or was left open by closing, after it was due."""
    closing = None if view.is_settled else run.closed_at
    end = record.settled_at or closing
    return end is not None and view.due_at is not None and end > view.due_at
