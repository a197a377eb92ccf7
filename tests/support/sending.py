"""A planned notice in a real store, what sends it, and processes that send and die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ccir.catalog.rendering import RenderedText
from ccir.channels.interface import Channel
from ccir.clock import FixedClock, SystemClock
from ccir.delivery.interface import Addressed, Progress, SendJob, SendKit
from ccir.delivery.patience import Patience
from ccir.delivery.sending import send
from ccir.domain.ledger import LedgerRow
from ccir.domain.notices import Recipient
from ccir.entropy import SystemEntropy
from ccir.store.interface import Stores
from ccir.store.sqlite import SqliteFactory
from support.mail import SENT_AT, smtp
from support.stores import NOTICE, opened

_TESTS = Path(__file__).parent.parent
IMPATIENT = Patience(pauses=(), away=())


def address(row: int) -> str:
    return f"person{row}@customers.example"


def planned(folder: Path, count: int, *, clock: FixedClock | None = None) -> Stores:
    """Stores whose ledger holds that many planned rows of `NOTICE`."""
    stores = opened(SqliteFactory(), folder, clock=clock)
    stores.ledger.plan(NOTICE, ((row, f"key {row}") for row in range(1, count + 1)))
    return stores


def recipient(row: int) -> Recipient:
    return Recipient(row=row, address=address(row), name=f"Person {row}", language="en")


def rendered(to: Recipient) -> RenderedText:
    text = f"Dear {to.name},\n\nwe lost it.\n"
    return RenderedText(
        subject="Your data", text=text, html=f"<p>{to.name}</p>", language=to.language
    )


def job(
    render: Callable[[Recipient], RenderedText] = rendered,
    recipient: Callable[[int], Recipient] = recipient,
) -> SendJob:
    def prepare(row: int) -> Addressed:
        person = recipient(row)
        return Addressed(recipient=person, rendered=render(person))

    return SendJob(key=NOTICE, sender="desk:1", date=SENT_AT, prepare=prepare)


def kit(stores: Stores, channel: Channel, **more: object) -> SendKit:
    given: dict[str, object] = {"clock": FixedClock(SENT_AT), "patience": IMPATIENT, **more}
    return SendKit(ledger=stores.ledger, paces=stores.paces, channel=channel, **given)  # type: ignore[arg-type] # any field may be given


def rows(stores: Stores) -> list[LedgerRow]:
    return [*stores.ledger.rows(NOTICE)]


def states(stores: Stores) -> list[str]:
    return [row.state for row in rows(stores)]


# ------------------------------------------------------------------------ processes of their own


def start_sending(
    folder: Path, port: int, *, dies: str = "", at_row: int = 0, lanes: int = 1
) -> subprocess.Popen[bytes]:
    """Start a real process that sends what is planned; it kills itself where it `dies`.

    `dies` is `preparing` (the row is claimed, nothing has left) or `settled` (the row is
    settled, and the next one claimed); empty, it sends until it is done or killed.
    """
    program = "import sys; from support.sending import *; send_all(*sys.argv[1:])"
    return subprocess.Popen(
        [sys.executable, "-c", program, str(folder), str(port), dies, str(at_row), str(lanes)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(_TESTS), *sys.path])},
    )


def send_all(folder: str, port: str, *death: str) -> None:
    """Send all that is planned, over real SMTP, or die at the row where that is asked for."""
    dies, at_row, lanes = death[0], int(death[1]), int(death[2])

    def render(to: Recipient) -> RenderedText:
        if dies == "preparing" and to.row == at_row:
            os.kill(os.getpid(), signal.SIGKILL)
        return rendered(to)

    def progress(step: Progress) -> None:
        if dies == "settled" and step.done == at_row:
            os.kill(os.getpid(), signal.SIGKILL)

    stores = SqliteFactory().open(
        Path(folder) / ".ccir", clock=SystemClock(), entropy=SystemEntropy()
    )
    # A rate that nothing reaches asks for as many lanes as there may be.
    table = {"connections": lanes, "rate": "9999999/s"} if lanes > 1 else {}
    channel = smtp(int(port), Path(folder), final_timeout=30.0, **table)
    send(job(render), kit(stores, channel, progress=progress))
