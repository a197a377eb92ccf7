"""`ccir notice plan`: how long a notice takes to go out, and which deadlines that meets."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.completion import complete_notices
from ccir.cli.session import Session
from ccir.cli.words import moment
from ccir.domain.moments import parse_moment, zone_of
from ccir.domain.send_plan import SAFETY_MARGIN, Outlook, Pace, SendPlan, lateness
from ccir.domain.spans import span
from ccir.errors import UsageError

if TYPE_CHECKING:
    from ccir.engine.notice_planning import PlannedNotice

_FURTHEST = dt.timedelta(days=366)


def plan(
    session: Session,
    notice: Annotated[
        str, typer.Argument(help="The notice's id.", autocompletion=complete_notices)
    ],
    rate: Annotated[
        str | None,
        typer.Option(metavar="RATE", help="Calculate with this rate: 14/s, 600/min, 50000/h."),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="When sending starts; by default now."),
    ] = None,
) -> int:
    """Show how long the newest version takes to go out, and which deadlines that meets.

    Nothing is sent. Counts those who are still to be told, at the lower of the channel's rate and
    what earlier sendings of this run reached, with a tenth on top. Exit status 1 where a deadline
    cannot be met.
    """
    from ccir.engine.handle import load
    from ccir.engine.notice_planning import asked_rate, plan_notice

    session.refuse_at()
    loaded = load(session.workspace, session.run_id)
    planned = plan_notice(
        session.workspace,
        loaded,
        notice,
        start_at=_start(session, from_),
        asked=None if rate is None else asked_rate(rate),
    )
    if not session.speech.result(_document(session, planned)):
        _show(session, planned, zone=loaded.run.zone)
    return 1 if planned.plan.missed else 0


def _start(session: Session, text: str | None) -> dt.datetime:
    now = session.now
    if text is None:
        return now
    start_at = parse_moment(text, now=now, zone=session.workspace.zone)
    if not now <= start_at <= now + _FURTHEST:
        raise UsageError(
            f"--from {text} does not lie within a year from now",
            hint="give a time to come, such as 22:00 or 2026-11-24T14:05",
        )
    return start_at


def _document(session: Session, planned: PlannedNotice) -> dict[str, object]:
    version, plan = planned.version, planned.plan
    return {
        "run": session.run_id,
        "notice": version.notice,
        "version": version.version,
        "channel": version.channel,
        "recipients": version.recipients,
        "left": plan.left,
        "start_at": plan.start_at,
        "rate": {
            "per_second": plan.pace.per_second,
            "bound": plan.pace.bound,
            "channel": plan.pace.channel,
            "measured": plan.pace.measured,
            "asked": plan.pace.asked,
        },
        "margin": SAFETY_MARGIN,
        "needed_seconds": _seconds(plan.needed),
        "finish_at": plan.finish_at,
        "deadlines": [_deadline(each) for each in plan.outlooks],
    }


def _deadline(outlook: Outlook) -> dict[str, object]:
    return {
        "rule": outlook.due.rule or None,
        "certain": outlook.due.is_certain,
        "plan_by": outlook.due.plan_by,
        "legal_due": outlook.due.legal_due,
        "latest_start": outlook.latest_start,
        "slack_seconds": _seconds(outlook.slack),
        "outcome": outlook.outcome,
        "missed_by_seconds": _seconds(outlook.missed_by),
    }


def _show(session: Session, planned: PlannedNotice, *, zone: str) -> None:
    version, plan = planned.version, planned.plan
    session.speech.say(
        f"{version.notice} version {version.version}: {plan.left} of {version.recipients} "
        f"recipients are left, through {version.channel}"
    )
    if not plan.left:
        session.speech.say("nothing is left to send")
        return
    session.speech.say(f"rate: {_pace(plan.pace)}")
    session.speech.say(*_course(plan, zone=zone))
    if plan.outlooks:
        _show_deadlines(session, plan, zone=zone)
    else:
        session.speech.say("no deadline is known that this notice has to meet: `ccir clocks`")


def _pace(pace: Pace) -> str:
    if pace.per_second is None:
        return "no rate known; ask with one: --rate 14/s"
    known = {"asked": pace.asked, "channel": pace.channel, "measured": pace.measured}
    each = ", ".join(f"{name} {_rate(rate)}" for name, rate in known.items() if rate is not None)
    return f"{_rate(pace.per_second)}, by what is {_BOUND[pace.bound or 'asked']} ({each})"


_BOUND = {"asked": "asked", "channel": "the channel's limit", "measured": "measured"}


def _rate(per_second: float) -> str:
    """Return a rate in the unit that gives at least one message."""
    if per_second >= 1:
        return f"{per_second:.4g}/s"
    per_minute = per_second * 60
    return f"{per_minute:.4g}/min" if per_minute >= 1 else f"{per_minute * 60:.4g}/h"


def _course(plan: SendPlan, *, zone: str) -> list[str]:
    if plan.needed is None:
        return ["time needed: not known without a rate"]
    length = span(plan.needed.total_seconds())
    return [
        f"time needed: {length}, with {SAFETY_MARGIN:.0%} on top for safety",
        f"started {moment(plan.start_at, zone)}, it is done {moment(plan.finish_at, zone)}",
    ]


def _show_deadlines(session: Session, plan: SendPlan, *, zone: str) -> None:
    session.speech.table(
        ("deadline", "outcome", "work to", "at the latest", "latest safe start"),
        [
            (
                _name(each),
                _outcome(each),
                _local(each.due.plan_by, zone),
                _local(each.due.legal_due, zone),
                _local(each.latest_start, zone),
            )
            for each in plan.outlooks
        ],
        styles=[_STYLES[each.outcome] for each in plan.outlooks],
        folding=3,
    )


_STYLES = {"met": "", "tight": "yellow", "missed": "bold red", "unknown": ""}


def _name(outlook: Outlook) -> str:
    if not outlook.due.rule:
        return "playbook"
    return outlook.due.rule if outlook.due.is_certain else f"{outlook.due.rule} (may apply)"


def _outcome(outlook: Outlook) -> str:
    match outlook.outcome:
        case "missed":
            return f"MISSED by {lateness(outlook)}"
        case "tight":
            late = -(outlook.slack or dt.timedelta()).total_seconds()
            return f"tight: {span(late)} after 'work to'"
        case "met" | "unknown":
            return outlook.outcome


def _local(at: dt.datetime | None, zone: str) -> str:
    """Return the moment in the organisation's zone, short enough for a column."""
    return "-" if at is None else f"{at.astimezone(zone_of(zone)):%Y-%m-%d %H:%M %Z}"


def _seconds(length: dt.timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()
