"""How fast all shipped rules are loaded, and all clocks computed, against fixed goals."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable

from ccir.catalog.rulebook import load_books
from ccir.catalog.sources import Sources
from ccir.domain.duty_facts import Facts
from ccir.domain.events import FactValue
from ccir.domain.rulebook import Footing, Rulebook
from ccir.engine.duty_clocks import Timepiece

ROUNDS = 25
LOAD_GOAL = 0.150  # seconds
COMPUTE_GOAL = 0.025
_NOW = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)
_FOOTING = Footing(
    zone="Europe/Berlin",
    calendar="DE-HE",
    target_seconds=48 * 3_600,
    facts={"sectors": ["health", "finance"], "nis2_entity": True, "ba_is_agent": False},
)
_FACTS: dict[str, FactValue] = {
    "awareness": "2026-11-22T19:40:00+00:00",
    "discovery": "2026-11-22T18:00:00+00:00",
    "detection": "2026-11-22T17:30:00+00:00",
    "determination": "2026-11-23T09:00:00+00:00",
    "classification": "2026-11-23T08:00:00+00:00",
    "ba_discovery": "2026-11-20",
    "jurisdictions": ["DE", "FR", "US-CA", "US-NY", "US-TX", "BR"],
    "affected": 4100,
    "residents:US-CA": 900,
    "residents:US-NY": 501,
    "residents:US-TX": 249,
    "high_risk": True,
    "we_are_processor": True,
    "le_hold_start": "2026-11-23",
    "submission:EU-NIS2-23-EW": "2026-11-23T10:00:00+00:00",
    "submission:EU-DORA-19-INI": "2026-11-23T11:00:00+00:00",
}


def run() -> list[tuple[str, float, str]]:
    """Return the medians as multiples of their goals: 1.0x is just fast enough."""
    rulebook = Rulebook(books=load_books(Sources(None)), footing=_FOOTING)
    piece = Timepiece(rulebook, Facts(values=_FACTS))
    rules = sum(len(book.rules) for book in rulebook.books)
    clocks = len(piece.compute(lambda _: True, _NOW))
    load = _median(lambda: load_books(Sources(None)))
    again = _median(lambda: piece.compute(lambda _: True, _NOW))
    anew = _median(lambda: Timepiece(rulebook, Facts(values=_FACTS)).compute(lambda _: True, _NOW))
    return [
        (_told(f"loading {rules} rules", load), load / LOAD_GOAL, "goal ≤ 1.0x of 150 ms"),
        (_told(f"computing {clocks} clocks", again), again / COMPUTE_GOAL, "goal ≤ 1.0x of 25 ms"),
        (_told("the same with calendars", anew), anew / COMPUTE_GOAL, "no goal"),
    ]


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def _told(what: str, seconds: float) -> str:
    return f"{what} ({seconds * 1000:.1f} ms)"


if __name__ == "__main__":
    for name, ratio, goal in run():
        print(f"{name}: {ratio:.2f}x ({goal})")
