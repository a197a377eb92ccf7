"""What a store's ledger promises: one row per recipient, claimed before the first byte leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from ccir.domain.ledger import LedgerRow, NoticeKey
from ccir.domain.notices import Counts, Receipt


class Ledger(Protocol):
    """Who is told and how it went: one row for each recipient of a notice's version."""

    def plan(self, notice: NoticeKey, keys: Iterable[tuple[int, str]]) -> None:
        """Add a planned row for each list row and recipient key; rows already there stay."""
        ...

    def claim(self, notice: NoticeKey, sender: str) -> LedgerRow | None:
        """Take the next planned row for `sender`, durably; None where none is left."""
        ...

    def settle(
        self, notice: NoticeKey, row: int, receipt: Receipt, *, message_id: str = ""
    ) -> None:
        """Record what the other side said about a claimed row.

        Raises:
            ConflictError: the row is not claimed.
        """
        ...

    def settle_and_claim(
        self, notice: NoticeKey, row: int, receipt: Receipt, *, sender: str, message_id: str = ""
    ) -> LedgerRow | None:
        """Settle one row and take the next in the same transaction.

        Raises:
            ConflictError: the row is not claimed.
        """
        ...

    def release(self, notice: NoticeKey, row: int) -> None:
        """Make a claimed row planned again, because surely nothing of it left the machine.

        Raises:
            ConflictError: the row is not claimed.
        """
        ...

    def abandon(self, notice: NoticeKey) -> int:
        """Mark rows that a dead sender left claimed as unknown; return how many.

        Call it only while holding `sender(notice)`: then no claim belongs to a living sender.
        """
        ...

    def counts(self, notice: NoticeKey) -> Counts:
        """Return how many of the notice's rows are in each state."""
        ...

    def rows(self, notice: NoticeKey) -> Iterator[LedgerRow]:
        """Return the notice's rows in the list's order."""
        ...

    def told(self, run: str, notice: str) -> set[str]:
        """Return the keys of those whom any version may have reached already."""
        ...

    def sender(self, notice: NoticeKey) -> AbstractContextManager[None]:
        """Hold the right to send this notice; the kernel gives it back when the process dies.

        Raises:
            ConflictError: another process holds it.
        """
        ...
