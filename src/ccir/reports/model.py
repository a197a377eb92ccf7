"""One model of a run's report, from which every form is written: summary to timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import msgspec

from ccir.domain.board import board
from ccir.domain.drill_history import Played
from ccir.domain.events import Sealed
from ccir.domain.notices import Counts
from ccir.domain.record import Entry
from ccir.domain.run import Run
from ccir.reports.backups import BackupReport, backups
from ccir.reports.decisions import DecisionReport, decisions
from ccir.reports.drill_series import DrillSeries, drill_series
from ccir.reports.duties import DutyClock
from ccir.reports.evidence import EvidenceReport, evidence
from ccir.reports.facts import FactReport, facts
from ccir.reports.notices import NoticeReport, Notices, Standing
from ccir.reports.open_points import OpenPoint, open_points
from ccir.reports.people import PersonReport, RoleReport, people, roles
from ccir.reports.register import RegisterReport, register
from ccir.reports.steps import PhaseReport, phases
from ccir.reports.telling import Moment, Teller
from ccir.reports.timeline import TimelineEntry, is_privileged, timeline


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the settings name her."""

    name: str
    simulated: bool = False


class ReportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a report is built from; `text` opens a sealed text and returns None if it is erased.

    `counts` are the notices' rows as the ledger has them; `one_account` names notices whose
    approvals came through one account; privileged notes are left out unless `privileged`;
    `clocks` are those of every duty, soonest first; `drills` is the whole history, in all runs,
    of the drills that this one played or cited, oldest first.
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
    clocks: tuple[DutyClock, ...] = ()
    drills: tuple[Played, ...] = ()


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The run in a few lines.

    `digest` is the playbook's SHA-256 and `head` that of the log's last line;
    `privileged_notes` counts them, and `privileged` says whether they stand in this report.
    """

    run: str
    kind: str
    title: str
    organisation: str
    state: str
    severity: str
    severity_meaning: str
    playbook: str
    playbook_title: str
    digest: str
    zone: str
    started: Moment | None
    closed: Moment | None
    held: bool
    overdue: int
    privileged: bool
    privileged_notes: int
    written: Moment
    events: int
    head: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A run's whole story."""

    summary: Summary
    open_points: tuple[OpenPoint, ...]
    roles: tuple[RoleReport, ...]
    people: tuple[PersonReport, ...]
    facts: tuple[FactReport, ...]
    decisions: tuple[DecisionReport, ...]
    steps: tuple[PhaseReport, ...]
    backups: tuple[BackupReport, ...]
    notices: tuple[NoticeReport, ...]
    register: RegisterReport
    evidence: tuple[EvidenceReport, ...]
    timeline: tuple[TimelineEntry, ...]
    drills: tuple[DrillSeries, ...] = ()


def build(request: ReportRequest) -> Report:
    """Return the report of a run as its log tells it."""
    run, entries = request.run, request.entries
    views = board(run, request.now)
    teller = Teller(zone=run.zone, names=_names(request), text=request.text, entries=entries)
    standing = Standing(counts=request.counts, one_account=request.one_account)
    told = Notices(run, entries, teller=teller, standing=standing).told(request.now)
    proofs = backups(entries, teller)
    known = facts(run, teller)
    done = phases(run, views, entries=entries, teller=teller)
    page = register(
        run, entries=entries, clocks=request.clocks, facts=known, phases=done, teller=teller
    )
    points = open_points(
        run, views, backups=proofs, notices=told, duties=page.duties, teller=teller
    )
    return Report(
        summary=_summary(request, teller, overdue=sum(point.overdue for point in points)),
        open_points=points,
        roles=roles(run, entries, teller),
        people=people(entries, teller),
        facts=known,
        decisions=decisions(run, entries, teller),
        steps=done,
        backups=proofs,
        notices=told,
        register=page,
        evidence=evidence(entries, teller),
        timeline=timeline(entries, teller, privileged=request.privileged),
        drills=drill_series(request.drills, teller),
    )


def _names(request: ReportRequest) -> dict[str, str]:
    return {
        person: f"{view.name} (simulated)" if view.simulated else view.name
        for person, view in request.people.items()
    }


def _summary(request: ReportRequest, teller: Teller, *, overdue: int) -> Summary:
    run = request.run
    meanings = {severity.id: severity.meaning for severity in run.playbook.severities}
    return Summary(
        run=run.id,
        kind=run.kind,
        title=run.title,
        organisation=request.organisation,
        state=run.state if run.outcome is None else f"{run.state} as {run.outcome}",
        severity=run.severity,
        severity_meaning=meanings.get(run.severity, ""),
        playbook=f"{run.playbook.id} {run.playbook.version}",
        playbook_title=run.playbook.title,
        digest="" if run.pin is None else run.pin.digest,
        zone=run.zone,
        started=teller.moment_or_none(run.started_at),
        closed=teller.moment_or_none(run.closed_at),
        held=run.held,
        overdue=overdue,
        privileged=request.privileged,
        privileged_notes=sum(map(is_privileged, request.entries)),
        written=teller.moment(request.now),
        events=len(request.entries),
        head=request.entries[-1].hash if request.entries else "",
    )
