"""Which contents of a target were verified when: rows of the ledger of backups.

A content is known by a digest of its bytes, so a file that was moved stays verified and one that
was changed does not. No names are kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ccir.store.backups_interface import Covered, HeldContent
from ccir.store.sqlite_driver import Connection
from ccir.store.sqlite_runs import moment_text

_ADD = """
    INSERT INTO contents (target, digest, bytes, files, first_seen_at, seen_at, verified_at)
    VALUES (?, ?, ?, 1, ?, ?, ?)
    ON CONFLICT (target, digest) DO UPDATE SET
        files = files + 1,
        seen_at = excluded.seen_at,
        verified_at = CASE WHEN ? THEN NULL ELSE coalesce(excluded.verified_at, verified_at) END"""
_SUM = """
    SELECT coalesce(sum(files), 0), coalesce(sum(files * bytes), 0),
        coalesce(sum(CASE WHEN verified_at >= ?1 THEN files END), 0),
        coalesce(sum(CASE WHEN verified_at >= ?1 THEN files * bytes END), 0),
        min(CASE WHEN verified_at IS NULL OR verified_at < ?1 THEN first_seen_at END),
        coalesce(sum(CASE WHEN first_seen_at = ?3 THEN files END), 0)
    FROM contents WHERE target = ?2 AND files > 0"""


def cover(
    connection: Connection,
    target: str,
    contents: Iterable[HeldContent],
    *,
    at: dt.datetime,
    since: dt.datetime,
) -> Covered:
    """Keep what the newest snapshot holds and what of it is verified now, and add it up."""
    now, bound = moment_text(at), moment_text(since)
    connection.execute("UPDATE contents SET files = 0 WHERE target = ? AND files > 0", (target,))
    connection.executemany(
        _ADD,
        ((*_row(target, each, now=now), each.is_lost) for each in contents),
    )
    row = connection.execute(_SUM, (bound, target, now)).fetchone()
    files, size, verified_files, verified_bytes, oldest, new_files = row
    connection.execute("DELETE FROM contents WHERE target = ? AND seen_at < ?", (target, bound))
    return Covered(
        files=files,
        bytes=size,
        verified_files=verified_files,
        verified_bytes=verified_bytes,
        oldest_unverified_at=None if oldest is None else dt.datetime.fromisoformat(oldest),
        new_files=new_files,
    )


def _row(
    target: str, content: HeldContent, *, now: str
) -> tuple[str, bytes, int, str, str, str | None]:
    verified_at = now if content.is_verified else None
    return target, content.digest, content.bytes, now, now, verified_at
