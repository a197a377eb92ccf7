"""What a run's clocks are held to: the rules and the organisation as both were at its start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

from ccir.domain.clocks import Duty
from ccir.domain.events import FactValue
from ccir.domain.follow_ups import with_follow_ups
from ccir.domain.obligations import Obligations


class Footing(msgspec.Struct, frozen=True, kw_only=True):
    """What the organisation says of itself, as far as duties depend on it.

    `facts` hold in every run until the run states them otherwise. `zones` and `calendars` map
    a rule or a jurisdiction to the zone its days count in and the days not worked there; `zone`
    and `calendar` stand where neither they nor the rules say. `target_seconds` is the aim for
    duties without a number.
    """

    zone: str = "UTC"
    calendar: str | None = None
    zones: dict[str, str] = {}
    calendars: dict[str, str] = {}
    closures: tuple[dt.date, ...] = ()
    target_seconds: int | None = None
    facts: dict[str, FactValue] = {}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A duty with the zone and the calendar that its file of rules names."""

    duty: Duty
    zone: str | None
    calendar: str | None


class Rulebook(msgspec.Struct, frozen=True, kw_only=True):
    """The files of rules, and the organisation that they are read for."""

    books: tuple[Obligations, ...]
    footing: Footing = Footing()

    def entries(self) -> Iterator[Entry]:
        """Yield every duty, each followed by the reports that follow on it."""
        for book in self.books:
            for rule in book.rules:
                for each in with_follow_ups(rule):
                    duty = Duty(rule=each, jurisdiction=book.jurisdiction)
                    yield Entry(duty=duty, zone=book.zone, calendar=book.calendar)


def with_sectors(footing: Footing, sectors: Iterable[str]) -> Footing:
    """Return the footing for an incident that touches these sectors, whatever it is else.

    One that touches payments has affected card data.
    """
    known = footing.facts.get("sectors")
    own = known if isinstance(known, list) else []
    added = set(sectors)
    if not added:
        return footing
    facts: dict[str, FactValue] = {"sectors": sorted({*own, *added})}
    if "payments" in added:
        facts["card_data_affected"] = True
    return msgspec.structs.replace(footing, facts=footing.facts | facts)
