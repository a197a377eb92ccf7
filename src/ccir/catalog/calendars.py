"""The calendars of holidays that ship with ccir, made by `make calendars`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from ccir.catalog.findings import suggestion
from ccir.catalog.sources import shipped_folder
from ccir.domain.workdays import WorkCalendar
from ccir.errors import UsageError

_FILE = Path("playbooks", "obligations", "holidays.json")
_Days = dict[str, str]
_WORD = re.compile(r"[A-Z]+")
_IDLE = """
    BANK CALENDAR FEDERAL HOLIDAY HOLIDAYS JUDICIAL LEGAL NATIONAL OFFICIAL PUBLIC RCW STATE
"""
_SAYING_NOTHING = frozenset(_IDLE.split())
# Calendars as the rules and the worked examples name them in words.
_NAMES = {
    "BRAZIL": "BR",
    "BRAZILIAN": "BR",
    "CALIFORNIA": "US-CA",
    "EDGAR": "US-SEC",
    "GERMANY": "DE",
    "JAPANESE": "JP-GOV",
    "NEW YORK": "US-NY",
    "NY": "US-NY",
    "SEC": "US-SEC",
    "TEXAS": "US-TX",
    "US PLUS AD HOC EDGAR CLOSURES": "US-SEC",
    "VERMONT": "US-VT",
    "WASHINGTON": "US-WA",
}


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

    def has(self, asked: str) -> bool:
        """Return whether there is a calendar of that id or name."""
        return self._found(asked) is not None

    def named(self, asked: str) -> WorkCalendar:
        """Return the calendar of that id, or of a name in words: `US-CA judicial`.

        Raises:
            UsageError: there is none.
        """
        name = self._id_of(asked)
        own = self.calendars[name]
        days = frozenset(_days(own.closed))
        if own.of is not None:
            days |= _country(self.calendars[own.of].closed) - frozenset(_days(own.open))
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

    def _id_of(self, asked: str) -> str:
        found = self._found(asked)
        if found is None:
            whole = asked.upper().replace("_", "-").partition("-")[0]
            near = [name for name in self.calendars if name.partition("-")[0] == whole]
            hint = suggestion(asked, near or self.calendars)
            raise UsageError(f"there is no calendar '{asked}'", hint=hint)
        return found

    def _found(self, asked: str) -> str | None:
        words = [word for word in _WORD.findall(asked.upper()) if word not in _SAYING_NOTHING]
        names = (asked, "-".join(words), _NAMES.get(" ".join(words), ""))
        return next((name for name in names if name in self.calendars), None)


@cache
def shipped_calendars() -> Calendars:
    """Return the calendars that ship with ccir."""
    octets = (shipped_folder() / _FILE).read_bytes()
    return msgspec.json.decode(octets, type=Calendars)


def _country(by_year: _Days) -> frozenset[dt.date]:
    """Return a country's days, which each of its parts asks for."""
    return _known(tuple(by_year.items()))


@cache
def _known(by_year: tuple[tuple[str, str], ...]) -> frozenset[dt.date]:
    return frozenset(_days(dict(by_year)))


def _days(by_year: _Days) -> Iterator[dt.date]:
    for year, days in by_year.items():
        for day in days.split():
            yield dt.date.fromisoformat(f"{year}-{day}")
