"""What a store's ledger promises: one row per recipient, claimed before the first byte leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from ccir.domain.ledger import Halt, LedgerRow, Mark, NoticeKey, Settlement
from ccir.domain.notices import Counts


class Ledger(Protocol):
    """Who is told and how it went: one row for each recipient of a notice's version."""

    def plan(self, notice: NoticeKey, keys: Iterable[tuple[int, str]]) -> None:
        """Add a planned row for each list row and recipient key; rows already there stay."""
        ...

    def claim(self, notice: NoticeKey, sender: str) -> LedgerRow | None:
        """Take the planned row that is to be sent next for `sender`, durably.

        A row that was put off comes when its time has come, the others in the list's order.
        None where no row may be sent at present: none is left, all that are left were put off,
        or the notice is halted.
        """
        ...

    def settle(self, notice: NoticeKey, settlement: Settlement) -> None:
        """Record what the other side said about a claimed row.

        Raises:
            ConflictError: the row is not claimed.
        """
        ...

    def settle_and_claim(
        self, notice: NoticeKey, settlement: Settlement, *, sender: str
    ) -> LedgerRow | None:
        """Settle one row and take the next in the same transaction; see `claim`.

        Raises:
            ConflictError: the row is not claimed.
        """
        ...

    def release(self, notice: NoticeKey, row: int, *, until: dt.datetime | None = None) -> None:
        """Make a claimed row planned again, because surely nothing of it left the machine.

        With `until` it waits for the slot that was reserved for it then.

        Raises:
            ConflictError: the row is not claimed.
        """
        ...

    def next_due(self, notice: NoticeKey) -> dt.datetime | None:
        """Return when the first of the rows that were put off may be sent; None without any."""
        ...

    def mark(self, notice: NoticeKey, marks: Iterable[Mark]) -> int:
        """Record what became known of rows, and return how many changed their state."""
        ...

    def resend_unknown(self, notice: NoticeKey) -> int:
        """Make rows in doubt planned again, and return how many: they may be told twice.

        Left out are those that a person holds back.
        """
        ...

    def supersede(self, notice: NoticeKey, *, by: NoticeKey | None = None) -> int:
        """Mark planned rows as superseded, and return how many there were.

        With `by` only those of recipients who have a row of that notice too.
        """
        ...

    def set_halt(self, notice: NoticeKey, halt: Halt) -> None:
        """Let nobody claim a row until the halt is set to empty again; one being sent ends."""
        ...

    def halt(self, notice: NoticeKey) -> Halt:
        """Return whether the notice is paused or stopped; empty where it is neither."""
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

    def row_of(self, notice: NoticeKey, recipient_key: str) -> LedgerRow | None:
        """Return the row of the recipient with that keyed hash; None without one."""
        ...

    def number(self, notice: NoticeKey) -> int:
        """Return the number, for this workspace, of a planned notice; 0 of another."""
        ...

    def by_number(self, number: int) -> NoticeKey | None:
        """Return the notice that has the number."""
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
