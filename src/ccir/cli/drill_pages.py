"""What the screen says of drills: how they went, and which are due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ccir.cli.session import Session
from ccir.cli.words import counted, remaining, size
from ccir.domain.spans import span

if TYPE_CHECKING:
    from ccir.domain.drill_history import Due, Played
    from ccir.domain.drill_trend import DrillTrend
    from ccir.domain.events import DrillFinished
    from ccir.domain.outcomes import Objective

_STYLES = {"fail": "bold red", "error": "yellow", "stale": "bold red", "skipped": "dim"}


def show_history(session: Session, found: Sequence[Played]) -> None:
    """Print drills that were played, oldest first, and the trends of each."""
    from ccir.domain.drill_trend import trends

    if not found:
        session.speech.say("no drill was played yet: `ccir drill run DRILL`")
        return
    zone = session.workspace.zone
    session.speech.table(
        ("when", "run", "RPO", "RTO", "verdict", "proof", "drill"),
        [
            (
                f"{each.at.astimezone(zone):%Y-%m-%d %H:%M}",
                each.run,
                _seconds(each.result.rpo),
                _seconds(each.result.rto),
                verdict(each.result),
                _proof(each.result),
                f"{each.result.drill}, {size(each.result.bytes)}",
            )
            for each in found
        ],
        styles=[_STYLES.get(each.result.verdict, "") for each in found],
        folding=3,
    )
    for developed in trends(found):
        _show_trend(session, developed, [p for p in found if p.result.drill == developed.drill])


def show_due(session: Session, found: Sequence[Due]) -> None:
    """Print when each drill is due, and how it stands."""
    if not found:
        session.speech.say("no drill has a schedule: add `schedule: {every: 24h}` to one")
        return
    session.speech.table(
        ("due", "drill", "every", "missed", "verdict", "last"),
        [
            (
                remaining(each.due_at, session.now) if each.due_at else "never played",
                each.drill,
                each.every,
                str(each.missed or ""),
                _with_reason(each.verdict, each.reason),
                "" if each.last is None else f"{verdict(each.last.result)} in {each.last.run}",
            )
            for each in found
        ],
        styles=["bold red" if each.is_due else _STYLES.get(each.verdict, "") for each in found],
        folding=2,
    )


def verdict(event: DrillFinished) -> str:
    """Return the verdict with its reason."""
    return _with_reason(event.verdict, event.reason)


def _with_reason(verdict: str, reason: str) -> str:
    return verdict if reason in {"", verdict} else f"{verdict} ({reason})"


def _seconds(objective: Objective) -> str:
    measured = objective.measured_seconds
    return "" if measured is None else span(measured)


def _show_trend(session: Session, developed: DrillTrend, own: Sequence[Played]) -> None:
    """Print the bars of one drill, and what its restore times come to."""
    from ccir.domain.drill_history import sparkline
    from ccir.domain.drill_trend import coverage_share

    bars = {
        "RTO": sparkline([each.result.rto.measured_seconds for each in own]),
        "RPO": sparkline([each.result.rpo.measured_seconds for each in own]),
        "coverage": sparkline([coverage_share(each.result) for each in own]),
    }
    shown = (f"{name} {line}" for name, line in bars.items() if line.strip())
    session.speech.say(f"{developed.drill}: {'; '.join(shown) or 'nothing was measured'}")
    rto = developed.rto
    if rto is not None:
        times = {"minimum": rto.minimum, "median": rto.median, "p95": rto.p95}
        listed = ", ".join(f"{name} {span(seconds)}" for name, seconds in times.items())
        session.speech.say(f"  full restores: {listed} (measured, {counted(rto.count, 'drill')})")


def _proof(result: DrillFinished) -> str:
    """Return the mode, the level that was reached, and the coverage: never 100 % before all."""
    from ccir.domain.drill_trend import coverage_share

    if result.verdict == "skipped":
        return ""
    share = coverage_share(result)
    parts = (result.mode, result.level, "" if share is None else f"{int(share * 100)} % covered")
    return ", ".join(part for part in parts if part)
