"""A clock that runs fast, so that waiting for deadlines of seconds takes a moment."""

from __future__ import annotations

import datetime as dt
import time

STARTED_AT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


class HurriedClock:
    """Measures `factor` seconds for each of the machine's."""

    def __init__(self, *, factor: float = 25) -> None:
        self._factor = factor
        self._began = time.monotonic()

    def now(self) -> dt.datetime:
        """Return the moment that so much hurried time after the start is."""
        return STARTED_AT + dt.timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return the hurried seconds since the clock was made."""
        return (time.monotonic() - self._began) * self._factor

    def sleep(self, seconds: float) -> None:
        """Wait that many hurried seconds."""
        time.sleep(seconds / self._factor)
