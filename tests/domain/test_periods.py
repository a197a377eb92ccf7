from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume
from hypothesis import given as hypothetical
from hypothesis import strategies as st

import support.zones
from ccir.domain.moments import zone_of
from ccir.domain.periods import LAST, Period, Unit, add, parse_period

ZONES = (*support.zones.ZONES, "Africa/Casablanca")  # summer time but in Ramadan
ELAPSED: tuple[Unit, ...] = ("minutes", "hours")
CALENDAR: tuple[Unit, ...] = ("days", "business-days", "weeks", "months")
zones = st.sampled_from(ZONES).map(zone_of)
moments = st.datetimes(
    dt.datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    dt.datetime(2090, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(dt.UTC),
)
amounts = st.integers(0, 400)


def plus(text: str, start: str, zone: str = "Europe/Berlin") -> str:
    period = parse_period(text)
    assert period is not None
    local = zone_of(zone)
    at = dt.datetime.fromisoformat(start).replace(tzinfo=local)
    found = add(period, to=at, zone=local)
    assert found.tzinfo is dt.UTC
    return f"{found.astimezone(local):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("90m", 90, "minutes"),
        ("90min", 90, "minutes"),
        ("72h", 72, "hours"),
        ("30d", 30, "days"),
        ("5bd", 5, "business-days"),
        ("2w", 2, "weeks"),
        ("1mo", 1, "months"),
        ("0h", 0, "hours"),
        ("PT72H", 72, "hours"),
        ("PT90M", 90, "minutes"),
        ("P30D", 30, "days"),
        ("P2W", 2, "weeks"),
        ("P1M", 1, "months"),
    ],
)
def test_a_period_is_read_in_its_short_form_and_in_iso_8601(
    text: str, amount: int, unit: Unit
) -> None:
    assert parse_period(text) == Period(amount=amount, unit=unit)


@pytest.mark.parametrize(
    "text",
    ["", "h", "72", "72 h", "-1h", "1.5h", "72H", "1y", "P", "PT", "P1M2D", "1h30m", "123456h"],
)
def test_what_is_no_period_of_one_unit_is_none(text: str) -> None:
    assert parse_period(text) is None


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        # 72 elapsed hours over a change of the clock are another time of day (GDPR Art. 33(1)).
        ("72h", "2026-03-27 09:00", "Mon 2026-03-30 10:00"),
        ("72h", "2026-10-23 09:00", "Mon 2026-10-26 08:00"),
        ("30m", "2026-03-29 01:45", "Sun 2026-03-29 03:15"),
        # Calendar units keep the time of day.
        ("3d", "2026-03-27 09:00", "Mon 2026-03-30 09:00"),
        ("1d", "2026-10-24 09:00", "Sun 2026-10-25 09:00"),
        ("2w", "2026-03-20 09:00", "Fri 2026-04-03 09:00"),
        # A time of day that the next day lacks is that long after the clock went on.
        ("1d", "2026-03-28 02:30", "Sun 2026-03-29 03:30"),
        # A month ends at the latest on its last day.
        ("1mo", "2026-01-31 09:00", "Sat 2026-02-28 09:00"),
        ("1mo", "2028-01-31 09:00", "Tue 2028-02-29 09:00"),
        ("12mo", "2026-12-15 09:00", "Wed 2027-12-15 09:00"),
        ("11mo", "2026-01-15 09:00", "Tue 2026-12-15 09:00"),
        # Business days leave out Saturday and Sunday, whichever day they are counted from.
        ("1bd", "2026-03-06 09:00", "Mon 2026-03-09 09:00"),
        ("5bd", "2026-03-04 09:00", "Wed 2026-03-11 09:00"),
        ("4bd", "2026-03-04 09:00", "Tue 2026-03-10 09:00"),
        ("1bd", "2026-03-07 09:00", "Mon 2026-03-09 09:00"),
        ("5bd", "2026-03-07 09:00", "Fri 2026-03-13 09:00"),
        ("5bd", "2026-03-08 09:00", "Fri 2026-03-13 09:00"),
        ("10bd", "2026-03-08 09:00", "Fri 2026-03-20 09:00"),
        ("0bd", "2026-03-08 09:00", "Sun 2026-03-08 09:00"),
    ],
)
def test_a_period_is_added_as_its_unit_asks(text: str, start: str, expected: str) -> None:
    assert plus(text, start) == expected


