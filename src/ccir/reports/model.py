"""One model of a run's report, from which every form is written: summary to open points."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import msgspec

from ccir.domain.board import StepView, board
from ccir.domain.events import EvidenceAdded, Sealed
from ccir.domain.facts import written
from ccir.domain.moments import shown, zone_of
from ccir.domain.notices import Counts
from ccir.domain.record import Entry
from ccir.domain.run import Run
from ccir.domain.wording import tally
from ccir.reports.backups import Backup, backups
from ccir.reports.notices import NoticeReport, notice_report
from ccir.reports.timeline import Moment, Teller


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the settings name her."""

    name: str
    simulated: bool = False


class ReportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is built from; `text` opens a sealed text and returns None if it is erased.

    `counts` are the notices' rows as the ledger has them; `one_account` names notices whose
    approvals came through one account; privileged notes are left out unless `privileged`.
    """

    run: Run
    entries: tuple[Entry, ...]
    now: dt.datetime
    people: dict[str, PersonView]
    text: Callable[[Sealed], str | None]
    privileged: bool = False
    organisation: str = ""
    counts: dict[str, Counts] = {}
    one_account: frozenset[str] = frozenset()


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The run in a few lines."""

    run: str
    kind: str
    title: str
    organisation: str
    state: str
    severity: str
    playbook: str
    digest: str
    started: str
    closed: str
    held: bool
    written: str
    events: int
    head: str


class PersonReport(msgspec.Struct, frozen=True, kw_only=True):
    """Who held a role at the end, and how many events somebody stands in as the author."""

    role: str
    title: str
    person: str


class StepReport(msgspec.Struct, frozen=True, kw_only=True):
    """One step with how it ended."""

    phase: str
    step: str
    title: str
    role: str
    state: str
    by: str
    settled: str
    due: str
    overdue: bool
    late: bool
    evidence: int
    said: str


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One decision with its reason."""

    step: str
    title: str
    option: str
    reason: str
    by: str
    at: str


class FactReport(msgspec.Struct, frozen=True, kw_only=True):
    """One statement of a fact; earlier and withdrawn ones are listed too."""

    name: str
    question: str
    value: str
    source: str
    by: str
    at: str
    standing: str


class EvidenceReport(msgspec.Struct, frozen=True, kw_only=True):
    """One file of evidence."""

    event: int
    name: str
    sha256: str
    size_bytes: int
    step: str
    by: str
    at: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A run's whole story."""

    summary: Summary
    open_points: tuple[str, ...]
    people: tuple[PersonReport, ...]
    facts: tuple[FactReport, ...]
    decisions: tuple[Decision, ...]
    steps: tuple[StepReport, ...]
    backups: tuple[Backup, ...]
    notices: tuple[NoticeReport, ...]
    evidence: tuple[EvidenceReport, ...]
    timeline: tuple[Moment, ...]


def build(request: ReportRequest) -> Report:
    """Return the report of a run as its log tells it."""
    run = request.run
    views = board(run, request.now)
    teller = Teller(
        run=run, text=request.text, names=_names(request), privileged=request.privileged
    )
    notices = tuple(
        notice_report(run, notice, teller=teller, counts=request.counts.get(notice.id, Counts()),
                      is_one_account=notice.id in request.one_account)
        for notice in run.playbook.notices
    )  # fmt: skip
    return Report(
        summary=_summary(request),
        open_points=_open_points(run, views, notices),
        people=_people(run, teller),
        facts=tuple(_facts(run, teller)),
        decisions=tuple(_decisions(run, teller)),
        steps=tuple(_step(run, view, teller) for view in views),
        backups=backups(request.entries, teller),
        notices=notices,
        evidence=tuple(_evidence(request, teller)),
        timeline=tuple(teller.moment(entry) for entry in request.entries),
    )


def _names(request: ReportRequest) -> dict[str, str]:
    return {
        person: f"{view.name} (simulated)" if view.simulated else view.name
        for person, view in request.people.items()
    }


