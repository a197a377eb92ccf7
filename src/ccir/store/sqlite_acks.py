"""Acknowledgements in SQLite, in the ledger's file: an answer and its row change together."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from ccir.clock import Clock
from ccir.domain.acknowledgement import (
    CODE_BYTES,
    ID_BYTES,
    TokenContent,
    read_content,
    split_token,
    token_content,
    token_text,
)
from ccir.domain.ledger import NoticeKey
from ccir.entropy import Entropy
from ccir.store.acks_interface import Asked, Confirmation, Unrecorded
from ccir.store.installation_key import read_key
from ccir.store.sealing import Sealer
from ccir.store.sqlite_ack_rows import (
    ROWS_AT_ONCE,
    ask_rows,
    asked_after,
    asked_by_id,
    asked_row,
    confirm_row,
    expiry_and_id,
    mark_recipient,
    round_of,
    settle_round,
)
from ccir.store.sqlite_driver import faults
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_ledger_rows import key_of, number_of
from ccir.store.sqlite_runs import moment_text


class SqliteAcks:
    """The acknowledgements of one workspace; `key` is the installation key's file."""

    def __init__(self, file: StoreFile, *, key: Path, clock: Clock, entropy: Entropy) -> None:
        self._file = file
        self._key = key
        self._clock = clock
        self._entropy = entropy
        self._opened: Sealer | None = None

    def ask(self, notice: NoticeKey, *, expires_at: dt.datetime) -> None:
        """Give each planned recipient a link; see `Acks.ask`."""
        now = self._now()
        with self._file.transaction() as connection:
            number = number_of(connection, notice)
            connection.execute(
                "INSERT INTO asks (notice, asked_at, expires_at) VALUES (?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (number, now, moment_text(expires_at)),
            )
            ask_rows(connection, number, new_id=lambda: self._entropy.octets(ID_BYTES))
            settle_round(connection, notice, at=now)

    def token(self, notice: NoticeKey, row: int) -> str | None:
        """Return a recipient's token; see `Acks.token`."""
        with faults(self._file.path):
            found = expiry_and_id(self._file.connection, notice, row)
        if found is None:
            return None
        expires_at, ack_id = found
        content = token_content(TokenContent(id=ack_id, expires_at=expires_at))
        return token_text(content, self._code(content))

    def read(self, token: str) -> TokenContent | None:
        """Return what a genuine token says; see `Acks.read`."""
        parts = split_token(token)
        if parts is None:
            return None
        content, code = parts
        if not hmac.compare_digest(self._code(content), code):
            return None
        return read_content(content)

    def find(self, ack_id: bytes) -> Asked | None:
        """Return the recipient of an id; see `Acks.find`."""
        with faults(self._file.path):
            return asked_by_id(self._file.connection, ack_id)

    def asked(self, notice: NoticeKey, row: int) -> Asked | None:
        """Return the recipient of a row; see `Acks.asked`."""
        with faults(self._file.path):
            return asked_row(self._file.connection, notice, row)

    def all(self, notice: NoticeKey) -> Iterator[Asked]:
        """Return everybody who was asked; see `Acks.all`."""
        last = -1
        while page := self._page(notice, after=last):
            yield from page
            last = page[-1].row

    def confirm(
        self, notice: NoticeKey, confirmations: Iterable[Confirmation], *, recorded: bool
    ) -> int:
        """Keep answers; see `Acks.confirm`."""
        with self._file.transaction() as connection:
            number, now, first = number_of(connection, notice), self._now(), 0
            for each in confirmations:
                first += confirm_row(connection, number, each, recorded=recorded)
                mark_recipient(connection, notice, each.row, at=now)
            return first

    def settle(self, notice: NoticeKey) -> int:
        """Mark rows that confirmed while they were being sent; see `Acks.settle`."""
        with self._file.transaction() as connection:
            return settle_round(connection, notice, at=self._now())

    def take_unrecorded(self) -> Sequence[Unrecorded]:
        """Return what the log does not tell yet; see `Acks.take_unrecorded`."""
        with faults(self._file.path):
            any_row = self._file.connection.execute(
                "SELECT 1 FROM acks WHERE recorded = 0 AND confirmed_at > '' LIMIT 1"
            ).fetchone()
        if any_row is None:
            return []  # as it mostly is: no sender is held up for nothing
        with self._file.transaction() as connection:
            found: list[tuple[int, int, int]] = connection.execute(
                "UPDATE acks SET recorded = 1 WHERE recorded = 0 AND confirmed_at > ''"
                " RETURNING notice, row, late"
            ).fetchall()
            return [
                Unrecorded(
                    notice=notice,
                    rows=tuple(row for _, row, _ in rows),
                    late=sum(late for _, _, late in rows),
                )
                for number, rows in _by_notice(found)
                if (notice := key_of(connection, number)) is not None
            ]

    def give_back(self, unrecorded: Unrecorded) -> None:
        """Hold rows for unrecorded again; see `Acks.give_back`."""
        with self._file.transaction() as connection:
            number = number_of(connection, unrecorded.notice)
            connection.executemany(
                "UPDATE acks SET recorded = 0 WHERE notice = ? AND row = ?",
                ((number, row) for row in unrecorded.rows),
            )

    def open_round(self, notice: NoticeKey, *, root: int) -> None:
        """Let a version ask again for another; see `Acks.open_round`."""
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT INTO rounds (run, notice, version, root) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (notice.run, notice.notice, notice.version, root),
            )

    def round_of(self, notice: NoticeKey) -> int:
        """Return the version that first asked; see `Acks.round_of`."""
        with faults(self._file.path):
            return round_of(self._file.connection, notice)

    def _page(self, notice: NoticeKey, *, after: int) -> list[Asked]:
        with faults(self._file.path):
            return asked_after(self._file.connection, notice, row=after, limit=ROWS_AT_ONCE)

    def _code(self, content: bytes) -> bytes:
        if self._opened is None:
            self._opened = Sealer(read_key(self._key), entropy=self._entropy)
        return bytes.fromhex(self._opened.hash_of(content, purpose="acks"))[:CODE_BYTES]

    def _now(self) -> str:
        return moment_text(self._clock.now())


def _by_notice(
    found: list[tuple[int, int, int]],
) -> Iterator[tuple[int, list[tuple[int, int, int]]]]:
    for number, rows in groupby(sorted(found), key=lambda each: each[0]):
        yield number, [*rows]
