from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from ccir.domain.quiet_hours import QuietHours, quiet_hours

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(start=dt.time(21), end=dt.time(8))
NOON = QuietHours(start=dt.time(12), end=dt.time(13, 30))


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("hours", "now", "end"),
    [
        (NIGHT, "2026-03-02T20:59:59", None),
        (NIGHT, "2026-03-02T21:00", "2026-03-03T08:00"),
        (NIGHT, "2026-03-03T07:59", "2026-03-03T08:00"),
        (NIGHT, "2026-03-03T08:00", None),
        (NOON, "2026-03-03T12:30", "2026-03-03T13:30"),
        (NOON, "2026-03-03T13:30", None),
        # The night in which clocks are put forward, and the one in which they are put back.
        (NIGHT, "2026-03-29T03:30", "2026-03-29T08:00"),
        (NIGHT, "2026-10-25T02:30", "2026-10-25T08:00"),
    ],
)
def test_quiet_lasts_until_its_end_by_the_clock_on_the_wall(
    hours: QuietHours, now: str, end: str | None
) -> None:
    expected = None if end is None else local(end)
    assert hours.end_of(local(now), zone=BERLIN) == expected


def test_hours_are_written_from_to() -> None:
    assert quiet_hours("21:00-08:00") == NIGHT
    assert quiet_hours("12:00-13:30") == NOON
    assert quiet_hours("08:00-08:00") is None
    assert quiet_hours(None) is None
