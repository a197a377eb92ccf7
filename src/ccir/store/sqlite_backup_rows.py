"""The statements of the ledger of backups; each runs inside the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from ccir.domain.event_parts import Sealed
from ccir.store.backups_interface import (
    Acceptance,
    KnownKey,
    KnownSnapshot,
    SeenKey,
    SeenSnapshot,
)
from ccir.store.sqlite_driver import Connection
from ccir.store.sqlite_runs import moment_text

_Word = tuple[str | None, str, str, str]
_SnapshotRow = tuple[
    str, str, str, str, int | None, int | None, str, str, str | None, str | None, str, str, str
]
_KeyRow = tuple[str, str, str, str, str | None, str, str, str]


def mark_look(connection: Connection, target: str, *, at: str) -> None:
    """Note when the target was looked at; the clock of a machine may have been set back."""
    connection.execute(
        "INSERT INTO targets (target, looked_at) VALUES (?, ?)"
        " ON CONFLICT DO UPDATE SET looked_at = max(looked_at, excluded.looked_at)",
        (target, at),
    )


def add_snapshot(connection: Connection, target: str, seen: SeenSnapshot, *, at: str) -> None:
    """Add a snapshot, or note that one that is known is there."""
    connection.execute(
        "INSERT INTO snapshots (target, id, taken_at, host, user, file_count, byte_count,"
        " first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET last_seen_at = max(last_seen_at, excluded.last_seen_at),"
        " gone_at = NULL,"
        " file_count = coalesce(file_count, excluded.file_count),"
        " byte_count = coalesce(byte_count, excluded.byte_count)",
        (
            target,
            seen.id,
            moment_text(seen.taken_at),
            seen.host,
            seen.user,
            seen.file_count,
            seen.byte_count,
            at,
            at,
        ),
    )


def mark_gone(connection: Connection, target: str, *, seen: Collection[str], at: str) -> None:
    """Note that what was not seen at that look, nor at a later one, is gone."""
    there: list[tuple[str]] = connection.execute(
        "SELECT id FROM snapshots WHERE target = ? AND gone_at IS NULL AND last_seen_at <= ?",
        (target, at),
    ).fetchall()
    connection.executemany(
        "UPDATE snapshots SET gone_at = ? WHERE target = ? AND id = ?",
        [(at, target, id_) for (id_,) in there if id_ not in seen],
    )


def add_key(connection: Connection, target: str, seen: SeenKey, *, at: str) -> None:
    """Add a key, or note that one that is known is there."""
    connection.execute(
        "INSERT INTO keys (target, id, label, first_seen_at, last_seen_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET last_seen_at = max(last_seen_at, excluded.last_seen_at)",
        (target, seen.id, seen.label, at, at),
    )


def snapshots_of(connection: Connection, target: str) -> tuple[KnownSnapshot, ...]:
    """Return the target's snapshots, oldest first."""
    rows: list[_SnapshotRow] = connection.execute(
        "SELECT id, taken_at, host, user, file_count, byte_count, first_seen_at, last_seen_at,"
        " gone_at, accepted_at, accepted_by, reason_ref, reason_digest FROM snapshots"
        " WHERE target = ? ORDER BY taken_at, id",
        (target,),
    ).fetchall()
    return tuple(
        KnownSnapshot(
            id=row[0],
            taken_at=_moment(row[1]),
            host=row[2],
            user=row[3],
            file_count=row[4],
            byte_count=row[5],
            first_seen_at=_moment(row[6]),
            last_seen_at=_moment(row[7]),
            gone_at=None if row[8] is None else _moment(row[8]),
            accepted=_acceptance((row[9], row[10], row[11], row[12])),
        )
        for row in rows
    )


def keys_of(connection: Connection, target: str) -> tuple[KnownKey, ...]:
    """Return the target's keys in the order they were first seen."""
    rows: list[_KeyRow] = connection.execute(
        "SELECT id, label, first_seen_at, last_seen_at, accepted_at, accepted_by, reason_ref,"
        " reason_digest FROM keys WHERE target = ? ORDER BY first_seen_at, id",
        (target,),
    ).fetchall()
    return tuple(
        KnownKey(
            id=row[0],
            label=row[1],
            first_seen_at=_moment(row[2]),
            last_seen_at=_moment(row[3]),
            accepted=_acceptance((row[4], row[5], row[6], row[7])),
        )
        for row in rows
    )


def _acceptance(word: _Word) -> Acceptance | None:
    at, by, ref, digest = word
    if at is None:
        return None
    return Acceptance(at=_moment(at), by=by, reason=Sealed(ref=ref, digest=digest))


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
