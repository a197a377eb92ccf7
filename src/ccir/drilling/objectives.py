"""What a drill promises and how long it may take, in seconds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from ccir.backup.interface import Deadlines, Target
from ccir.clock import Clock
from ccir.domain.drills import Drill
from ccir.domain.outcomes import CheckResult
from ccir.domain.periods import parse_period
from ccir.domain.spans import span
from ccir.drilling.failures import promised
from ccir.errors import InvalidDocumentError

_CANARY = "canary"
_SECONDS = {"minutes": 60, "hours": 3_600, "days": 86_400, "weeks": 604_800}


def with_objectives(target: Target, drill: Drill) -> Target:
    """Return the target with the drill's RPO and RTO where it has its own.

    Raises:
        InvalidDocumentError: one of them has no fixed length.
    """
    rpo = target.rpo_seconds if drill.rpo is None else seconds_of(drill.rpo)
    rto = target.rto_seconds if drill.rto is None else seconds_of(drill.rto)
    return msgspec.structs.replace(target, rpo_seconds=rpo, rto_seconds=rto)


def seconds_of(text: str) -> float:
    """Return the length of a period; a month or a business day has no fixed one.

    Raises:
        InvalidDocumentError: it has none.
    """
    period = parse_period(text)
    if period is None or period.unit not in _SECONDS:
        raise InvalidDocumentError(
            f"'{text}' has no fixed length",
            hint="write the drill's rpo, rto and deadline in minutes, hours, days or weeks",
        )
    return float(period.amount * _SECONDS[period.unit])


class Budget:
    """The seconds that a whole piece of work may take, running from now on."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._until = clock.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; 0 or less where the time is over."""
        return self._until - self._clock.monotonic()

    def within(self, deadlines: Deadlines) -> Deadlines:
        """Return the deadlines, none of them later than the budget's end."""
        left = max(0.0, self.left())
        given: dict[str, float] = msgspec.structs.asdict(deadlines)
        return Deadlines(**{name: min(each, left) for name, each in given.items()})


def data_age(checks: Sequence[CheckResult], now: dt.datetime) -> float | None:
    """Return how many seconds old the newest datum is that came back: the RPO as it really is.

    A canary says it exactly; else the newest moment that any check saw.
    """
    canary = [each.newest_at for each in checks if each.name == _CANARY]
    seen = [at for at in canary or (each.newest_at for each in checks) if at is not None]
    return (now - max(seen)).total_seconds() if seen else None


def judge_data_age(
    checks: Sequence[CheckResult], now: dt.datetime, *, rpo: float | None
) -> CheckResult | None:
    """Hold the canary's age against the RPO; None where there is no canary."""
    has_canary = any(each.name == _CANARY and each.newest_at is not None for each in checks)
    age = data_age(checks, now) if has_canary else None
    if age is None:
        return None
    promise = promised("RPO", rpo, seconds=age)
    detail = f"the newest datum that came back is {span(age)} old; {promise}"
    if rpo is None or age <= rpo:
        return CheckResult(name="data-age", verdict="pass", detail=detail)
    return CheckResult(
        name="data-age",
        verdict="fail",
        reason="data-old",
        detail=detail,
        hint="what was entered since would be lost: back up more often, or promise less",
    )
