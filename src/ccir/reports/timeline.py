"""Every event of a run's log in its order, as a reader sees it."""

from __future__ import annotations

import msgspec

from ccir.domain.events import NoteAdded, RolesAlerted, SendingEnded
from ccir.domain.record import Entry
from ccir.domain.wording import sealed_texts, sentence
from ccir.reports.telling import Moment, Teller

PRIVILEGED = "(privileged: left out)"


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event: `said` holds what was written with it, `wrong` which events took it back."""

    event: int
    type: str
    at: Moment
    by: str
    account: str
    what: str
    said: tuple[str, ...] = ()
    wrong: str = ""


def timeline(
    entries: tuple[Entry, ...], teller: Teller, *, privileged: bool
) -> tuple[TimelineEntry, ...]:
    """Return all events; a privileged note keeps its place, and its text only if asked for."""
    return tuple(
        TimelineEntry(
            event=entry.seq,
            type=entry.type,
            at=teller.happened(entry),
            by=teller.name(entry.by),
            account=account(entry),
            what=sentence(entry.event),
            said=_said(entry, teller, privileged=privileged),
            wrong=teller.called_wrong(entry.seq),
        )
        for entry in entries
    )


def account(entry: Entry) -> str:
    """Return the operating-system account that an event came in through, with its host."""
    return f"{entry.via.user}@{entry.via.host}"


def is_privileged(entry: Entry) -> bool:
    """Return whether the event is a note that stays out of reports unless asked for."""
    return isinstance(entry.event, NoteAdded) and entry.event.privileged


def _said(entry: Entry, teller: Teller, *, privileged: bool) -> tuple[str, ...]:
    if is_privileged(entry) and not privileged:
        return (PRIVILEGED,)
    texts = [teller.said(sealed) for sealed in sealed_texts(entry.event)]
    if isinstance(entry.event, SendingEnded | RolesAlerted) and entry.event.detail:
        texts.append(entry.event.detail)
    return tuple(texts)
