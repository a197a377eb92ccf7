"""The ledger in SQLite: one row per recipient; no byte leaves that a later start would not know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

from ccir.clock import Clock
from ccir.domain.ledger import Halt, LedgerRow, Mark, NoticeKey, Settlement
from ccir.domain.notices import Counts
from ccir.domain.record import digest
from ccir.errors import ConflictError
from ccir.process import boot_id
from ccir.store.sqlite_driver import Connection, faults
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_ledger_rows import (
    Claimant,
    claim_next,
    key_of,
    mark_rows,
    next_due,
    number_of,
    plan_rows,
    release_row,
    row_of,
    rows_after,
    settle_row,
)
from ccir.store.sqlite_reach import Block, doubt, extend, withdraw
from ccir.store.sqlite_runs import moment_text
from ccir.store.state_folder import held

ROWS_AT_ONCE = 1_000


class SqliteLedger:
    """The ledger of one workspace; the senders' locks lie in the folder `locks`."""

    def __init__(
        self, file: StoreFile, *, locks: Path, clock: Clock, boot: Callable[[], str] = boot_id
    ) -> None:
        self._file = file
        self._locks = locks
        self._clock = clock
        self._boot = cache(boot)
        self._numbers: dict[NoticeKey, int] = {}
        self._reached: dict[int, int] = {}
        self._after: dict[int, int] = {}

    def plan(self, notice: NoticeKey, keys: Iterable[tuple[int, str]]) -> None:
        """Add planned rows; see `Ledger.plan`."""
        with self._file.transaction() as connection:
            plan_rows(connection, notice, keys, at=self._now())

    def claim(self, notice: NoticeKey, sender: str) -> LedgerRow | None:
        """Take the planned row that is to be sent next; see `Ledger.claim`."""
        with self._file.transaction() as connection:
            number = self._number(notice)
            row = self._claim(connection, number, sender, at=self._now())
            self._extend(connection, number, row)
            return row

    def settle(self, notice: NoticeKey, settlement: Settlement) -> None:
        """Record the other side's answer; see `Ledger.settle`."""
        with self._file.transaction() as connection:
            number = self._number(notice)
            settle_row(connection, notice, settlement, number=number, at=self._now())
            self._withdraw(connection, number)

    def settle_and_claim(
        self, notice: NoticeKey, settlement: Settlement, *, sender: str
    ) -> LedgerRow | None:
        """Settle one row and take the next; see `Ledger.settle_and_claim`."""
        number, now = self._number(notice), self._now()
        waits = not self._boot()
        with self._file.transaction(waits=waits) as connection:
            settle_row(connection, notice, settlement, number=number, at=now)
            row = self._claim(connection, number, sender, at=now)
            if waits:
                self._extend(connection, number, row)
        if not waits and (row is None or row.row > self._reached.get(number, 0)):
            with self._file.transaction() as connection:
                self._extend(connection, number, row)
        return row

    def release(self, notice: NoticeKey, row: int, *, until: dt.datetime | None = None) -> None:
        """Make a claimed row planned again; see `Ledger.release`."""
        with self._file.transaction() as connection:
            number = self._number(notice)
            release_row(connection, notice, row=row, until=until, at=self._now())
            self._withdraw(connection, number)
            self._after[number] = min(self._after.get(number, 0), row - 1)

    def next_due(self, notice: NoticeKey) -> dt.datetime | None:
        """Return when a row that was put off may be sent; see `Ledger.next_due`."""
        with faults(self._file.path):
            return next_due(self._file.connection, self._number(notice))

    def mark(self, notice: NoticeKey, marks: Iterable[Mark]) -> int:
        """Record what became known of rows; see `Ledger.mark`."""
        with self._file.transaction() as connection:
            return mark_rows(connection, self._number(notice), marks, at=self._now())

    def resend_unknown(self, notice: NoticeKey) -> int:
        """Make rows in doubt planned again; see `Ledger.resend_unknown`."""
        with self._file.transaction() as connection:
            return connection.execute(
                "UPDATE ledger SET state = 'planned', not_before = '', changed_at = ?"
                " WHERE notice = ? AND state = 'unknown' AND basis != 'person'",
                (self._now(), self._number(notice)),
            ).rowcount

    def supersede(self, notice: NoticeKey, *, by: NoticeKey | None = None) -> int:
        """Mark planned rows as superseded; see `Ledger.supersede`."""
        with self._file.transaction() as connection:
            return connection.execute(
                "UPDATE ledger SET state = 'superseded', changed_at = ?1"
                " WHERE notice = ?2 AND state = 'planned' AND (?3 IS NULL OR recipient_key IN"
                " (SELECT recipient_key FROM ledger WHERE notice = ?3))",
                (self._now(), self._number(notice), None if by is None else self._number(by)),
            ).rowcount

    def set_halt(self, notice: NoticeKey, halt: Halt) -> None:
        """Stop or release the claiming of rows; see `Ledger.set_halt`."""
        with self._file.transaction() as connection:
            connection.execute(
                "UPDATE notices SET halt = ? WHERE id = ?", (halt, self._number(notice))
            )

    def halt(self, notice: NoticeKey) -> Halt:
        """Return whether the claiming of rows is stopped; see `Ledger.halt`."""
        with faults(self._file.path):
            found: tuple[Halt] | None = self._file.connection.execute(
                "SELECT halt FROM notices WHERE id = ?", (self._number(notice),)
            ).fetchone()
        return "" if found is None else found[0]

    def abandon(self, notice: NoticeKey) -> int:
        """Mark rows of dead senders as unknown; see `Ledger.abandon`."""
        with self._file.transaction() as connection:
            number, now = self._number(notice), self._now()
            unseen = doubt(connection, number, boot=self._boot(), at=now)
            claimed = connection.execute(
                "UPDATE ledger SET state = 'unknown', changed_at = ?"
                " WHERE notice = ? AND state = 'claimed'",
                (now, number),
            ).rowcount
            self._withdraw(connection, number)
            return unseen + claimed

    def counts(self, notice: NoticeKey) -> Counts:
        """Return how many rows are in each state; see `Ledger.counts`."""
        with faults(self._file.path):
            connection = self._file.connection
            found: list[tuple[str, int]] = connection.execute(
                "SELECT state, count(*) FROM ledger WHERE notice = ? GROUP BY state",
                (number_of(connection, notice),),
            ).fetchall()
        by_state = dict(found)
        refused = by_state.pop("refused-temporary", 0) + by_state.pop("refused-permanent", 0)
        return Counts(refused=refused, **by_state)

    def rows(self, notice: NoticeKey) -> Iterator[LedgerRow]:
        """Return the notice's rows in the list's order; see `Ledger.rows`."""
        last = -1
        while page := self._page(notice, after=last):
            yield from page
            last = page[-1].row

    def row_of(self, notice: NoticeKey, recipient_key: str) -> LedgerRow | None:
        """Return one recipient's row; see `Ledger.row_of`."""
        with faults(self._file.path):
            return row_of(self._file.connection, self._number(notice), recipient_key)

    def number(self, notice: NoticeKey) -> int:
        """Return the notice's number; see `Ledger.number`."""
        return self._number(notice)

    def by_number(self, number: int) -> NoticeKey | None:
        """Return the notice of a number; see `Ledger.by_number`."""
        with faults(self._file.path):
            return key_of(self._file.connection, number)

    def told(self, run: str, notice: str) -> set[str]:
        """Return the keys of those who may have been reached; see `Ledger.told`."""
        with faults(self._file.path):
            found: list[tuple[str]] = self._file.connection.execute(
                "SELECT ledger.recipient_key FROM notices"
                " JOIN ledger ON ledger.notice = notices.id"
                " WHERE notices.run = ? AND notices.notice = ? AND ledger.state"
                " IN ('accepted', 'claimed', 'unknown', 'delivered', 'confirmed')",
                (run, notice),
            ).fetchall()
        return {key for (key,) in found}

    def sender(self, notice: NoticeKey) -> AbstractContextManager[None]:
        """Hold the right to send, whatever the version or channel; see `Ledger.sender`."""
        name = digest(f"{notice.run}|{notice.notice}".encode())
        taken = ConflictError(
            f"notice '{notice.notice}' of {notice.run} is being sent by another process",
            hint="follow it with `ccir notice status`; repeat the command when it has ended",
        )
        return held(self._locks / f"sender-{name[:32]}.lock", taken=taken)

    def _claim(
        self, connection: Connection, number: int, sender: str, *, at: str
    ) -> LedgerRow | None:
        """Claim the next row after the last one, or one that was released before it."""
        after = self._after.get(number, 0)
        row = claim_next(connection, number, Claimant(sender=sender, after=after), at=at)
        if row is None and after:
            self._after[number] = 0
            row = claim_next(connection, number, Claimant(sender=sender), at=at)
        if row is not None and row.not_before is None:
            self._after[number] = row.row
        return row

    def _extend(self, connection: Connection, number: int, row: LedgerRow | None) -> None:
        block = Block(claimed=0 if row is None else row.row, after=self._after.get(number, 0))
        self._reached[number] = extend(connection, number, block, boot=self._boot())

    def _withdraw(self, connection: Connection, number: int) -> None:
        self._reached.pop(number, None)
        withdraw(connection, number)

    def _number(self, notice: NoticeKey) -> int:
        """Return the notice's number, which never changes once it has one."""
        if not self._numbers.get(notice):
            with faults(self._file.path):
                self._numbers[notice] = number_of(self._file.connection, notice)
        return self._numbers[notice]

    def _page(self, notice: NoticeKey, *, after: int) -> list[LedgerRow]:
        with faults(self._file.path):
            return rows_after(self._file.connection, notice, row=after, limit=ROWS_AT_ONCE)

    def _now(self) -> str:
        return moment_text(self._clock.now())
