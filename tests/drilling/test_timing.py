from __future__ import annotations

import datetime as dt

import pytest

from ccir.clock import FixedClock
from ccir.domain.drills import PhaseTime
from ccir.drilling.timing import Phases


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_the_seconds_of_a_phase_add_up_in_the_order_of_their_beginning(clock: FixedClock) -> None:
    phases = Phases(clock)
    for name, seconds in (("locate", 1), ("restore", 2), ("locate", 3)):
        with phases.timed(name):
            clock.move(seconds)
    assert phases.times() == (
        PhaseTime(name="locate", seconds=4.0),
        PhaseTime(name="restore", seconds=2.0),
    )


def test_a_phase_that_breaks_off_is_timed_too(clock: FixedClock) -> None:
    phases = Phases(clock)

    def break_off() -> None:
        with phases.timed("restore"):
            clock.move(5)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert phases.times() == (PhaseTime(name="restore", seconds=5.0),)


def test_what_never_began_took_no_time(clock: FixedClock) -> None:
    assert Phases(clock).times() == ()
