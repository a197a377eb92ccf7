"""Plans a sending against the clock: how long it takes, when it ends, which deadlines it meets.

1. The pace is what the person asks for, else the lower of the channel's rate and what earlier
   sendings over the channel reached. Where neither is known no end is told: none is made up.
2. The time needed is recipients / pace, and `SAFETY_MARGIN` of that on top.
3. The latest safe start is `plan_by` less the time needed: work to the strict reading.
4. A deadline is missed where the end comes after the latest reading; where there is one reading
   only (an aim of one's own, the playbook's due time), after that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec

from ccir.domain.spans import span

SAFETY_MARGIN = 0.1  # of the time needed: servers put messages off, people start late
LONGEST = dt.timedelta(days=36_525)  # whatever takes longer takes a hundred years

Bound = Literal["asked", "channel", "measured"]
Outcome = Literal["met", "tight", "missed", "unknown"]


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Messages a second, as far as known: the channel's limit, what was reached, what is asked."""

    channel: float | None = None
    measured: float | None = None
    asked: float | None = None

    @property
    def bound(self) -> Bound | None:
        """Return which of the three counts (rule 1), None where none is known."""
        if self.asked is not None:
            return "asked"
        known: list[tuple[float, Bound]] = []
        known += [] if self.channel is None else [(self.channel, "channel")]
        known += [] if self.measured is None else [(self.measured, "measured")]
        return min(known)[1] if known else None

    @property
    def per_second(self) -> float | None:
        """Return the messages a second that count (rule 1), None where nothing is known."""
        match self.bound:
            case "asked":
                return self.asked
            case "channel":
                return self.channel
            case "measured":
                return self.measured
            case None:
                return None

    @property
    def is_held_by_limit(self) -> bool:
        """Return whether a higher limit of the channel could make the sending faster.

        What was reached within the margin of the limit was held by it.
        """
        if self.channel is None:
            return False
        return self.measured is None or self.measured >= self.channel * (1 - SAFETY_MARGIN)


class DueTime(msgspec.Struct, frozen=True, kw_only=True):
    """By when the notice has to be out, in UTC.

    `rule` names an obligation, or is empty for the due time that the playbook gives the notice.
    `legal_due` is None where only one reading exists. `is_certain` says that it is known to
    apply. Both times are their last instants.
    """

    rule: str
    plan_by: dt.datetime
    legal_due: dt.datetime | None = None
    is_certain: bool = True

    @property
    def limit(self) -> dt.datetime:
        """Return the last instant that still is in time (rule 4)."""
        return self.plan_by if self.legal_due is None else self.legal_due


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one deadline if sending starts as planned.

    `latest_start` and `slack` (until then, negative where that has passed) are of the strict
    reading and None without a known pace. `outcome`: `met` by the strict reading, `tight` by the
    latest one only, `missed` by neither, `unknown` without a pace. `missed_by` is what the end
    lies past the limit; without a pace at least that.
    """

    due: DueTime
    outcome: Outcome
    latest_start: dt.datetime | None = None
    slack: dt.timedelta | None = None
    missed_by: dt.timedelta | None = None


class SendPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A sending to `left` recipients from `start_at` on; `needed` and `finish_at` if it is known.

    `outlooks` stand soonest first.
    """

    left: int
    start_at: dt.datetime
    pace: Pace
    needed: dt.timedelta | None
    finish_at: dt.datetime | None
    outlooks: tuple[Outlook, ...]

    @property
    def missed(self) -> tuple[Outlook, ...]:
        """Return the deadlines that cannot be met."""
        return tuple(each for each in self.outlooks if each.outcome == "missed")

    @property
    def avoidably_missed(self) -> tuple[Outlook, ...]:
        """Return the certain legal deadlines that are not over and that a limit would break.

        A higher limit, another channel or a shorter list may still meet them.
        """
        if not self.pace.is_held_by_limit:
            return ()
        return tuple(
            each
            for each in self.missed
            if each.due.legal_due is not None
            and each.due.is_certain
            and each.due.limit >= self.start_at
        )


def plan_sending(
    left: int, pace: Pace, *, start_at: dt.datetime, dues: Iterable[DueTime]
) -> SendPlan:
    """Return the plan of sending to the recipients left; where none is left no deadline counts."""
    needed = time_needed(left, pace.per_second)
    finish_at = None if needed is None else start_at + needed
    sorted_dues = sorted(dues, key=lambda due: (due.plan_by, due.rule)) if left else []
    return SendPlan(
        left=left,
        start_at=start_at,
        pace=pace,
        needed=needed,
        finish_at=finish_at,
        outlooks=tuple(_outlook(due, start_at, needed) for due in sorted_dues),
    )


def time_needed(left: int, per_second: float | None) -> dt.timedelta | None:
    """Return how long sending to so many takes (rule 2), None without a pace.

    It is `LONGEST` at most.
    """
    if not left:
        return dt.timedelta()
    if per_second is None:
        return None
    seconds = left / per_second * (1 + SAFETY_MARGIN)
    return min(LONGEST, dt.timedelta(seconds=min(seconds, LONGEST.total_seconds())))


def lateness(outlook: Outlook) -> str:
    """Return by how much a missed deadline is missed, in words; empty where it is not."""
    if outlook.missed_by is None:
        return ""
    least = "" if outlook.slack is not None else "at least "
    return least + span(outlook.missed_by.total_seconds())


def _outlook(due: DueTime, start_at: dt.datetime, needed: dt.timedelta | None) -> Outlook:
    end = start_at + (needed or dt.timedelta())
    missed_by = end - due.limit if end > due.limit else None
    if needed is None:
        return Outlook(
            due=due, outcome="unknown" if missed_by is None else "missed", missed_by=missed_by
        )
    latest_start = due.plan_by - needed
    return Outlook(
        due=due,
        outcome=_outcome(due, end),
        latest_start=latest_start,
        slack=latest_start - start_at,
        missed_by=missed_by,
    )


def _outcome(due: DueTime, end: dt.datetime) -> Outcome:
    if end > due.limit:
        return "missed"
    return "tight" if end > due.plan_by else "met"
