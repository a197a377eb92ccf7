"""How a run stands, for a screen or a program: steps, facts, roles, notices and drift."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain.board import StepView, board
from ccir.domain.events import FactValue, RunKind
from ccir.domain.notices import Counts
from ccir.domain.playbook import Notice
from ccir.domain.run import Run
from ccir.domain.views import NoticeState, notice_view, playbook_roles
from ccir.engine.drift import drift
from ccir.engine.notice_rows import ledger_counts
from ccir.engine.workspace import Workspace


class PlaybookStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The document a run is held to; `drift` says how its file differs now, empty if not."""

    id: str
    version: str
    digest: str
    drift: str = ""


class FactStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A fact's newest statement, with how many there were before it."""

    value: FactValue
    source: str
    at: dt.datetime
    earlier: int = 0


class StepStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A step as it stands; `because` says in a few words why it waits or failed."""

    id: str
    title: str
    kind: str
    phase: str
    role: str
    state: str
    due_at: dt.datetime | None
    overdue: bool
    because: str = ""
    mandatory: bool = True
    evidence: int = 0


class NoticeStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as it stands, with its newest version's rows."""

    id: str
    state: NoticeState
    counts: Counts
    due_at: dt.datetime | None = None
    overdue: bool = False


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it stands at a moment."""

    run: str
    kind: RunKind
    title: str
    state: str
    severity: str
    playbook: PlaybookStatus
    started_at: dt.datetime | None
    held: bool
    outcome: str | None
    overdue: int
    roles: dict[str, str | None]
    facts: dict[str, FactStatus]
    steps: tuple[StepStatus, ...]
    notices: tuple[NoticeStatus, ...]


def status(workspace: Workspace, run: Run, now: dt.datetime) -> Status:
    """Return how the run stands at `now`."""
    steps = tuple(_step(run, view) for view in board(run, now))
    return Status(
        run=run.id,
        kind=run.kind,
        title=run.title,
        state=run.state,
        severity=run.severity,
        playbook=_playbook(workspace, run),
        started_at=run.started_at,
        held=run.held,
        outcome=run.outcome,
        overdue=sum(step.overdue for step in steps),
        roles=playbook_roles(run),
        facts={name: fact for name in run.facts for fact in _facts(run, name)},
        steps=steps,
        notices=tuple(
            _notice(workspace, run, notice=each, now=now) for each in run.playbook.notices
        ),
    )


def counts_of(workspace: Workspace, run: Run, notice: str) -> Counts:
    """Return how the rows of a notice's newest version stand; nothing before a preview."""
    version = run.latest(notice)
    return Counts() if version is None else ledger_counts(workspace, run, version)


def _playbook(workspace: Workspace, run: Run) -> PlaybookStatus:
    return PlaybookStatus(
        id=run.playbook.id,
        version=run.playbook.version,
        digest="" if run.pin is None else run.pin.digest,
        drift=drift(workspace, run),
    )


def _facts(run: Run, name: str) -> tuple[FactStatus, ...]:
    entry = run.fact(name)
    if entry is None:
        return ()
    earlier = len(run.facts[name]) - 1
    return (FactStatus(value=entry.value, source=entry.source, at=entry.at, earlier=earlier),)


def _step(run: Run, view: StepView) -> StepStatus:
    step, record = view.step, run.record(view.step.id)
    return StepStatus(
        id=step.id,
        title=step.title,
        kind=step.kind,
        phase=step.phase,
        role=step.role,
        state=view.state,
        due_at=view.due_at,
        overdue=view.overdue,
        because=record.reason or view.because,
        mandatory=step.mandatory,
        evidence=record.evidence,
    )


def _notice(workspace: Workspace, run: Run, *, notice: Notice, now: dt.datetime) -> NoticeStatus:
    view = notice_view(run, notice, now)
    return NoticeStatus(
        id=notice.id,
        state=view.state,
        counts=counts_of(workspace, run, notice.id),
        due_at=view.due_at,
        overdue=view.overdue,
    )
