"""How fast a log of 100,000 events is folded, against only decoding its lines."""

from __future__ import annotations

import datetime as dt
import statistics
import time

from ccir.catalog.documents import load_playbook
from ccir.catalog.sources import Sources
from ccir.domain.events import AnyEvent, FactRecorded, NoteAdded, Pin, RunStarted, Sealed
from ccir.domain.evolve import fold
from ccir.domain.record import GENESIS, Draft, Place, Via, digest, read_line, write_line
from ccir.engine.families import step_arguments

EVENTS = 100_000
ROUNDS = 3
_AT = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
_VIA = Via(user="alex", host="laptop", terminal="pts/0", version="0.1.0")


def run() -> list[tuple[str, float, str]]:
    """Return the fold's time as a share of the time that reading the lines takes anyway."""
    playbook = load_playbook(Sources(None).find("playbooks", "data-breach"), step_arguments())
    lines = _lines()
    ratios, seconds = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        entries = [read_line(line) for line in lines]
        read = time.perf_counter() - started
        started = time.perf_counter()
        folded = fold(playbook, entries)
        taken = time.perf_counter() - started
        if folded.seq != EVENTS:
            raise ValueError(folded.seq)
        ratios.append(taken / read)
        seconds.append(taken)
    what = f"folding {EVENTS:,} events ({statistics.median(seconds):.1f} s) against reading them"
    return [(what, statistics.median(ratios), "no goal")]


def _lines() -> list[bytes]:
    pin = Pin(id="data-breach", version="1.0.0", digest="0" * 64)
    start = RunStarted(
        kind="incident", title="", severity="sev1", playbook=pin, zone="UTC", roles={}
    )
    note = NoteAdded(text=Sealed(ref="0" * 32, digest="0" * 64))
    lines: list[bytes] = []
    prev = GENESIS
    for number in range(1, EVENTS + 1):
        event: AnyEvent = start if number == 1 else note
        if number % 1_000 == 0:
            event = FactRecorded(name="records_affected", value=number)
        line = _line(event, number, prev)
        prev = digest(line)
        lines.append(line)
    return lines


def _line(event: AnyEvent, number: int, prev: str) -> bytes:
    place = Place(
        run="INC-2026-0001",
        seq=number,
        prev=prev,
        recorded_at=_AT,
        nonce=number.to_bytes(16, "big"),
        key=str(number),
    )
    return write_line(Draft(event=event, at=_AT, by="alex", via=_VIA), place)


if __name__ == "__main__":
    for name, ratio, goal in run():
        print(f"{name}: {ratio:.2f}x ({goal})")
