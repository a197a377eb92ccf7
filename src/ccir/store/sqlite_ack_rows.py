"""The statements of acknowledgements in SQLite; each runs inside the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import cast

from ccir.domain.acknowledgement import Answer
from ccir.domain.ledger import NoticeKey
from ccir.domain.notices import LedgerState
from ccir.store.acks_interface import Asked, Confirmation
from ccir.store.sqlite_driver import Connection
from ccir.store.sqlite_ledger_rows import number_of
from ccir.store.sqlite_runs import moment_of, moment_text

ROWS_AT_ONCE = 1_000

_ASKED = """
    SELECT notices.run, notices.notice, notices.version, notices.channel, ledger.row,
    ledger.recipient_key, ledger.state, coalesce(nullif(ledger.sent_at, ''), asks.asked_at),
    acks.confirmed_at, acks.answer, acks.late
    FROM acks JOIN notices ON notices.id = acks.notice JOIN asks ON asks.notice = acks.notice
    JOIN ledger ON ledger.notice = acks.notice AND ledger.row = acks.row"""
# All versions that ask in one round: the one that asked first, and those that ask again for it.
_ROUND = """
    SELECT notices.id FROM notices LEFT JOIN rounds ON rounds.run = notices.run
    AND rounds.notice = notices.notice AND rounds.version = notices.version
    WHERE notices.run = ?1 AND notices.notice = ?2
    AND coalesce(rounds.root, notices.version) = ?3"""
_MARK = f"""
    UPDATE ledger SET state = 'confirmed', basis = 'acknowledgement', not_before = '',
    reserved = 0, changed_at = ?4 WHERE notice IN ({_ROUND})
    AND state NOT IN ('claimed', 'confirmed')"""  # noqa: S608 - our own constant
_Columns = tuple[object, ...]


def ask_rows(connection: Connection, number: int, *, new_id: Callable[[], bytes]) -> None:
    """Give an id to each row of a notice that has none."""
    last = -1
    while rows := _rows_without_id(connection, number, after=last):
        connection.executemany(
            "INSERT INTO acks (notice, row, id) VALUES (?, ?, ?)",
            ((number, row, new_id()) for row in rows),
        )
        last = rows[-1]


def expiry_and_id(
    connection: Connection, notice: NoticeKey, row: int
) -> tuple[dt.datetime, bytes] | None:
    """Return what a row's token is made of."""
    found: tuple[str, bytes] | None = connection.execute(
        "SELECT asks.expires_at, acks.id FROM acks JOIN asks ON asks.notice = acks.notice"
        " WHERE acks.notice = ? AND acks.row = ?",
        (number_of(connection, notice), row),
    ).fetchone()
    return None if found is None else (dt.datetime.fromisoformat(found[0]), found[1])


def asked_by_id(connection: Connection, ack_id: bytes) -> Asked | None:
    """Return the recipient whose token has the id."""
    found: _Columns | None = connection.execute(f"{_ASKED} WHERE acks.id = ?", (ack_id,)).fetchone()
    return None if found is None else _asked(found)


def asked_row(connection: Connection, notice: NoticeKey, row: int) -> Asked | None:
    """Return the recipient of a row who was asked."""
    found: _Columns | None = connection.execute(
        f"{_ASKED} WHERE acks.notice = ? AND acks.row = ?", (number_of(connection, notice), row)
    ).fetchone()
    return None if found is None else _asked(found)


def asked_after(connection: Connection, notice: NoticeKey, *, row: int, limit: int) -> list[Asked]:
    """Return at most `limit` recipients who come after `row` in the list."""
    found: list[_Columns] = connection.execute(
        f"{_ASKED} WHERE acks.notice = ? AND acks.row > ? ORDER BY acks.row LIMIT ?",
        (number_of(connection, notice), row, limit),
    ).fetchall()
    return [_asked(columns) for columns in found]


def confirm_row(
    connection: Connection, number: int, confirmation: Confirmation, *, recorded: bool
) -> int:
    """Keep an answer; return 1 where it is the row's first, else 0."""
    first = connection.execute(
        "UPDATE acks SET confirmed_at = ?, answer = ?, late = ?, how = ?, recorded = ?"
        " WHERE notice = ? AND row = ? AND confirmed_at = ''",
        (
            moment_text(confirmation.at),
            confirmation.answer,
            confirmation.late,
            confirmation.how,
            recorded,
            number,
            confirmation.row,
        ),
    ).rowcount
    if not first:
        connection.execute(
            "UPDATE acks SET answer = ?, how = ? WHERE notice = ? AND row = ?",
            (confirmation.answer, confirmation.how, number, confirmation.row),
        )
    return first


def mark_recipient(connection: Connection, notice: NoticeKey, row: int, *, at: str) -> None:
    """Mark the rows that a recipient has in all versions of the round as confirmed.

    What the mail server said of a row stays with it.
    """
    connection.execute(
        f"{_MARK} AND recipient_key ="  # noqa: S608 - our own constant
        " (SELECT recipient_key FROM ledger WHERE notice = ?5 AND row = ?6)",
        (
            notice.run,
            notice.notice,
            round_of(connection, notice),
            at,
            number_of(connection, notice),
            row,
        ),
    )


def settle_round(connection: Connection, notice: NoticeKey, *, at: str) -> int:
    """Mark every row of those who confirmed in the notice's round; return how many changed."""
    root = round_of(connection, notice)
    return connection.execute(
        f"{_MARK} AND recipient_key IN"  # noqa: S608 - our own constants
        " (SELECT told.recipient_key FROM acks JOIN ledger AS told"
        " ON told.notice = acks.notice AND told.row = acks.row"
        f" WHERE acks.confirmed_at > '' AND acks.notice IN ({_ROUND}))",
        (notice.run, notice.notice, root, at),
    ).rowcount


def round_of(connection: Connection, notice: NoticeKey) -> int:
    """Return the version that first asked, for which the notice asks again; else its own."""
    found: tuple[int] | None = connection.execute(
        "SELECT root FROM rounds WHERE run = ? AND notice = ? AND version = ?",
        (notice.run, notice.notice, notice.version),
    ).fetchone()
    return notice.version if found is None else found[0]


def _rows_without_id(connection: Connection, number: int, *, after: int) -> list[int]:
    found: list[tuple[int]] = connection.execute(
        "SELECT row FROM ledger WHERE notice = ?1 AND row > ?2 AND NOT EXISTS"
        " (SELECT 1 FROM acks WHERE acks.notice = ?1 AND acks.row = ledger.row)"
        " ORDER BY row LIMIT ?3",
        (number, after, ROWS_AT_ONCE),
    ).fetchall()
    return [row for (row,) in found]


def _asked(columns: _Columns) -> Asked:
    run, notice, version, channel, row, key, state, sent_at, confirmed_at, answer, late = columns
    return Asked(
        notice=NoticeKey(
            run=cast("str", run),
            notice=cast("str", notice),
            version=cast("int", version),
            channel=cast("str", channel),
        ),
        row=cast("int", row),
        recipient_key=cast("str", key),
        state=cast("LedgerState", state),
        sent_at=dt.datetime.fromisoformat(cast("str", sent_at)),
        confirmed_at=moment_of(cast("str", confirmed_at)),
        answer=cast("Answer", answer) if answer else None,
        late=bool(late),
    )
