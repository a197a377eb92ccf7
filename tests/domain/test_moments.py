from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as hypothetical
from hypothesis import strategies as st

from ccir.domain.moments import parse_moment, shown, zone_of
from ccir.errors import UsageError

BERLIN = ZoneInfo("Europe/Berlin")
NOW = dt.datetime(2026, 3, 2, 23, 30, 5, 123456, tzinfo=dt.UTC)  # 00:30 of the 3rd in Berlin


def utc(*fields: int) -> dt.datetime:
    year, month, day, hour, minute = fields
    return dt.datetime(year, month, day, hour, minute, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", NOW),
        ("14:05", utc(2026, 3, 3, 13, 5)),
        ("0:05", utc(2026, 3, 2, 23, 5)),
        ("2026-11-24T14:05", utc(2026, 11, 24, 13, 5)),
        ("2026-07-24T14:05", utc(2026, 7, 24, 12, 5)),
        ("2026-11-24 14:05", utc(2026, 11, 24, 13, 5)),
        ("2026-11-24T14:05+05:45", utc(2026, 11, 24, 8, 20)),
        ("2026-11-24T14:05Z", utc(2026, 11, 24, 14, 5)),
        ("2026-11-24", utc(2026, 11, 23, 23, 0)),
        ("9998-12-31T23:59", utc(9998, 12, 31, 22, 59)),
    ],
)
def test_a_moment_is_read_in_the_zone_unless_it_has_an_offset(
    text: str, expected: dt.datetime
) -> None:
    found = parse_moment(text, now=NOW, zone=BERLIN)
    assert (found, found.tzinfo) == (expected, dt.UTC)


def test_a_time_of_day_in_an_hour_that_comes_twice_is_the_first() -> None:
    autumn = dt.datetime(2026, 10, 25, 12, tzinfo=dt.UTC)
    assert parse_moment("02:30", now=autumn, zone=BERLIN) == utc(2026, 10, 25, 0, 30)


@pytest.mark.parametrize("text", ["", "Now", "24:00", "9:5", "12:60", "tomorrow", "2026-13-01"])
def test_what_is_no_moment_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="is not a moment") as refused:
        parse_moment(text, now=NOW, zone=BERLIN)
    assert "'14:05'" in refused.value.hint


@pytest.mark.parametrize("text", ["0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59-11:00"])
def test_what_some_zone_could_not_show_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="outside the calendar"):
        parse_moment(text, now=NOW, zone=BERLIN)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Berlin", "2026-03-03 00:30 CET (03-02 23:30 UTC)"),
        ("America/New_York", "2026-03-02 18:30 EST (23:30 UTC)"),
        ("Asia/Kathmandu", "2026-03-03 05:15 +0545 (03-02 23:30 UTC)"),
        ("UTC", "2026-03-02 23:30 UTC"),
        ("Europe/London", "2026-03-02 23:30 UTC"),
    ],
)
def test_a_moment_is_shown_in_the_zone_and_in_utc(zone: str, expected: str) -> None:
    assert shown(NOW, zone_of(zone)) == expected


@hypothetical(
    st.datetimes(dt.datetime(2, 1, 1), dt.datetime(9998, 12, 30)),  # noqa: DTZ001 - read as local
    st.sampled_from(["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin", "UTC"]),
)
def test_what_is_accepted_can_be_shown_in_every_zone(local: dt.datetime, zone: str) -> None:
    moment = parse_moment(local.isoformat(), now=NOW, zone=zone_of(zone))
    assert parse_moment(moment.isoformat(), now=NOW, zone=BERLIN) == moment
    assert shown(moment, zone_of("Pacific/Kiritimati")).endswith(" UTC)")
