"""How fast events are appended durably, against bare SQLite with the same pragmas."""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from ccir.clock import SystemClock
from ccir.domain.events import NoteAdded, Pin, RunStarted, Sealed
from ccir.domain.record import Draft, Via, digest
from ccir.entropy import SystemEntropy
from ccir.store.sqlite import MEMBER
from ccir.store.sqlite_driver import connect, journal_mode

EVENTS = 500
ROUNDS = 7
GOAL = "goal ≥ 0.6x"

_CLOCK = SystemClock()
_VIA = Via(user="alex", host="laptop", terminal="pts/0", version="0.1.0")
_PLAYBOOK = b"{}"


def run() -> list[tuple[str, float, str]]:
    """Return the ratio of our appends each second to bare SQLite's, the median of rounds.

    Both sides take turns, so that what else the machine does falls on both.
    """
    ratios = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            ours = _timed(_ours, Path(folder))
            bare = _timed(_bare, Path(folder))
        ratios.append(bare / ours)
    return [("durable appends against bare SQLite", statistics.median(ratios), GOAL)]


def _timed(prepare: Callable[[Path], Callable[[], None]], folder: Path) -> float:
    work = prepare(folder)
    started = _CLOCK.monotonic()
    work()
    return _CLOCK.monotonic() - started


def _ours(folder: Path) -> Callable[[], None]:
    events = MEMBER.create(folder / ".ccir", clock=_CLOCK, entropy=SystemEntropy()).events
    pin = Pin(id="bench", version="1.0.0", digest=digest(_PLAYBOOK))
    start = RunStarted(
        kind="incident", title="", severity="sev1", playbook=pin, zone="UTC", roles={}
    )
    begun = events.begin(
        "incident", [_draft(start)], key="0", pins={pin.digest: _PLAYBOOK}, playbook="bench"
    )
    note = NoteAdded(text=Sealed(ref="0" * 32, digest="0" * 64))

    def work() -> None:
        for number in range(1, EVENTS + 1):
            events.append(begun[0].run, [_draft(note)], expected=number, key=str(number))

    return work


def _bare(folder: Path) -> Callable[[], None]:
    path = folder / "bare.db"
    path.touch()
    connection = connect(path)
    connection.execute(f"PRAGMA journal_mode={journal_mode()}")
    connection.execute(
        "CREATE TABLE events (run TEXT, seq INTEGER, line BLOB, PRIMARY KEY (run, seq))"
        " WITHOUT ROWID"
    )
    line = b"x" * 600  # as long as a note's line

    def work() -> None:
        for number in range(EVENTS):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO events VALUES ('r', ?, ?)", (number, line))
            connection.execute("COMMIT")

    return work


def _draft(event: RunStarted | NoteAdded) -> Draft:
    return Draft(event=event, at=_CLOCK.now().astimezone(dt.UTC), by="alex", via=_VIA)


if __name__ == "__main__":
    for name, ratio, goal in run():
        print(f"{name}: {ratio:.2f}x ({goal})")
