"""What a series of measured values comes to: the least, the middle, and what 95 of 100 keep to."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence

import msgspec

from ccir.domain.drill_history import Played
from ccir.domain.events import DrillFinished

_P95 = 0.95


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """A series of `count` values in few words, in the unit of the values.

    `p95` is a value that was measured, never one in between: 95 of 100 values are at most so
    large (nearest rank), so with fewer than 20 values it is the largest.
    """

    minimum: float
    median: float
    p95: float
    count: int


def trend(values: Iterable[float | None]) -> Trend | None:
    """Return what the values come to; those that are None do not count, None where none does."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    return Trend(
        minimum=known[0],
        median=statistics.median(known),
        p95=known[math.ceil(_P95 * len(known)) - 1],
        count=len(known),
    )


class DrillTrend(msgspec.Struct, frozen=True, kw_only=True):
    """How one drill developed over those that were looked at.

    `rto` is in seconds, over those that restored everything: what was measured, no estimate.
    """

    drill: str
    rto: Trend | None


def trends(played: Sequence[Played]) -> list[DrillTrend]:
    """Return how each of the drills developed, in the order in which they first stand."""
    names = dict.fromkeys(each.result.drill for each in played)
    return [
        DrillTrend(
            drill=name,
            rto=trend(full_seconds(each for each in played if each.result.drill == name)),
        )
        for name in names
    ]


def full_seconds(played: Iterable[Played]) -> list[float | None]:
    """Return how many seconds each drill took that restored everything; None for the others."""
    return [
        each.result.rto.measured_seconds if each.result.mode == "full" else None for each in played
    ]


def coverage_share(result: DrillFinished) -> float | None:
    """Return how much of the newest snapshot's bytes is verified, from 0 to 1; None if unknown."""
    coverage = result.coverage
    return coverage.verified_bytes / coverage.bytes if coverage and coverage.bytes else None