def _summary(request: ReportRequest) -> Summary:
    run, zone = request.run, zone_of(request.run.zone)
    last = request.entries[-1] if request.entries else None
    return Summary(
        run=run.id,
        kind=run.kind,
        title=run.title,
        organisation=request.organisation,
        state=run.state if run.outcome is None else f"{run.state} as {run.outcome}",
        severity=run.severity,
        playbook=f"{run.playbook.id} {run.playbook.version}: {run.playbook.title}",
        digest="" if run.pin is None else run.pin.digest,
        started="" if run.started_at is None else shown(run.started_at, zone),
        closed="" if run.closed_at is None else shown(run.closed_at, zone),
        held=run.held,
        written=shown(request.now, zone),
        events=len(request.entries),
        head="" if last is None else last.hash,
    )


def _people(run: Run, teller: Teller) -> tuple[PersonReport, ...]:
    return tuple(
        PersonReport(
            role=role.id,
            title=role.title,
            person=teller.name(run.roles[role.id]) if role.id in run.roles else "nobody",
        )
        for role in run.playbook.roles
    )


def _facts(run: Run, teller: Teller) -> list[FactReport]:
    questions = {fact.id: fact.question for fact in run.playbook.facts}
    found = []
    for name, entries in run.facts.items():
        current = run.fact(name)
        for entry in entries:
            standing = "withdrawn" if entry.withdrawn else "earlier"
            found.append(
                FactReport(
                    name=name,
                    question=questions.get(name, ""),
                    value=written(entry.value),
                    source=entry.source,
                    by=teller.name(entry.by),
                    at=teller.at(entry.at),
                    standing="stands" if entry is current else standing,
                )
            )
    return found


def _decisions(run: Run, teller: Teller) -> list[Decision]:
    decided = [(step, run.record(step.id)) for step in run.playbook.steps]
    return [
        Decision(
            step=step.id,
            title=step.title,
            option=record.option,
            reason=teller.said(record.text),
            by=teller.name(record.by),
            at="" if record.settled_at is None else teller.at(record.settled_at),
        )
        for step, record in decided
        if record.option
    ]


def _step(run: Run, view: StepView, teller: Teller) -> StepReport:
    step, record = view.step, run.record(view.step.id)
    settled = record.settled_at
    late = settled is not None and view.due_at is not None and settled > view.due_at
    return StepReport(
        phase=next((phase.title for phase in run.playbook.phases if phase.id == step.phase), ""),
        step=step.id,
        title=step.title,
        role=step.role,
        state=view.state,
        by=teller.name(record.by) if record.by else "",
        settled="" if settled is None else teller.at(settled),
        due="" if view.due_at is None else teller.at(view.due_at),
        overdue=view.overdue,
        late=late,
        evidence=record.evidence,
        said=teller.said(record.text) or record.reason or view.because,
    )


def _evidence(request: ReportRequest, teller: Teller) -> list[EvidenceReport]:
    return [
        EvidenceReport(
            event=entry.seq,
            name=teller.said(entry.event.name),
            sha256=entry.event.sha256,
            size_bytes=entry.event.size_bytes,
            step=entry.event.step or "",
            by=teller.name(entry.by),
            at=teller.at(entry.at),
        )
        for entry in request.entries
        if isinstance(entry.event, EvidenceAdded)
    ]


def _open_points(
    run: Run, views: tuple[StepView, ...], notices: tuple[NoticeReport, ...]
) -> tuple[str, ...]:
    steps = [
        f"step {view.step.id} is {view.state}{', OVERDUE' if view.overdue else ''}: "
        f"{view.step.title}"
        for view in views
        if not view.is_settled and view.step.mandatory
    ]
    facts = [
        f"fact {fact.id} is not known: {fact.question}"
        for fact in run.playbook.facts
        if fact.required and run.fact(fact.id) is None
    ]
    doubtful = [
        f"notice {notice.notice}: {tally(notice.counts)}"
        for notice in notices
        if notice.counts.unknown or notice.counts.refused
    ]
    roles = [f"nobody is {role.title}" for role in run.playbook.roles if role.id not in run.roles]
    waived = [f"mandatory step {step} was waived" for step in run.waived]
    return (*steps, *facts, *doubtful, *roles, *waived)
