"""The files that were taken into evidence in a run."""

from __future__ import annotations

import msgspec

from ccir.domain.events import EvidenceAdded
from ccir.domain.record import Entry
from ccir.reports.telling import Moment, Teller


class EvidenceReport(msgspec.Struct, frozen=True, kw_only=True):
    """One file: `sha256` and `size_bytes` are of its content; `wrong` tells a later correction."""

    event: int
    name: str
    sha256: str
    size_bytes: int
    step: str
    by: str
    at: Moment
    wrong: str


def evidence(entries: tuple[Entry, ...], teller: Teller) -> tuple[EvidenceReport, ...]:
    """Return every file in the order in which it was taken."""
    return tuple(
        EvidenceReport(
            event=entry.seq,
            name=teller.said(entry.event.name),
            sha256=entry.event.sha256,
            size_bytes=entry.event.size_bytes,
            step=entry.event.step or "",
            by=teller.name(entry.by),
            at=teller.happened(entry),
            wrong=teller.called_wrong(entry.seq),
        )
        for entry in entries
        if isinstance(entry.event, EvidenceAdded)
    )
