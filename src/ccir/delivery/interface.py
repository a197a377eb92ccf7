"""What a sending is given and what it returns: the job, the kit, the ledger, the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal, Protocol

import msgspec

from ccir.channels.interface import Channel
from ccir.clock import Clock
from ccir.delivery.wrappers import Patience
from ccir.domain.ledger import LedgerRow, NoticeKey
from ccir.domain.notices import Counts, Receipt, Recipient

Ended = Literal["complete", "stopped", "unavailable"]


class SendingLedger(Protocol):
    """What a sender needs of the ledger; each call is durable when it returns."""

    def sender(self, notice: NoticeKey) -> AbstractContextManager[None]:
        """Hold the right to send this notice.

        Raises:
            ConflictError: another process holds it.
        """
        ...

    def abandon(self, notice: NoticeKey) -> int:
        """Mark rows that a dead sender left claimed as unknown; return how many."""
        ...

    def claim(self, notice: NoticeKey, sender: str) -> LedgerRow | None:
        """Take the next planned row; None where none is left."""
        ...

    def settle(
        self, notice: NoticeKey, row: int, receipt: Receipt, *, message_id: str = ""
    ) -> None:
        """Record what the other side said about a claimed row."""
        ...

    def settle_and_claim(
        self, notice: NoticeKey, row: int, receipt: Receipt, *, sender: str, message_id: str = ""
    ) -> LedgerRow | None:
        """Settle one row and take the next in the same transaction."""
        ...

    def release(self, notice: NoticeKey, row: int) -> None:
        """Make a claimed row planned again, because surely nothing of it left."""
        ...

    def counts(self, notice: NoticeKey) -> Counts:
        """Return how many of the notice's rows are in each state."""
        ...


class Rendered(msgspec.Struct, frozen=True, kw_only=True):
    """A notice's text as one recipient gets it; `html` may be empty."""

    subject: str
    text: str
    html: str
    language: str


class SendJob(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent, as it was approved.

    `sender` names the process in the ledger. `date` stands in every message: give the same
    one whenever this version is sent, so that a message's bytes never change. `recipient`
    returns who stands in a row of the list.
    """

    key: NoticeKey
    sender: str
    date: dt.datetime
    recipient: Callable[[int], Recipient]
    render: Callable[[Recipient], Rendered]


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A row was settled: the how manieth of how many in this sending, and with what answer."""

    done: int
    planned: int
    receipt: Receipt


def _nobody_listens(progress: Progress) -> None:  # noqa: ARG001 - the default takes no notice
    return


def _never() -> bool:
    return False


class SendKit(msgspec.Struct, frozen=True, kw_only=True):
    """What a sending works with; `is_stopped` is asked before each row."""

    ledger: SendingLedger
    channel: Channel
    clock: Clock
    patience: Patience = Patience()
    progress: Callable[[Progress], None] = _nobody_listens
    is_stopped: Callable[[], bool] = _never


class SendReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a sending ended, and how all of the version's rows stand now.

    `abandoned` rows were found claimed by a dead sender and are `unknown` now. `detail` and
    `hint` say why the channel was unavailable and what to do.
    """

    ended: Ended
    counts: Counts
    abandoned: int = 0
    detail: str = ""
    hint: str = ""
