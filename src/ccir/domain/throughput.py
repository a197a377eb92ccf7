"""How fast the earlier sendings of a run went, as its log tells."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ccir.domain import events as e
from ccir.domain.record import Entry
from ccir.domain.run import Run

LEAST_ROWS = 100  # fewer say nothing about a channel: opening it takes longer than sending


class Throughput(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows were settled in how many seconds of sending."""

    rows: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float | None:
        """Return rows a second, None below `LEAST_ROWS` or without any time."""
        if self.rows < LEAST_ROWS or self.seconds <= 0:
            return None
        return self.rows / self.seconds


def throughput(run: Run, entries: Iterable[Entry], channel: str) -> Throughput:
    """Return what all ended sendings of the run over the channel reached together.

    A sending that broke off without its end in the log is left out.
    """
    begun: dict[tuple[str, int], Entry] = {}
    rows, seconds = 0, 0.0
    for entry in entries:
        event = entry.event
        if isinstance(event, e.SendingStarted):
            begun[event.notice, event.version] = entry
        elif isinstance(event, e.SendingEnded):
            start = begun.pop((event.notice, event.version), None)
            if start is not None and _channel_of(run, event) == channel:
                rows += _settled(start, event)
                seconds += max((entry.at - start.at).total_seconds(), 0.0)
    return Throughput(rows=rows, seconds=seconds)


def _settled(start: Entry, end: e.SendingEnded) -> int:
    planned = start.event.planned if isinstance(start.event, e.SendingStarted) else 0
    return max(planned - end.counts.left, 0)


def _channel_of(run: Run, event: e.SendingEnded) -> str | None:
    versions = run.notices.get(event.notice, ())
    found = (each.channel for each in versions if each.version == event.version)
    return next(found, None)
