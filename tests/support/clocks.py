"""A clock whose calendar is set by the test, and whose waiting is real but short."""

from __future__ import annotations

import datetime as dt
import time

LONGEST_SLEEP_SECONDS = 0.01


class StoryClock:
    """Tells the moment that the test has set; measures with the machine's own clock."""

    def __init__(self, now: dt.datetime, *, speed: float = 1.0) -> None:
        self._now = now.astimezone(dt.UTC)
        self._speed = speed

    def now(self) -> dt.datetime:
        """Return the story's moment, a little later each time, as a real clock would."""
        self._now += dt.timedelta(microseconds=1)
        return self._now

    def monotonic(self) -> float:
        """Return the machine's seconds, so that deadlines hold; `speed` lets them pass faster."""
        return time.monotonic() * self._speed

    def sleep(self, seconds: float) -> None:
        """Move the story on without much waiting."""
        self.move(seconds)
        time.sleep(min(seconds, LONGEST_SLEEP_SECONDS))

    def move(self, seconds: float) -> None:
        """Set the story that many seconds on."""
        self._now += dt.timedelta(seconds=seconds)
