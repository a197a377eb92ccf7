"""How drills went over time, and when the next one is due.

1. A drill is due when the period of its schedule has passed since the last one of its id that
   reached a verdict or tried to, wherever it was played; one that never was is due at once.
2. Each further period that passed is a missed slot. One drill catches up for all of them.
3. After an error it is due again after a quarter of the period, at least an hour and at most the
   period, up to three times in a row: an error proved nothing, so it does not spend the slot.
4. One that was skipped has taken its slot; where it was put off until a day, it is due then.
5. A drill is stale when it was never drilled, or when a whole period has passed since it was
   due. Else it is skipped where the last one was. Else it is stale when more than two periods
   have passed since it passed last, or since the first one where none ever passed. Else it
   stands as the last one came out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from ccir.domain.drills import Drill
from ccir.domain.events import DrillFinished
from ccir.domain.outcomes import Verdict
from ccir.domain.periods import Period, add, parse_period
from ccir.domain.record import Entry

NEVER_DRILLED = "never-drilled"
OVERDUE = "overdue"
UNPROVEN = "unproven"

_BARS = "▁▂▃▄▅▆▇█"
_SLOTS_LIMIT = 10_000
_EARLY_RETRIES = 3
_RETRY_SHARE = 4
_RETRY_AT_LEAST = dt.timedelta(hours=1)


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """One drill that was played: in which run, when, and what it came to."""

    run: str
    seq: int
    at: dt.datetime
    result: DrillFinished


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """When a drill on a schedule is due; `missed` counts slots before the one that is due now.

    `verdict` is how the drill stands, see rule 5 of this module, `reason` why it is stale, else
    the last one's own; `passed_at` is when one passed last.
    """

    drill: str
    every: str
    last: Played | None
    due_at: dt.datetime | None
    is_due: bool
    missed: int = 0
    first_missed_at: dt.datetime | None = None
    verdict: Verdict = "stale"
    reason: str = NEVER_DRILLED
    passed_at: dt.datetime | None = None


def played(entries: Iterable[Entry]) -> list[Played]:
    """Return the drills that stand in a log, in its order."""
    return [
        Played(run=entry.run, seq=entry.seq, at=entry.at, result=entry.event)
        for entry in entries
        if isinstance(entry.event, DrillFinished)
    ]


def due(
    drill: Drill, earlier: Sequence[Played], now: dt.datetime, *, zone: dt.tzinfo
) -> Due | None:
    """Return when the drill is due next; None where it has no schedule.

    `earlier` are the drills of its id, oldest first.
    """
    period = None if drill.schedule is None else parse_period(drill.schedule.every)
    if drill.schedule is None or period is None:
        return None
    every = drill.schedule.every
    if not earlier:
        return Due(drill=drill.id, every=every, last=None, due_at=None, is_due=True)
    slots = [_next_slot(period, earlier, zone)]
    while slots[-1] <= now and len(slots) <= _SLOTS_LIMIT:
        slots.append(add(period, to=slots[-1], zone=zone))
    missed = max(len(slots) - 2, 0)
    verdict, reason = _standing(period, earlier, now, zone=zone, missed=missed)
    return Due(
        drill=drill.id,
        every=every,
        last=earlier[-1],
        due_at=slots[0],
        is_due=len(slots) > 1,
        missed=missed,
        first_missed_at=slots[0] if missed else None,
        verdict=verdict,
        reason=reason,
        passed_at=passed_at(earlier),
    )


def passed_at(earlier: Sequence[Played]) -> dt.datetime | None:
    """Return when one of the drills, oldest first, passed last."""
    return next((each.at for each in reversed(earlier) if each.result.verdict == "pass"), None)


def errors_in_a_row(earlier: Sequence[Played]) -> int:
    """Return how many of the drills, oldest first, ended without a verdict since one had any."""
    count = 0
    while count < len(earlier) and earlier[-1 - count].result.verdict == "error":
        count += 1
    return count


def sparkline(values: Sequence[float | None]) -> str:
    """Return a line of bars, the largest value being full; a blank where there is none."""
    known = [value for value in values if value is not None]
    top = max(known, default=0.0)
    return "".join(" " if value is None else _bar(value, top) for value in values)


def _next_slot(period: Period, earlier: Sequence[Played], zone: dt.tzinfo) -> dt.datetime:
    last = earlier[-1]
    if last.result.skipped_until is not None:
        return last.result.skipped_until
    slot = add(period, to=last.at, zone=zone)
    if not 0 < errors_in_a_row(earlier) <= _EARLY_RETRIES:
        return slot
    whole = slot - last.at
    return last.at + min(max(whole / _RETRY_SHARE, _RETRY_AT_LEAST), whole)


def _standing(
    period: Period, earlier: Sequence[Played], now: dt.datetime, *, zone: dt.tzinfo, missed: int
) -> tuple[Verdict, str]:
    last = earlier[-1].result
    if missed:
        return "stale", OVERDUE
    if last.verdict != "skipped":
        since = passed_at(earlier) or earlier[0].at
        if now > add(period, to=add(period, to=since, zone=zone), zone=zone):
            return "stale", UNPROVEN
    return last.verdict, last.reason


def _bar(value: float, top: float) -> str:
    share = value / top if top > 0 else 0.0
    return _BARS[min(int(share * len(_BARS)), len(_BARS) - 1)]