@pytest.mark.parametrize("text", ["99999mo", "99999w", "99999d", "99999bd"])
def test_what_lies_past_the_calendars_end_is_its_last_moment_that_every_zone_shows(
    text: str,
) -> None:
    period = parse_period(text)
    assert period is not None
    far = dt.datetime(9990, 1, 1, tzinfo=dt.UTC)
    for start in (far, dt.datetime.max.replace(tzinfo=dt.UTC)):
        for name in ZONES:
            assert add(period, to=start, zone=zone_of(name)) == LAST
    assert add(Period(amount=1, unit="minutes"), to=LAST, zone=dt.UTC) == LAST
    assert LAST.astimezone(zone_of("Pacific/Kiritimati")).year == 9999


@hypothetical(start=moments, amount=amounts, zone=zones, unit=st.sampled_from(ELAPSED))
def test_minutes_and_hours_are_elapsed_time_whatever_the_zone_does(
    *, start: dt.datetime, amount: int, zone: dt.tzinfo, unit: Unit
) -> None:
    seconds = amount * (60 if unit == "minutes" else 3600)
    found = add(Period(amount=amount, unit=unit), to=start.astimezone(zone), zone=zone)
    assert (found - start).total_seconds() == seconds


@hypothetical(start=moments, amount=amounts, zone=zones, unit=st.sampled_from(ELAPSED + CALENDAR))
def test_a_longer_period_never_ends_earlier(
    *, start: dt.datetime, amount: int, zone: dt.tzinfo, unit: Unit
) -> None:
    shorter = add(Period(amount=amount, unit=unit), to=start, zone=zone)
    longer = add(Period(amount=amount + 1, unit=unit), to=start, zone=zone)
    assert shorter <= longer


@hypothetical(start=moments, minutes=st.integers(0, 5000), amount=amounts, zone=zones)
def test_what_begins_clearly_later_never_ends_earlier(
    *, start: dt.datetime, minutes: int, amount: int, zone: dt.tzinfo
) -> None:
    # Within a change of the clock two times of day can swap; no zone changes by two days.
    later = start + dt.timedelta(days=2, minutes=minutes)
    for unit in ("minutes", "hours", "days", "weeks"):
        period = Period(amount=amount, unit=unit)
        assert add(period, to=start, zone=zone) <= add(period, to=later, zone=zone)


@hypothetical(start=moments, amount=amounts, zone=zones, unit=st.sampled_from(CALENDAR))
def test_calendar_units_keep_the_time_of_day_unless_that_day_lacks_it(
    *, start: dt.datetime, amount: int, zone: dt.tzinfo, unit: Unit
) -> None:
    local = start.astimezone(zone)
    found = add(Period(amount=amount, unit=unit), to=start, zone=zone).astimezone(zone)
    wanted = dt.datetime.combine(found.date(), local.time(), zone)
    exists = wanted.astimezone(dt.UTC).astimezone(zone).replace(fold=0) == wanted
    assume(exists)
    assert found.time() == local.time()


@hypothetical(moments, st.integers(1, 400), zones)
def test_business_days_count_mondays_to_fridays_one_by_one(
    start: dt.datetime, amount: int, zone: dt.tzinfo
) -> None:
    day = start.astimezone(zone).date()
    for _ in range(amount):
        day += dt.timedelta(days=1)
        while day.weekday() > 4:
            day += dt.timedelta(days=1)
    found = add(Period(amount=amount, unit="business-days"), to=start, zone=zone)
    assert found.astimezone(zone).date() - day in {dt.timedelta(0), dt.timedelta(days=1)}
    if zone != zone_of("Pacific/Apia"):  # where one Friday never was
        assert found.astimezone(zone).date() == day
