"""The statements of the ledger in SQLite; each runs inside the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import cast

import msgspec

from ccir.domain.ledger import Basis, LedgerRow, Mark, NoticeKey, Settlement
from ccir.domain.notices import Evidence, LedgerState
from ccir.errors import ConflictError
from ccir.store.sqlite_driver import Connection
from ccir.store.sqlite_runs import moment_of, moment_text

REPLY_LIMIT_CHARACTERS = 1_000

# The row that is sent next: one whose time to be tried again has come, else the first after the
# one given, in the list's order, that was never put off.
_NEXT = """coalesce(
    (SELECT row FROM ledger WHERE notice = ?1 AND state = 'planned' AND not_before > ''
     AND not_before <= ?2 ORDER BY not_before, row LIMIT 1),
    (SELECT row FROM ledger WHERE notice = ?1 AND row > ?4 AND state = 'planned'
     AND not_before = '' ORDER BY row LIMIT 1))"""

_COLUMNS = (
    "row, recipient_key, state, attempts, code, reply, message_id, basis, not_before, reserved,"
    " relay, tls, sent_at, sha256, changed_at"
)
_Columns = tuple[object, ...]


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


def key_of(connection: Connection, number: int) -> NoticeKey | None:
    """Return the notice whose rows stand under that number."""
    found: tuple[str, str, int, str] | None = connection.execute(
        "SELECT run, notice, version, channel FROM notices WHERE id = ?", (number,)
    ).fetchone()
    if found is None:
        return None
    run, notice, version, channel = found
    return NoticeKey(run=run, notice=notice, version=version, channel=channel)


class Claimant(msgspec.Struct, frozen=True, kw_only=True):
    """Who claims, and after which row of the list the next one is looked for."""

    sender: str
    after: int = 0


def claim_next(
    connection: Connection, number: int, claimant: Claimant, *, at: str
) -> LedgerRow | None:
    """Claim the planned row that is to be sent next; None where none may be at present."""
    found: _Columns | None = connection.execute(
        "UPDATE ledger SET state = 'claimed', attempts = attempts + 1, sender = ?3,"  # noqa: S608 - our own constants
        f" changed_at = ?2 WHERE notice = ?1 AND row = {_NEXT}"
        " AND (SELECT halt FROM notices WHERE id = ?1) = ''"
        f" RETURNING {_COLUMNS}",
        (number, at, claimant.sender, claimant.after),
    ).fetchone()
    return None if found is None else _row(found)


def settle_row(
    connection: Connection, notice: NoticeKey, settlement: Settlement, *, number: int, at: str
) -> None:
    """Write the answer about a claimed row of the notice, which has that number.

    Raises:
        ConflictError: the row is not claimed.
    """
    receipt, again_at = settlement.receipt, settlement.again_at
    evidence = receipt.evidence
    changed = connection.execute(
        "UPDATE ledger SET state = ?, code = ?, reply = ?, message_id = ?, basis = 'answer',"
        " not_before = ?, reserved = 0, relay = ?, tls = ?, sent_at = ?, sha256 = ?,"
        " changed_at = ? WHERE notice = ? AND row = ? AND state = 'claimed'",
        (
            receipt.state if again_at is None else "planned",
            receipt.code,
            receipt.reply[:REPLY_LIMIT_CHARACTERS],
            settlement.message_id,
            "" if again_at is None else moment_text(again_at),
            "" if evidence is None else evidence.relay,
            "" if evidence is None else evidence.tls,
            "" if evidence is None else moment_text(evidence.sent_at),
            None if evidence is None else bytes.fromhex(evidence.sha256),
            at,
            number,
            settlement.row,
        ),
    )
    _expect_one(changed.rowcount, notice, settlement.row)


def release_row(
    connection: Connection, notice: NoticeKey, *, row: int, until: dt.datetime | None, at: str
) -> None:
    """Make a claimed row planned again, as if it had not been claimed.

    With `until` it waits for the slot that its domain's rate has reserved for it.

    Raises:
        ConflictError: the row is not claimed.
    """
    changed = connection.execute(
        "UPDATE ledger SET state = 'planned', sender = '', attempts = attempts - 1,"
        " not_before = ?, reserved = ?, changed_at = ?"
        " WHERE notice = ? AND row = ? AND state = 'claimed'",
        (
            "" if until is None else moment_text(until),
            until is not None,
            at,
            number_of(connection, notice),
            row,
        ),
    )
    _expect_one(changed.rowcount, notice, row)


def mark_rows(connection: Connection, number: int, marks: Iterable[Mark], *, at: str) -> int:
    """Write what became known of rows; return how many of them changed."""
    changed = 0
    for mark in marks:
        known = ", ".join(f"'{state}'" for state in sorted(mark.known))
        changed += connection.execute(
            "UPDATE ledger SET state = ?, basis = ?, code = ?, reply = ?, not_before = '',"  # noqa: S608 - the domain's own words
            " reserved = 0, changed_at = ? WHERE notice = ? AND row = ?"
            f" AND state IN ({known})",
            (
                mark.state,
                mark.basis,
                mark.code,
                mark.reply[:REPLY_LIMIT_CHARACTERS],
                at,
                number,
                mark.row,
            ),
        ).rowcount
    return changed


def rows_after(
    connection: Connection, notice: NoticeKey, *, row: int, limit: int
) -> list[LedgerRow]:
    """Return at most `limit` rows that come after `row` in the list."""
    found: list[_Columns] = connection.execute(
        f"SELECT {_COLUMNS} FROM ledger"  # noqa: S608 - our own constant
        " WHERE notice = ? AND row > ? ORDER BY row LIMIT ?",
        (number_of(connection, notice), row, limit),
    ).fetchall()
    return [_row(columns) for columns in found]


def row_of(connection: Connection, number: int, recipient_key: str) -> LedgerRow | None:
    """Return the row of one recipient, known by the keyed hash of her address."""
    found: _Columns | None = connection.execute(
        f"SELECT {_COLUMNS} FROM ledger"  # noqa: S608 - our own constant
        " WHERE notice = ? AND recipient_key = ?",
        (number, recipient_key),
    ).fetchone()
    return None if found is None else _row(found)


def next_due(connection: Connection, number: int) -> dt.datetime | None:
    """Return when the first of the rows that were put off may be sent, None where none was."""
    found: tuple[str | None] = connection.execute(
        "SELECT min(not_before) FROM ledger WHERE notice = ? AND state = 'planned'"
        " AND not_before > ''",
        (number,),
    ).fetchone()
    return None if found[0] is None else dt.datetime.fromisoformat(found[0])


def _identity(notice: NoticeKey) -> tuple[str, str, int, str]:
    return (notice.run, notice.notice, notice.version, notice.channel)


def _row(columns: _Columns) -> LedgerRow:
    row, key, state, attempts, code, reply, message_id, basis, *rest = columns
    not_before, reserved, relay, tls, sent_at, sha256, changed_at = rest
    return LedgerRow(
        row=cast("int", row),
        recipient_key=cast("str", key),
        state=cast("LedgerState", state),
        attempts=cast("int", attempts),
        code=cast("int", code),
        reply=cast("str", reply),
        message_id=cast("str", message_id),
        basis=cast("Basis", basis),
        not_before=moment_of(cast("str", not_before)),
        is_reserved=bool(reserved),
        evidence=None
        if sha256 is None
        else Evidence(
            relay=cast("str", relay),
            tls=cast("str", tls),
            sent_at=dt.datetime.fromisoformat(cast("str", sent_at)),
            sha256=cast("bytes", sha256).hex(),
        ),
        changed_at=moment_of(cast("str", changed_at)),
    )


def _expect_one(changed: int, notice: NoticeKey, row: int) -> None:
    if changed != 1:
        raise ConflictError(
            f"row {row} of notice '{notice.notice}' (version {notice.version}) is not claimed",
            hint="another sender settled it; look at `ccir notice status`",
        )
