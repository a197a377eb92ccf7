"""What a sending is given and what it returns: the job, the kit, the ledger, the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal, Protocol

import msgspec

from ccir.catalog.rendering import RenderedText
from ccir.channels.interface import Channel
from ccir.clock import Clock
from ccir.delivery.patience import Patience
from ccir.domain.ledger import Halt, LedgerRow, NoticeKey, Settlement
from ccir.domain.notices import Counts, Receipt, Recipient

Ended = Literal["complete", "stopped", "paused", "unavailable"]


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
        """Take the next planned row; None where none may be sent at present."""
        ...

    def settle(self, notice: NoticeKey, settlement: Settlement) -> None:
        """Record what the other side said about a claimed row."""
        ...

    def settle_and_claim(
        self, notice: NoticeKey, settlement: Settlement, *, sender: str
    ) -> LedgerRow | None:
        """Settle one row and take the next in the same transaction."""
        ...

    def release(self, notice: NoticeKey, row: int, *, until: dt.datetime | None = None) -> None:
        """Make a claimed row planned again, because surely nothing of it left."""
        ...

    def next_due(self, notice: NoticeKey) -> dt.datetime | None:
        """Return when the first of the rows that were put off may be sent; None without any."""
        ...

    def halt(self, notice: NoticeKey) -> Halt:
        """Return whether the notice is paused or stopped; empty where it is neither."""
        ...

    def counts(self, notice: NoticeKey) -> Counts:
        """Return how many of the notice's rows are in each state."""
        ...


class Addressed(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient with her own text."""

    recipient: Recipient
    rendered: RenderedText


class Paces(Protocol):
    """How fast channels may send; all senders share each pace."""

    def reserve(self, name: str, *, per_second: float) -> float:
        """Take the next free slot of a pace and return in how many seconds it comes."""
        ...


def _no_tag(row: LedgerRow) -> str:  # noqa: ARG001 - the default marks no message
    return ""


class SendJob(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent, as it was approved.

    `sender` names the process in the ledger. `date` stands in every message: give the same
    one whenever this version is sent, so that a message's bytes never change. `prepare`
    returns who stands in a row of the list, with her text; rows mostly come in the list's
    order. `tag` is what a message that comes back is known by. `per_second` is the rate that
    was approved, beside the channel's own; None where there is none.
    """

    key: NoticeKey
    sender: str
    date: dt.datetime
    prepare: Callable[[int], Addressed]
    tag: Callable[[LedgerRow], str] = _no_tag
    per_second: float | None = None


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A row was settled: the how manieth of how many in this sending, and with what answer."""

    done: int
    planned: int
    receipt: Receipt


def _nobody_listens(progress: Progress) -> None:  # noqa: ARG001 - the default takes no notice
    return


def _never() -> bool:
    return False


def _as_it_is(name: str) -> str:
    return name


class SendKit(msgspec.Struct, frozen=True, kw_only=True):
    """What a sending works with; `is_stopped` is asked before each row.

    `blind` makes of a recipient's mail domain the name that its pace is kept under.
    """

    ledger: SendingLedger
    channel: Channel
    clock: Clock
    paces: Paces
    patience: Patience = Patience()
    progress: Callable[[Progress], None] = _nobody_listens
    is_stopped: Callable[[], bool] = _never
    blind: Callable[[str], str] = _as_it_is


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
