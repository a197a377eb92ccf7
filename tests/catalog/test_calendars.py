from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from ccir.catalog.calendars import Calendars, shipped_calendars

SMALL = b"""{"generated_with": "hand", "years": [2026, 2026], "calendars": {
  "XX": {"weekend": [5, 6], "closed": {"2026": "01-01 05-01"}},
  "XX-A": {"of": "XX", "weekend": [4, 5], "closed": {"2026": "08-15"}, "open": {"2026": "05-01"}}
}}"""


@pytest.fixture(scope="module")
def shipped() -> Calendars:
    return shipped_calendars()


def test_a_part_adds_to_its_country_and_takes_away() -> None:
    part = msgspec.json.decode(SMALL, type=Calendars).named("XX-A")
    assert part.holidays == {dt.date(2026, 1, 1), dt.date(2026, 8, 15)}
    assert part.weekend == {4, 5}


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("DE", "2026-04-06"),  # Easter Monday
        ("DE-HE", "2026-06-04"),  # Corpus Christi, in some Länder only
        ("US", "2026-07-03"),  # Independence Day, a Saturday, is observed on Friday
        ("US", "2026-11-26"),  # Thanksgiving
        ("US-CA", "2026-11-27"),  # the day after it
        ("US-SEC", "2025-01-09"),  # EDGAR closed for a day of mourning
        ("BR", "2026-11-20"),  # a national holiday since 2024
        ("TARGET", "2026-05-01"),
    ],
)
def test_a_holiday_is_not_worked(shipped: Calendars, name: str, day: str) -> None:
    assert not shipped.named(name).is_working(dt.date.fromisoformat(day))


def test_what_is_no_holiday_there_is_worked(shipped: Calendars) -> None:
    assert shipped.named("DE").is_working(dt.date(2026, 6, 4))
    assert shipped.named("US").is_working(dt.date(2025, 1, 9))
    assert shipped.named("SA").is_working(dt.date(2026, 11, 22))  # a Sunday


def test_every_calendar_knows_every_year(shipped: Calendars) -> None:
    first, last = shipped.years
    missing = [
        (name, year)
        for name in shipped.calendars
        for year in range(first, last + 1)
        if not shipped.days_of(name, year)
    ]
    assert missing == []
    assert last - dt.date(2026, 11, 24).year >= 5
