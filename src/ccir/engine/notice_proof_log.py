"""What a proof takes from the run's log: what was done with the notice, and the chain of hashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ccir.domain import events as e
from ccir.domain.record import Entry, canonical
from ccir.domain.wording import sentence
from ccir.engine.notice_proof_model import Deed


def concerns(entry: Entry, notice: str) -> bool:
    """Return whether the event is about the notice."""
    return getattr(entry.event, "notice", None) == notice


def deeds(entries: Iterable[Entry], notice: str, *, version: int) -> tuple[Deed, ...]:
    """Return what was done with a version of the notice, in the log's order."""
    return tuple(
        Deed(seq=each.seq, at=each.at, by=each.by, type=each.type, text=sentence(each.event))
        for each in entries
        if concerns(each, notice) and getattr(each.event, "version", None) == version
    )


def event_lines(
    entries: Sequence[Entry], lines: Sequence[bytes], *, notice: str
) -> Iterator[bytes]:
    """Yield the lines of the log that are about the notice, as they were written and hashed."""
    for entry, line in zip(entries, lines, strict=True):
        if concerns(entry, notice) or isinstance(entry.event, e.RunStarted):
            yield line


def chain_lines(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield a line for every event of the run: its number, type, time, hash and the one before."""
    for each in entries:
        link = {
            "seq": each.seq,
            "type": each.type,
            "recorded_at": each.recorded_at,
            "prev": each.prev,
            "hash": each.hash,
        }
        yield canonical(link) + b"\n"
