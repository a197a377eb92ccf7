"""The ledger in SQLite: one row per recipient; no byte leaves that a later start would not know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

from ccir.clock import Clock
from ccir.domain.ledger import LedgerRow, NoticeKey
from ccir.domain.notices import Counts, Receipt
from ccir.domain.record import digest
from ccir.errors import ConflictError
from ccir.process import boot_id
from ccir.store.sqlite_driver import faults
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_ledger_rows import (
    Settlement,
    claim_next,
    number_of,
    plan_rows,
    release_row,
    rows_after,
    settle_row,
)
from ccir.store.sqlite_reach import doubt, extend, is_within, withdraw
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

    def plan(self, notice: NoticeKey, keys: Iterable[tuple[int, str]]) -> None:
        """Add planned rows; see `Ledger.plan`."""
        with self._file.transaction() as connection:
            plan_rows(connection, notice, keys, at=self._now())

    def claim(self, notice: NoticeKey, sender: str) -> LedgerRow | None:
        """Take the next planned row; see `Ledger.claim`."""
        with self._file.transaction() as connection:
            number = self._number(notice)
            extend(connection, number, boot=self._boot())
            return claim_next(connection, number, sender=sender, at=self._now())

    def settle(
        self, notice: NoticeKey, row: int, receipt: Receipt, *, message_id: str = ""
    ) -> None:
        """Record the other side's answer; see `Ledger.settle`."""
        with self._file.transaction() as connection:
            number, settlement = self._number(notice), self._settlement(row, receipt, message_id)
            settle_row(connection, notice, settlement, number=number)
            withdraw(connection, number)

    def settle_and_claim(
        self, notice: NoticeKey, row: int, receipt: Receipt, *, sender: str, message_id: str = ""
    ) -> LedgerRow | None:
        """Settle one row and take the next; see `Ledger.settle_and_claim`."""
        number, settlement = self._number(notice), self._settlement(row, receipt, message_id)
        waits = not self._is_within_reach(number)
        with self._file.transaction(waits=waits) as connection:
            settle_row(connection, notice, settlement, number=number)
            if waits:
                extend(connection, number, boot=self._boot())
            return claim_next(connection, number, sender=sender, at=settlement.at)

    def release(self, notice: NoticeKey, row: int) -> None:
        """Make a claimed row planned again; see `Ledger.release`."""
        with self._file.transaction() as connection:
            release_row(connection, notice, row=row, at=self._now())
            withdraw(connection, self._number(notice))

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
            withdraw(connection, number)
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
        return Counts(
            planned=by_state.get("planned", 0),
            claimed=by_state.get("claimed", 0),
            accepted=by_state.get("accepted", 0),
            refused=by_state.get("refused-temporary", 0) + by_state.get("refused-permanent", 0),
            unknown=by_state.get("unknown", 0),
        )

    def rows(self, notice: NoticeKey) -> Iterator[LedgerRow]:
        """Return the notice's rows in the list's order; see `Ledger.rows`."""
        last = -1
        while page := self._page(notice, after=last):
            yield from page
            last = page[-1].row

    def told(self, run: str, notice: str) -> set[str]:
        """Return the keys of those who may have been reached; see `Ledger.told`."""
        with faults(self._file.path):
            found: list[tuple[str]] = self._file.connection.execute(
                "SELECT ledger.recipient_key FROM notices"
                " JOIN ledger ON ledger.notice = notices.id"
                " WHERE notices.run = ? AND notices.notice = ?"
                " AND ledger.state IN ('accepted', 'claimed', 'unknown')",
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

    def _is_within_reach(self, number: int) -> bool:
        with faults(self._file.path):
            return is_within(self._file.connection, number, boot=self._boot())

    def _number(self, notice: NoticeKey) -> int:
        """Return the notice's number, which never changes once it has one."""
        if not self._numbers.get(notice):
            with faults(self._file.path):
                self._numbers[notice] = number_of(self._file.connection, notice)
        return self._numbers[notice]

    def _settlement(self, row: int, receipt: Receipt, message_id: str) -> Settlement:
        return Settlement(row=row, receipt=receipt, message_id=message_id, at=self._now())

    def _page(self, notice: NoticeKey, *, after: int) -> list[LedgerRow]:
        with faults(self._file.path):
            return rows_after(self._file.connection, notice, row=after, limit=ROWS_AT_ONCE)

    def _now(self) -> str:
        return moment_text(self._clock.now())
