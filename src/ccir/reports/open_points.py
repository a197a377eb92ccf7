"""What is still open in a run: overdue first, then what is due soonest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

import msgspec

from ccir.domain.board import StepView
from ccir.domain.playbook import NotifyArguments
from ccir.domain.run import Run
from ccir.domain.wording import tally
from ccir.reports.backups import BackupReport
from ccir.reports.duties import DutyReport
from ccir.reports.notices import NoticeReport
from ccir.reports.telling import Moment, Teller

PointKind = Literal["step", "fact", "notice", "recipients", "duty", "backup", "role"]
_FAR = dt.datetime.max.replace(tzinfo=dt.UTC)
_BEGUN = frozenset({"active", "blocked", "failed"})
_OWED = frozenset({"open", "late"})
_CLOSED_NOTICES = frozenset({"not prepared", "sent"})


class OpenPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is left to do, to learn or to explain; `id` names it within its kind."""

    kind: PointKind
    id: str
    what: str
    due: Moment | None = None
    overdue: bool = False


def open_points(
    run: Run,
    views: tuple[StepView, ...],
    *,
    backups: tuple[BackupReport, ...],
    notices: tuple[NoticeReport, ...],
    duties: tuple[DutyReport, ...],
    teller: Teller,
) -> tuple[OpenPoint, ...]:
    """Return every open point."""
    needless = _needless(views)
    points = [
        *_steps(run, views, teller),
        *_facts(run, views),
        *(point for notice in notices for point in _notice(notice, needless)),
        *_duties(duties),
        *_backups(backups),
        *_roles(run),
    ]
    return tuple(sorted(points, key=_urgency))


def _urgency(point: OpenPoint) -> tuple[bool, dt.datetime]:
    return not point.overdue, _FAR if point.due is None else point.due.at


def _steps(run: Run, views: tuple[StepView, ...], teller: Teller) -> Iterator[OpenPoint]:
    for view in views:
        matters = view.step.mandatory or view.overdue or view.state in _BEGUN
        if matters and not view.is_settled:
            waived = ", waived at closing" if view.step.id in run.waived else ""
            because = f" ({view.because})" if view.because else ""
            yield OpenPoint(
                kind="step",
                id=view.step.id,
                what=f"{view.step.title}: {view.state}{because}{waived}",
                due=teller.moment_or_none(view.due_at),
                overdue=view.overdue,
            )


def _facts(run: Run, views: tuple[StepView, ...]) -> Iterator[OpenPoint]:
    """Yield what was to be known, and what a waiting step needs to know."""
    needed = {name for view in views if not view.is_settled for name in view.missing}
    for fact in run.playbook.facts:
        if run.fact(fact.id) is None and (fact.required or fact.id in needed):
            yield OpenPoint(kind="fact", id=fact.id, what=f"Not known: {fact.question}")


def _notice(notice: NoticeReport, needless: frozenset[str]) -> Iterator[OpenPoint]:
    is_begun = notice.state not in _CLOSED_NOTICES
    if is_begun or (notice.overdue and notice.notice not in needless):
        yield OpenPoint(
            kind="notice",
            id=notice.notice,
            what=f"{notice.title}: {notice.state}",
            due=notice.due,
            overdue=notice.overdue,
        )
    for version in notice.versions:
        if version.counts.unknown or version.counts.refused:
            unknown = "; whether the unknown arrived is not known" if version.counts.unknown else ""
            yield OpenPoint(
                kind="recipients",
                id=notice.notice,
                what=f"{notice.title}, version {version.version}: {tally(version.counts)}{unknown}",
            )


def _needless(views: tuple[StepView, ...]) -> frozenset[str]:
    """Return the notices that no step asks for any more, because all of theirs were left out."""
    asking: dict[str, set[str]] = {}
    for view in views:
        if view.step.kind == "notify":
            notice = msgspec.convert(view.step.arguments, NotifyArguments).notice
            asking.setdefault(notice, set()).add(view.state)
    return frozenset(notice for notice, states in asking.items() if states == {"skipped"})


def _duties(duties: tuple[DutyReport, ...]) -> Iterator[OpenPoint]:
    """Yield whom to tell yet, where a number or an own target says by when."""
    for duty in duties:
        due = duty.work_to or duty.target
        if not duty.submissions and duty.state in _OWED and due is not None:
            yield OpenPoint(
                kind="duty",
                id=duty.rule,
                what=f"{duty.recipient}: {duty.state}",
                due=due,
                overdue=duty.state == "late",
            )


def _backups(backups: tuple[BackupReport, ...]) -> Iterator[OpenPoint]:
    """Yield what the newest verification, drill or restore of its kind did not prove."""
    newest = {(backup.kind, backup.what): backup for backup in backups}
    for backup in newest.values():
        if backup.verdict not in {"pass", "skipped"}:
            reason = f" ({backup.reason})" if backup.reason else ""
            yield OpenPoint(
                kind="backup",
                id=backup.target,
                what=f"{backup.what}: {backup.verdict}{reason}, event {backup.event}",
            )


def _roles(run: Run) -> Iterator[OpenPoint]:
    if run.state == "open":
        for role in run.playbook.roles:
            if role.id not in run.roles:
                yield OpenPoint(kind="role", id=role.id, what=f"Nobody is {role.title}")
