"""Where now comes from: the system's clock, or a clock that a test or a story sets."""

from __future__ import annotations

import datetime as dt
import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time and waits; the only source of both."""

    def now(self) -> dt.datetime:
        """Return the present moment, aware, in UTC, to the microsecond."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only grow, for measuring how long something took."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait that many seconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> dt.datetime:
        """Return the machine's time in UTC."""
        return dt.datetime.now(dt.UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let the process wait."""
        time.sleep(seconds)


class FixedClock:
    """A clock that stands still until it is moved or slept on."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now.astimezone(dt.UTC)
        self._elapsed = 0.0

    def now(self) -> dt.datetime:
        """Return the moment the clock was set to."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds the clock has been moved by."""
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        """Move on by that many seconds without waiting."""
        self.move(seconds)

    def move(self, seconds: float) -> None:
        """Set the clock that many seconds on."""
        self._now += dt.timedelta(seconds=seconds)
        self._elapsed += seconds
