"""How fast a list is rendered in the bounded process: dry, whole, and without it to compare."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterable

from notices import TEMPLATE

from ccir.clock import SystemClock
from ccir.delivery.dry_run import DryRun
from ccir.delivery.letter_text import Letters, LetterText
from ccir.delivery.render_process import rendering
from ccir.domain.notices import Recipient

ROWS = 100_000
GOAL = 10_000
TEXT = LetterText(templates={"en": TEMPLATE}, values={"organisation": {"name": "Example Centre"}})


def run() -> list[tuple[str, float, str]]:
    """Return the dry renders as a multiple of the goal, and what the other process costs."""
    letters = Letters(TEXT)
    started = time.perf_counter()
    with rendering(TEXT, clock=SystemClock()) as renderer:
        ready = time.perf_counter() - started
        dry_run = DryRun(renderer)
        dry, dry_cpu = _measured(dry_run.through(_people()))
        whole, whole_cpu = _measured(renderer.stream(_people()))
    if dry_run.written["en"] != ROWS:
        raise ValueError(dry_run.faults)
    here, _ = _measured(letters.render(person) for person in _people())
    _, list_cpu = _measured(_people())
    return [
        (f"rendering: dry, {dry:,.0f} messages/s / {GOAL:,}", dry / GOAL, "goal ≥ 1x"),
        (
            f"rendering: streamed ({whole:,.0f}/s) / in this process ({here:,.0f}/s)",
            whole / here,
            "",
        ),
        ("rendering: start, ms", ready * 1e3, ""),
        ("rendering: this process's part of a dry message, us", dry_cpu - list_cpu, ""),
        ("rendering: this process's part of a whole message, us", whole_cpu - list_cpu, ""),
    ]


def _measured(work: Iterable[object]) -> tuple[float, float]:
    """Return the messages a second, and this process's computing for each in microseconds."""
    started, used = time.perf_counter(), _used()
    count = sum(1 for _ in work)
    return count / (time.perf_counter() - started), (_used() - used) / count * 1e6


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _people() -> Iterable[Recipient]:
    for row in range(1, ROWS + 1):
        address = f"person{row}@customers.example"
        yield Recipient(row=row, address=address, name=f"Person {row}", language="en")


if __name__ == "__main__":
    print(f"{os.cpu_count()} cores")
    for name, ratio, goal in run():
        print(f"{name}: {ratio:.2f} ({goal})")
