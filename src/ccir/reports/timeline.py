"""Tells a report's events: who, when, what, and what was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import msgspec

from ccir.domain.events import SYSTEM, NoteAdded, Sealed
from ccir.domain.moments import ENTERED_LATER, shown, zone_of
from ccir.domain.record import Entry
from ccir.domain.run import Run
from ccir.domain.wording import sealed_texts, sentence

ERASED = "(erased)"
PRIVILEGED = "(privileged: left out)"


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One event as a reader sees it; `later` says how much later it was entered, if it was."""

    event: int
    at: str
    by: str
    account: str
    what: str
    said: tuple[str, ...] = ()
    later: str = ""


class Teller:
    """Tells moments, people and sealed texts in one way throughout a report."""

    def __init__(
        self,
        *,
        run: Run,
        text: Callable[[Sealed], str | None],
        names: dict[str, str],
        privileged: bool,
    ) -> None:
        self._zone = zone_of(run.zone)
        self._text = text
        self._names = names
        self._privileged = privileged

    def at(self, moment: dt.datetime) -> str:
        """Return the moment in the organisation's zone and in UTC."""
        return shown(moment, self._zone)

    def name(self, person: str) -> str:
        """Return how a person is called, by her id."""
        return "ccir" if person == SYSTEM else self._names.get(person, person)

    def said(self, sealed: Sealed | None) -> str:
        """Return a sealed text; empty where there was none."""
        if sealed is None:
            return ""
        text = self._text(sealed)
        return ERASED if text is None else text

    def moment(self, entry: Entry) -> Moment:
        """Return one event of the timeline."""
        gap = entry.recorded_at - entry.at
        return Moment(
            event=entry.seq,
            at=self.at(entry.at),
            by=self.name(entry.by),
            account=f"{entry.via.user}@{entry.via.host}",
            what=sentence(entry.event),
            said=self._texts(entry),
            later=f"entered {_span(gap)} later" if gap > ENTERED_LATER else "",
        )

    def _texts(self, entry: Entry) -> tuple[str, ...]:
        if isinstance(entry.event, NoteAdded) and entry.event.privileged and not self._privileged:
            return (PRIVILEGED,)
        return tuple(self.said(sealed) for sealed in sealed_texts(entry.event))


def _span(gap: dt.timedelta) -> str:
    return str(dt.timedelta(seconds=round(gap.total_seconds())))
