"""What a store of acknowledgements promises: one link per recipient, and what she answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import msgspec

from ccir.domain.acknowledgement import Answer, How, TokenContent
from ccir.domain.ledger import NoticeKey
from ccir.domain.notices import LedgerState


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient who is asked to confirm, and what is known of her in one version.

    `sent_at` is when her message left, else when the version's sending was planned. Nothing was
    answered while `confirmed_at` is None.
    """

    notice: NoticeKey
    row: int
    recipient_key: str
    state: LedgerState
    sent_at: dt.datetime
    confirmed_at: dt.datetime | None = None
    answer: Answer | None = None
    late: bool = False


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient's answer; `at` counts the first time only, later ones change the answer."""

    row: int
    answer: Answer
    how: How
    at: dt.datetime
    late: bool = False


class Unrecorded(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of a version that confirmed and that no event tells of yet."""

    notice: NoticeKey
    rows: tuple[int, ...]
    late: int


class Acks(Protocol):
    """Who is asked to confirm, the links, and the answers."""

    def ask(self, notice: NoticeKey, *, expires_at: dt.datetime) -> None:
        """Give each planned recipient of the version a link; one that she has stays the same.

        Who confirmed in an earlier version of the same round is not contacted by this one.
        """
        ...

    def token(self, notice: NoticeKey, row: int) -> str | None:
        """Return the token of a recipient's link; None where she was not asked."""
        ...

    def read(self, token: str) -> TokenContent | None:
        """Return what a token of this installation says; None of any other. No file is read."""
        ...

    def find(self, ack_id: bytes) -> Asked | None:
        """Return the recipient whose token has that id."""
        ...

    def asked(self, notice: NoticeKey, row: int) -> Asked | None:
        """Return the recipient of a row; None where she was not asked."""
        ...

    def all(self, notice: NoticeKey) -> Iterator[Asked]:
        """Return everybody who was asked by a version, in the list's order."""
        ...

    def confirm(
        self, notice: NoticeKey, confirmations: Iterable[Confirmation], *, recorded: bool
    ) -> int:
        """Keep answers, durably when it returns; return how many confirmed the first time.

        Her rows in all versions of the round become `confirmed`, but for one that is being sent
        at this moment: `settle` catches up with it. `recorded` says that the caller tells of them
        in the log.
        """
        ...

    def settle(self, notice: NoticeKey) -> int:
        """Mark rows of the round that confirmed while they were being sent; return how many."""
        ...

    def take_unrecorded(self) -> Sequence[Unrecorded]:
        """Return what the log does not tell yet, and hold it for recorded from now on."""
        ...

    def give_back(self, unrecorded: Unrecorded) -> None:
        """Hold rows for unrecorded again, because the log did not take them."""
        ...

    def open_round(self, notice: NoticeKey, *, root: int) -> None:
        """Let a version ask again those who did not confirm in the version `root`."""
        ...

    def round_of(self, notice: NoticeKey) -> int:
        """Return the number of the version that first asked, for which this one asks again."""
        ...
