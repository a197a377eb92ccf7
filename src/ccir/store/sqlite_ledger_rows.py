"""The statements of the ledger in SQLite; each runs inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ccir.domain.ledger import LedgerRow, NoticeKey
from ccir.domain.notices import Receipt
from ccir.errors import ConflictError
from ccir.store.sqlite_driver import Connection

REPLY_LIMIT_CHARACTERS = 1_000

_COLUMNS = ("row", "recipient_key", "state", "attempts", "code", "reply", "message_id")
_Columns = tuple[object, ...]


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What is written about a claimed row, and when (UTC, as the tables hold it)."""

    row: int
    receipt: Receipt
    message_id: str
    at: str


def plan_rows(
    connection: Connection, notice: NoticeKey, keys: Iterable[tuple[int, str]], *, at: str
) -> None:
    """Add a planned row for each pair of list row and recipient key; rows there already stay."""
    connection.execute(
        "INSERT INTO notices (run, notice, version, channel) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        _identity(notice),
    )
    number = number_of(connection, notice)
    connection.executemany(
        "INSERT INTO ledger (notice, row, recipient_key, changed_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        ((number, row, key, at) for row, key in keys),
    )


def number_of(connection: Connection, notice: NoticeKey) -> int:
    """Return the number the notice's rows stand under; 0, where no row stands, if unplanned."""
    found: tuple[int] | None = connection.execute(
        "SELECT id FROM notices WHERE run = ? AND notice = ? AND version = ? AND channel = ?",
        _identity(notice),
    ).fetchone()
    return 0 if found is None else found[0]


def claim_next(connection: Connection, number: int, *, sender: str, at: str) -> LedgerRow | None:
    """Claim the planned row that comes first in the list."""
    found: _Columns | None = connection.execute(
        "UPDATE ledger SET state = 'claimed', attempts = attempts + 1, sender = ?,"
        " changed_at = ? WHERE notice = ? AND row = (SELECT row FROM ledger"
        " WHERE notice = ? AND state = 'planned' ORDER BY row LIMIT 1)"
        " RETURNING row, recipient_key, state, attempts, code, reply, message_id",
        (sender, at, number, number),
    ).fetchone()
    return None if found is None else _row(found)


def settle_row(
    connection: Connection, notice: NoticeKey, settlement: Settlement, *, number: int
) -> None:
    """Write the answer about a claimed row of the notice, which has that number.

    Raises:
        ConflictError: the row is not claimed.
    """
    receipt = settlement.receipt
    changed = connection.execute(
        "UPDATE ledger SET state = ?, code = ?, reply = ?, message_id = ?, changed_at = ?"
        " WHERE notice = ? AND row = ? AND state = 'claimed'",
        (
            receipt.state,
            receipt.code,
            receipt.reply[:REPLY_LIMIT_CHARACTERS],
            settlement.message_id,
            settlement.at,
            number,
            settlement.row,
        ),
    )
    _expect_one(changed.rowcount, notice, settlement.row)


def release_row(connection: Connection, notice: NoticeKey, *, row: int, at: str) -> None:
    """Make a claimed row planned again.

    Raises:
        ConflictError: the row is not claimed.
    """
    changed = connection.execute(
        "UPDATE ledger SET state = 'planned', sender = '', changed_at = ?"
        " WHERE notice = ? AND row = ? AND state = 'claimed'",
        (at, number_of(connection, notice), row),
    )
    _expect_one(changed.rowcount, notice, row)


def rows_after(
    connection: Connection, notice: NoticeKey, *, row: int, limit: int
) -> list[LedgerRow]:
    """Return at most `limit` rows that come after `row` in the list."""
    found: list[_Columns] = connection.execute(
        "SELECT row, recipient_key, state, attempts, code, reply, message_id FROM ledger"
        " WHERE notice = ? AND row > ? ORDER BY row LIMIT ?",
        (number_of(connection, notice), row, limit),
    ).fetchall()
    return [_row(columns) for columns in found]


def _identity(notice: NoticeKey) -> tuple[str, str, int, str]:
    return (notice.run, notice.notice, notice.version, notice.channel)


def _row(columns: _Columns) -> LedgerRow:
    return msgspec.convert(dict(zip(_COLUMNS, columns, strict=True)), LedgerRow)


def _expect_one(changed: int, notice: NoticeKey, row: int) -> None:
    if changed != 1:
        raise ConflictError(
            f"row {row} of notice '{notice.notice}' (version {notice.version}) is not claimed",
            hint="another sender settled it; look at `ccir notice status`",
        )
