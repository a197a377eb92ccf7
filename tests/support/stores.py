"""Small runs to be recorded in a store, and processes that append to one."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

from ccir.clock import FixedClock
from ccir.domain.events import (
    AnyEvent,
    FactRecorded,
    FactValue,
    NoteAdded,
    Pin,
    RunClosed,
    RunKind,
    RunStarted,
    Sealed,
)
from ccir.domain.ledger import NoticeKey, Settlement
from ccir.domain.notices import Receipt, Recipient
from ccir.domain.record import Draft, Entry, Via, digest
from ccir.entropy import SeededEntropy, SystemEntropy
from ccir.store.interface import EventStore, StoreFactory, Stores, VersionConflict
from ccir.store.sqlite import SqliteFactory

STARTED_AT = dt.datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=dt.UTC)
PLAYBOOK = b'{"id":"data-breach"}'
CONFLICTS_LIMIT = 10_000
COMMANDS_LIMIT = 1_000_000
NOTICE = NoticeKey(run="INC-2026-0001", notice="customers", version=1, channel="mail")

_TESTS = Path(__file__).parent.parent
_VIA = Via(user="alex", host="laptop", terminal="pts/0", version="0.1.0")


def opened(
    factory: StoreFactory, folder: Path, *, clock: FixedClock | None = None, seed: int = 1
) -> Stores:
    """The stores of a folder, made where they are missing."""
    return factory.create(
        folder / ".ccir", clock=clock or FixedClock(STARTED_AT), entropy=SeededEntropy(seed)
    )


def draft(event: AnyEvent, *, at: dt.datetime = STARTED_AT) -> Draft:
    return Draft(event=event, at=at, by="alex", via=_VIA)


def start(kind: RunKind = "incident", playbook: str = "data-breach") -> Draft:
    pin = Pin(id=playbook, version="1.0.0", digest=digest(PLAYBOOK))
    return draft(
        RunStarted(
            kind=kind, title="Leak", severity="sev1", playbook=pin, zone="Europe/Berlin", roles={}
        )
    )


def fact(value: FactValue, *, name: str = "records_affected") -> Draft:
    return draft(FactRecorded(name=name, value=value, source="desk"))


def note(sealed: Sealed) -> Draft:
    return draft(NoteAdded(text=sealed))


def closing() -> Draft:
    return draft(RunClosed(outcome="resolved"))


def begin(
    events: EventStore, *, key: str = "begin", playbook: str = "data-breach", another: bool = False
) -> str:
    """Begin an incident and return its id."""
    pins = {digest(PLAYBOOK): PLAYBOOK}
    drafts = [start(playbook=playbook)]
    begun = events.begin("incident", drafts, key=key, pins=pins, playbook=playbook, another=another)
    return begun[0].run


def append_facts(events: EventStore, run: str, count: int) -> list[Entry]:
    """Append facts, each as a command of its own, after whatever is there."""
    seq = events.read(run)[-1].seq
    recorded: list[Entry] = []
    for number in range(seq, seq + count):
        recorded += events.append(run, [fact(number)], expected=number, key=f"fact {number}")
    return recorded


def recipients(count: int) -> list[Recipient]:
    return [
        Recipient(
            row=row,
            address=f"person{row}@customers.example",
            name=f"Person {row}",
            language="de" if row % 3 else "en",
        )
        for row in range(1, count + 1)
    ]


def python(statement: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a real Python process that runs one statement on functions of this module."""
    program = f"import sys; from support.stores import *; {statement}"
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(_TESTS), *sys.path])},
    )


def append_eagerly(folder: str, run: str, who: str, *, count: int) -> None:
    """Append that many commands against others who do the same; print each number recorded."""
    events = _real(folder).events
    seq, number = 0, 0
    for _ in range(CONFLICTS_LIMIT):
        if number == count:
            return
        try:
            pair = [fact(f"{who} {number}"), fact(f"{who} {number} too")]
            entries = events.append(run, pair, expected=seq, key=f"{who} {number}")
        except VersionConflict:
            seq = events.read(run, after=seq)[-1].seq
            continue
        number += 1
        seq = entries[-1].seq
        print(seq, flush=True)  # noqa: T201 - the acknowledgement that the test reads


def begin_eagerly(folder: str, who: str, *, count: int) -> None:
    """Begin that many runs while others do the same; print each id."""
    stores = _real(folder)
    for number in range(count):
        print(begin(stores.events, key=f"{who} {number}", another=True), flush=True)  # noqa: T201 - as above


def append_for_ever(folder: str, run: str) -> None:
    """Append one command after the other until killed; print each last number once it is safe."""
    events = _real(folder).events
    seq = events.read(run)[-1].seq
    for _ in range(COMMANDS_LIMIT):
        facts = [fact(seq), fact(-seq)][: 1 + seq % 3 % 2]
        seq = events.append(run, facts, expected=seq, key=f"command {seq}")[-1].seq
        print(seq, flush=True)  # noqa: T201 - as above


def create_for_ever(folder: str) -> None:
    """Make one store after the other until killed; print each number once it is complete."""
    for number in range(COMMANDS_LIMIT):
        _real(str(Path(folder) / str(number))).close()
        print(number, flush=True)  # noqa: T201 - as above


def claim_all(folder: str, who: str) -> None:
    """Claim and settle rows while others do the same; print each."""
    ledger = _real(folder).ledger
    row = ledger.claim(NOTICE, who)
    while row is not None:
        print(row.row, flush=True)  # noqa: T201 - as above
        settlement = Settlement(row=row.row, receipt=Receipt(state="accepted"))
        row = ledger.settle_and_claim(NOTICE, settlement, sender=who)


def hold_sender(folder: str) -> None:
    """Claim a row as the only sender and hold on to both until the input ends."""
    ledger = _real(folder).ledger
    with ledger.sender(NOTICE):
        print(ledger.claim(NOTICE, "holder"), flush=True)  # noqa: T201 - as above
        sys.stdin.read()


def _real(folder: str) -> Stores:
    clock = FixedClock(STARTED_AT)
    return SqliteFactory().create(Path(folder) / ".ccir", clock=clock, entropy=SystemEntropy())
