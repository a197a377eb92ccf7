"""What the screen says of drills: one result, how they went, and which are due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ccir.cli.session import Session
from ccir.cli.verdicts import show_checks
from ccir.cli.words import remaining, size, span

if TYPE_CHECKING:
    from ccir.domain.drill_history import Due, Played
    from ccir.domain.events import DrillFinished
    from ccir.domain.outcomes import Objective

_STYLES = {"fail": "bold red", "error": "yellow", "stale": "bold red"}


def show_history(session: Session, found: Sequence[Played]) -> None:
    """Print drills that were played, oldest first, and the trend of their times."""
    from ccir.domain.drill_history import sparkline

    if not found:
        session.speech.say("no drill was played yet: `ccir drill run DRILL`")
        return
    zone = session.workspace.zone
    session.speech.table(
        ("when", "run", "verdict", "RPO", "RTO", "drill"),
        [
            (
                f"{each.at.astimezone(zone):%Y-%m-%d %H:%M}",
                each.run,
                verdict(each.result),
                _seconds(each.result.rpo),
                _seconds(each.result.rto),
                f"{each.result.drill}, {size(each.result.bytes)}",
            )
            for each in found
        ],
        styles=[_STYLES.get(each.result.verdict, "") for each in found],
    )
    for name in dict.fromkeys(each.result.drill for each in found):
        series = [each.result.rto.measured_seconds for each in found if each.result.drill == name]
        session.speech.say(f"{name}: RTO {sparkline(series)}")


def show_due(session: Session, found: Sequence[Due]) -> None:
    """Print when each drill is due."""
    if not found:
        session.speech.say("no drill has a schedule: add `schedule: {every: 24h}` to one")
        return
    session.speech.table(
        ("due", "drill", "every", "last", "missed"),
        [
            (
                remaining(each.due_at, session.now) if each.due_at else "never played",
                each.drill,
                each.every,
                "" if each.last is None else f"{verdict(each.last.result)} in {each.last.run}",
                str(each.missed or ""),
            )
            for each in found
        ],
        styles=["bold red" if each.is_due else "" for each in found],
    )


def show_result(session: Session, event: DrillFinished, *, hint: str) -> None:
    """Print what one drill came to."""
    reason = f" ({event.reason})" if event.reason else ""
    snapshot = f", snapshot {event.snapshot[:8]}" if event.snapshot else ""
    session.speech.say(
        f"drill {event.drill} on {event.target}: {event.verdict}{reason}{snapshot}",
        f"{event.files} files, {size(event.bytes)} restored; scratch {event.cleanup}",
        f"RPO {_objective(event.rpo)}; RTO {_objective(event.rto)}",
    )
    show_checks(session, event.checks, hint=hint)


def verdict(event: DrillFinished) -> str:
    """Return the verdict with its reason."""
    return f"{event.verdict} ({event.reason})" if event.reason else event.verdict


def _seconds(objective: Objective) -> str:
    measured = objective.measured_seconds
    return "" if measured is None else span(measured)


def _objective(objective: Objective) -> str:
    measured = "not measured"
    if objective.measured_seconds is not None:
        measured = span(objective.measured_seconds)
    if objective.objective_seconds is None:
        return f"{measured}, no objective"
    met = {True: "met", False: "MISSED", None: "not judged"}[objective.met]
    return f"{measured} of {span(objective.objective_seconds)}, {met}"
