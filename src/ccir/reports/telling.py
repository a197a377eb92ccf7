"""How a report tells moments, spans, people and sealed texts: in one way throughout."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable

import msgspec

from ccir.domain.events import SYSTEM, EventCorrected, Sealed
from ccir.domain.moments import ENTERED_LATER, shown, zone_of
from ccir.domain.record import Entry

ERASED = "(erased)"
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60))
_MINUTE = 60
_SIZES = ("bytes", "KiB", "MiB", "GiB", "TiB")
_SIZE_STEP = 1_024
_ROUNDING = 1e-6


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A moment in UTC and as it is shown: in the organisation's zone and in UTC.

    `later` says how much later the event was entered, where that is over five minutes.
    """

    at: dt.datetime
    shown: str
    later: str = ""


class Teller:
    """Knows the run's zone, its people, which events were called wrong, and sealed texts."""

    def __init__(
        self,
        *,
        zone: str,
        names: dict[str, str],
        text: Callable[[Sealed], str | None],
        entries: tuple[Entry, ...],
    ) -> None:
        self._zone = zone_of(zone)
        self._names = names
        self._text = text
        self._entries = {entry.seq: entry for entry in entries}
        self._corrections = [
            (entry.event.seq, entry.seq)
            for entry in entries
            if isinstance(entry.event, EventCorrected)
        ]

    def moment(self, at: dt.datetime) -> Moment:
        """Return a moment that is not an event's own."""
        return Moment(at=at.astimezone(dt.UTC), shown=shown(at, self._zone))

    def moment_or_none(self, at: dt.datetime | None) -> Moment | None:
        """Return the moment, or None where there is none."""
        return None if at is None else self.moment(at)

    def happened(self, entry: Entry) -> Moment:
        """Return when the event happened, and how much later it was entered."""
        gap = entry.recorded_at - entry.at
        later = f"entered {span(gap.total_seconds())} later" if gap > ENTERED_LATER else ""
        return msgspec.structs.replace(self.moment(entry.at), later=later)

    def happened_at(self, seq: int) -> Moment | None:
        """Return when the event of that number happened; None if it is not in the log."""
        entry = self._entries.get(seq)
        return None if entry is None else self.happened(entry)

    def name(self, person: str) -> str:
        """Return how a person is called, by her id."""
        return "ccir" if person == SYSTEM else self._names.get(person, person)

    def said(self, sealed: Sealed | None) -> str:
        """Return a sealed text; empty where there was none."""
        if sealed is None:
            return ""
        text = self._text(sealed)
        return ERASED if text is None else text

    def called_wrong(self, seq: int) -> str:
        """Return by which events that one was called wrong; empty if by none."""
        found = [str(by) for wrong, by in self._corrections if wrong == seq]
        return f"called wrong by event {', '.join(found)}" if found else ""


def span(seconds: float) -> str:
    """Return a length of time in days, hours, minutes and seconds."""
    if 0 < abs(seconds) < _MINUTE:
        return f"{seconds:.1f} s"
    sign, rest = ("-" if seconds < 0 else ""), abs(round(seconds))
    parts = []
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    if rest or not parts:
        parts.append(f"{rest} s")
    return sign + " ".join(parts)


def size(octets: float) -> str:
    """Return a number of bytes in a readable unit."""
    power = 0
    while octets >= _SIZE_STEP and power < len(_SIZES) - 1:
        octets, power = octets / _SIZE_STEP, power + 1
    return f"{octets:.0f} {_SIZES[0]}" if power == 0 else f"{octets:.1f} {_SIZES[power]}"


def percent(share: float) -> str:
    """Return a share as per cent; 100 % only where nothing at all is missing."""
    tenths = math.floor(share * 1_000 + _ROUNDING)
    return f"{(tenths if share >= 1 else min(tenths, 999)) / 10:g} %"
