from __future__ import annotations

import datetime as dt

from ccir.clock import Clock, FixedClock, SystemClock

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)


def test_a_fixed_clock_stands_still() -> None:
    clock: Clock = FixedClock(NOON)
    assert [clock.now(), clock.now()] == [NOON, NOON]
    assert clock.monotonic() == clock.monotonic() == 0


def test_a_fixed_clock_moves_on_by_what_is_slept_or_moved() -> None:
    clock = FixedClock(NOON)
    clock.sleep(90)
    clock.move(0.5)
    assert clock.now() == NOON + dt.timedelta(seconds=90.5)
    assert clock.monotonic() == 90.5


def test_a_fixed_clock_tells_utc_whatever_zone_it_was_set_in() -> None:
    kathmandu = dt.timezone(dt.timedelta(hours=5, minutes=45))
    now = FixedClock(NOON.astimezone(kathmandu)).now()
    assert (now, now.tzinfo) == (NOON, dt.UTC)


def test_the_system_clock_tells_the_machines_time_in_utc() -> None:
    before = dt.datetime.now(dt.UTC)
    now = SystemClock().now()
    assert before <= now <= dt.datetime.now(dt.UTC)
    assert now.tzinfo is dt.UTC


def test_the_system_clock_really_waits() -> None:
    clock: Clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0.02)
    assert clock.monotonic() - before >= 0.02
