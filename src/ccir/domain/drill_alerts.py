"""When people are told how a drill stands.

1. Every drill that fails is told.
2. Errors are told once as many came in a row as the settings say, and not again before a drill
   ends otherwise.
3. A drill that is stale as its slots were missed is told once until it passes. One that is
   stale as it did not pass is told only where nothing told so since it passed. One that was
   never drilled is not told: it is played now.
4. A pass after any of these is told once, as the all-clear.
5. A message that the channel refused told nobody, so the next drill tells it again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from ccir.domain.drill_history import NEVER_DRILLED, UNPROVEN, Due, Played, errors_in_a_row
from ccir.domain.events import DrillAlerted
from ccir.domain.record import Entry

_ARRIVED = ("accepted", "unknown")


class Alerted(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that stands in a log: in which run, when, and what it was."""

    run: str
    at: dt.datetime
    event: DrillAlerted


def alerted(entries: Iterable[Entry]) -> list[Alerted]:
    """Return the alerts of drills that stand in a log, in its order."""
    return [
        Alerted(run=entry.run, at=entry.at, event=entry.event)
        for entry in entries
        if isinstance(entry.event, DrillAlerted)
    ]


def is_told_at_end(
    played: Sequence[Played], alerts: Sequence[Alerted], *, errors_after: int
) -> bool:
    """Return whether people are told of the last of the drills of one id, oldest first.

    `alerts` are those of the same id, oldest first.
    """
    arrived = _arrived(alerts)
    match played[-1].result.verdict:
        case "fail":
            return True
        case "error":
            count = errors_in_a_row(played)
            since = played[-count].at
            told = any(each.event.verdict == "error" and each.at >= since for each in arrived)
            return count >= errors_after and not told
        case "pass":
            return bool(arrived) and arrived[-1].event.verdict != "pass"
        case _:
            return False


def is_told_at_begin(due: Due, alerts: Sequence[Alerted]) -> bool:
    """Return whether people are told that a drill which is played now was stale."""
    if due.verdict != "stale" or due.reason == NEVER_DRILLED:
        return False
    verdicts = [
        each.event.verdict
        for each in _arrived(alerts)
        if due.passed_at is None or each.at > due.passed_at
    ]
    bad = [verdict for verdict in verdicts if verdict != "pass"]
    return not bad if due.reason == UNPROVEN else "stale" not in bad


def _arrived(alerts: Sequence[Alerted]) -> list[Alerted]:
    return [each for each in alerts if each.event.state in _ARRIVED]
