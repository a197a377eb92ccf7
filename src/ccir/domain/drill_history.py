"""How drills went over time, and when the next one is due.

1. A drill is due when the period of its schedule has passed since the last one of its id that
   reached a verdict or tried to, wherever it was played; one that never was is due at once.
2. Each further period that passed is a missed slot. One drill catches up for all of them.
3. It is stale from the moment it is due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from ccir.domain.drills import Drill
from ccir.domain.events import DrillFinished
from ccir.domain.periods import add, parse_period
from ccir.domain.record import Entry

_BARS = "▁▂▃▄▅▆▇█"
_SLOTS_LIMIT = 10_000


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """One drill that was played: in which run, when, and what it came to."""

    run: str
    seq: int
    at: dt.datetime
    result: DrillFinished


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """When a drill on a schedule is due; `missed` counts slots before the one that is due now."""

    drill: str
    every: str
    last: Played | None
    due_at: dt.datetime | None
    is_due: bool
    missed: int = 0
    first_missed_at: dt.datetime | None = None


def played(entries: Iterable[Entry]) -> list[Played]:
    """Return the drills that stand in a log, in its order."""
    return [
        Played(run=entry.run, seq=entry.seq, at=entry.at, result=entry.event)
        for entry in entries
        if isinstance(entry.event, DrillFinished)
    ]


def due(drill: Drill, last: Played | None, now: dt.datetime, *, zone: dt.tzinfo) -> Due | None:
    """Return when the drill is due next; None where it has no schedule."""
    period = None if drill.schedule is None else parse_period(drill.schedule.every)
    if drill.schedule is None or period is None:
        return None
    every = drill.schedule.every
    if last is None:
        return Due(drill=drill.id, every=every, last=None, due_at=None, is_due=True)
    slots: list[dt.datetime] = []
    slot = add(period, to=last.at, zone=zone)
    first = slot
    while slot <= now and len(slots) < _SLOTS_LIMIT:
        slots.append(slot)
        slot = add(period, to=slot, zone=zone)
    return Due(
        drill=drill.id,
        every=every,
        last=last,
        due_at=first,
        is_due=bool(slots),
        missed=max(len(slots) - 1, 0),
        first_missed_at=slots[0] if len(slots) > 1 else None,
    )


def sparkline(values: Sequence[float | None]) -> str:
    """Return a line of bars, the largest value being full; a blank where there is none."""
    known = [value for value in values if value is not None]
    top = max(known, default=0.0)
    return "".join(" " if value is None else _bar(value, top) for value in values)


def _bar(value: float, top: float) -> str:
    share = value / top if top > 0 else 0.0
    return _BARS[min(int(share * len(_BARS)), len(_BARS) - 1)]
