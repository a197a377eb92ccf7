from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from ccir.clock import FixedClock
from ccir.delivery.relay_log_times import LogClock, Span, joined

NOW = dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = dt.timedelta(hours=1)


def moment(text: str, *, now: dt.datetime = NOW) -> str | None:
    found = LogClock(FixedClock(now), zone=BERLIN).moment(text.encode())
    return None if found is None else found.astimezone(dt.UTC).isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-28T10:00:00.25+01:00 relay x", "2026-02-28T09:00:00.250000+00:00"),
        ("2026-02-28T10:00:00+0100 relay x", "2026-02-28T09:00:00+00:00"),
        ("2026-02-28T10:00:00Z relay x", "2026-02-28T10:00:00+00:00"),
        ("Feb 28 10:00:00 relay x", "2026-02-28T09:00:00+00:00"),
        ("Mar  1 10:00:00 relay x", "2026-03-01T09:00:00+00:00"),
        ("Dec 31 23:30:00 relay x", "2025-12-31T22:30:00+00:00"),
        ("Feb 29 10:00:00 relay x", None),
        ("Foo 28 10:00:00 relay x", None),
        ("2026-02-30T10:00:00Z relay x", None),
        ("words", None),
    ],
)
def test_a_time_is_read_in_every_form(text: str, expected: str | None) -> None:
    assert moment(text) == expected


def test_the_day_that_only_leap_years_have_is_read_in_one() -> None:
    assert moment("Feb 29 10:00:00 relay x", now=NOW.replace(year=2028)) == (
        "2028-02-29T09:00:00+00:00"
    )


def span(first: float, last: float) -> Span:
    return Span(first_at=NOW + first * HOUR, last_at=NOW + last * HOUR)


def test_a_span_holds_another_only_with_the_margin() -> None:
    assert span(0, 4).holds(span(1, 3), margin=HOUR)
    assert not span(0, 4).holds(span(0.5, 3), margin=HOUR)
    assert not span(0, 4).holds(span(1, 3.5), margin=HOUR)


def test_files_that_follow_each_other_are_one_span_and_a_gap_parts_them() -> None:
    assert joined([span(1.1, 2), span(0, 1), span(0.2, 0.4)]) == [span(0, 2)]
    assert joined([span(3, 4), span(0, 1)]) == [span(0, 1), span(3, 4)]
