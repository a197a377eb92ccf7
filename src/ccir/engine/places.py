"""Where each duty's time is counted: the zone of its days, and the days that are not worked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ccir.catalog.calendars import Calendars, shipped_calendars
from ccir.domain.clocks import Duty
from ccir.domain.deadlines import Place
from ccir.domain.duty_facts import Facts
from ccir.domain.moments import zone_of
from ccir.domain.rulebook import Entry, Footing
from ccir.domain.scope import EVERYWHERE, UNION
from ccir.domain.workdays import WorkCalendar
from ccir.errors import UsageError

_NONE = "none"
_SEC = "US-SEC"
_WITHOUT = frozenset({UNION, EVERYWHERE})


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The zone and the calendar that a person wants for all rules; None: each rule's own."""

    zone: str | None = None
    calendar: str | None = None


class Places:
    """Finds each duty's place.

    For the zone counts: the map of the fact `zones`, what a person chose, the organisation's
    map, the rule's file, the organisation. For the calendar the same, without a fact.
    """

    def __init__(self, footing: Footing, facts: Facts, chosen: Chosen | None = None) -> None:
        self._footing = footing
        self._chosen = chosen or Chosen()
        self._shipped: Calendars = shipped_calendars()
        self._calendars: dict[str, WorkCalendar] = {}
        self._unknown: set[str] = set()
        self._chosen_calendar = self._refusing(self._chosen.calendar)
        self._zones = {
            name.partition(":")[2]: str(value)
            for name, value in facts.values.items()
            if name.startswith("zones:")
        }
        self._closures = frozenset(footing.closures) | _closures(facts)

    def of(self, entry: Entry) -> Place:
        """Return the duty's place; weekends only where its calendar is not known.

        Raises:
            UsageError: a zone does not exist.
        """
        return Place(zone=self._zone(entry), calendar=self._calendar(self._calendar_name(entry)))

    def doubt(self, calendar: str, day: dt.date) -> str:
        """Return what is to be said of the holidays until that day; empty where they are known."""
        first, last = self._shipped.years
        if calendar == _NONE:
            return "no calendar of holidays is set: weekends only"
        if calendar in self._unknown:
            return f"there is no calendar '{calendar}': weekends only"
        if not first <= day.year <= last:
            return f"the holidays of {day.year} are not known: weekends only"
        return ""

    def _zone(self, entry: Entry) -> ZoneInfo:
        name = (
            _narrowest(self._zones, entry.duty)
            or self._chosen.zone
            or _narrowest(self._footing.zones, entry.duty)
            or entry.zone
            or self._footing.zone
        )
        return zone_named(name)

    def _calendar_name(self, entry: Entry) -> str:
        rule, named = entry.duty.rule, self._footing.calendars
        if rule.computation == "us_sec_business_days":
            return self._chosen_calendar or named.get(rule.id) or _SEC
        fallback = self._footing.calendar if entry.duty.jurisdiction in _WITHOUT else None
        own = _narrowest(named, entry.duty) or entry.calendar or fallback
        return self._chosen_calendar or own or _NONE

    def _calendar(self, name: str) -> WorkCalendar:
        if name not in self._calendars:
            found = self._known(name)
            closed = found.holidays | self._closures
            self._calendars[name] = msgspec.structs.replace(found, holidays=closed)
        return self._calendars[name]

    def _known(self, name: str) -> WorkCalendar:
        """Return the calendar; one of the settings that is not there stops no response."""
        try:
            return WorkCalendar(id=_NONE) if name == _NONE else self._shipped.named(name)
        except UsageError:
            self._unknown.add(name)
            return WorkCalendar(id=name)

    def _refusing(self, name: str | None) -> str | None:
        return name if name in {None, _NONE} else self._shipped.named(str(name)).id


def zone_named(name: str) -> ZoneInfo:
    """Return the IANA zone.

    Raises:
        UsageError: there is none of that name.
    """
    try:
        return zone_of(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"there is no time zone '{name}'", hint="write an IANA name, such as Europe/Berlin"
        ) from error


def _narrowest(names: Mapping[str, str], duty: Duty) -> str | None:
    if not names:
        return None
    return next((names[part] for part in duty.parts if part in names), None)


def _closures(facts: Facts) -> frozenset[dt.date]:
    days = facts.words("extra_closures") or ()
    try:
        return frozenset(dt.date.fromisoformat(day) for day in days)
    except ValueError as error:
        raise UsageError(
            f"extra_closures holds no day: {error}", hint='write ["2025-01-09"]'
        ) from error
