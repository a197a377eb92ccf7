"""The calendars of holidays that ship with ccir, made by `make calendars`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ccir.catalog.findings import suggestion
from ccir.catalog.sources import shipped_folder
from ccir.domain.workdays import WorkCalendar
from ccir.errors import UsageError

_FILE = Path("playbooks", "obligations", "holidays.json")
_Days = dict[str, str]


class Closed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days not worked in one place, as months and days by year.

    Of a part (`of` names its country) they come on top of the country's, and `open` takes
    away from those.
    """

    of: str | None = None
    weekend: tuple[int, ...]
    closed: _Days
    open: _Days = {}


class Calendars(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every shipped calendar, and the first and last year that they know."""

    generated_with: str
    years: tuple[int, int]
    calendars: dict[str, Closed]

    def named(self, name: str) -> WorkCalendar:
        """Return the calendar of that id.

        Raises:
            UsageError: there is none.
        """
        if name not in self.calendars:
            hint = suggestion(name, self.calendars)
            raise UsageError(f"there is no calendar '{name}'", hint=hint)
        own = self.calendars[name]
        days = frozenset(_days(own.closed))
        if own.of is not None:
            country = frozenset(_days(self.calendars[own.of].closed))
            days |= country - frozenset(_days(own.open))
        return WorkCalendar(id=name, holidays=days, weekend=frozenset(own.weekend))

    def days_of(self, name: str, year: int) -> list[dt.date]:
        """Return the holidays of the year, in order.

        Raises:
            UsageError: there is no such calendar, or the year's holidays are not known.
        """
        first, last = self.years
        if not first <= year <= last:
            raise UsageError(
                f"the holidays of {year} are not known", hint=f"give a year from {first} to {last}"
            )
        return sorted(day for day in self.named(name).holidays if day.year == year)


def shipped_calendars() -> Calendars:
    """Return the calendars that ship with ccir."""
    octets = (shipped_folder() / _FILE).read_bytes()
    return msgspec.json.decode(octets, type=Calendars)


def _days(by_year: _Days) -> Iterator[dt.date]:
    for year, days in by_year.items():
        for day in days.split():
            yield dt.date.fromisoformat(f"{year}-{day}")
