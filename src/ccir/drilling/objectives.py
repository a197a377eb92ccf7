"""What a drill promises and how long it may take, in seconds."""

from __future__ import annotations

import msgspec

from ccir.backup.interface import Deadlines, Target
from ccir.clock import Clock
from ccir.domain.drills import Drill
from ccir.domain.periods import parse_period
from ccir.errors import InvalidDocumentError

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
