"""How long the phases of a drill take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ccir.clock import Clock
from ccir.domain.drills import PhaseTime


class Phases:
    """Adds up the seconds of each phase, in the order in which they began first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seconds: dict[str, float] = {}

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Count what is done within as that phase's."""
        started = self._clock.monotonic()
        try:
            yield
        finally:
            seconds = self._clock.monotonic() - started
            self._seconds[name] = self._seconds.get(name, 0.0) + seconds

    def times(self) -> tuple[PhaseTime, ...]:
        """Return the seconds of each phase."""
        return tuple(PhaseTime(name=name, seconds=took) for name, took in self._seconds.items())
