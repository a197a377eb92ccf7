"""Addresses that are no longer written to, and mails that were read, in SQLite: hashes only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import cast

from ccir.domain.suppressions import Suppression, SuppressionReason
from ccir.store.sqlite_driver import faults
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_runs import moment_text

_DIGEST_BYTES = 16


def suppress(file: StoreFile, entries: Iterable[Suppression]) -> int:
    """Add to the list and return how many were not on it for that reason."""
    added = 0
    with file.transaction() as connection:
        for each in entries:
            added += connection.execute(
                "INSERT INTO suppressions (key, reason, run, notice, at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (each.key, each.reason, each.run, each.notice, moment_text(each.at)),
            ).rowcount
    return added


def unsuppress(file: StoreFile, keys: Iterable[str]) -> int:
    """Take addresses off the list, whatever the reason, and return how many were on it."""
    removed = 0
    with file.transaction() as connection:
        for key in keys:
            removed += bool(
                connection.execute("DELETE FROM suppressions WHERE key = ?", (key,)).rowcount
            )
    return removed


def suppressed(file: StoreFile, reasons: Collection[SuppressionReason]) -> set[str]:
    """Return the keys of those on the list for one of the reasons."""
    marks = ", ".join("?" * len(reasons))
    with faults(file.path):
        found: list[tuple[str]] = file.connection.execute(
            f"SELECT key FROM suppressions WHERE reason IN ({marks})",  # noqa: S608 - question marks only
            tuple(reasons),
        ).fetchall()
    return {key for (key,) in found}


def suppression_counts(file: StoreFile) -> dict[SuppressionReason, int]:
    """Return how many addresses are on the list, by reason."""
    with faults(file.path):
        found: list[tuple[str, int]] = file.connection.execute(
            "SELECT reason, count(*) FROM suppressions GROUP BY reason ORDER BY reason"
        ).fetchall()
    return {cast("SuppressionReason", reason): count for reason, count in found}


def is_mail_read(file: StoreFile, mark: str) -> bool:
    """Return whether a mail with that keyed hash was read before."""
    with faults(file.path):
        found = file.connection.execute(
            "SELECT 1 FROM mails_read WHERE mark = ?", (_digest(mark),)
        ).fetchone()
    return found is not None


def remember_mails(file: StoreFile, marks: Iterable[str]) -> None:
    """Remember mails as read, by their keyed hashes."""
    with file.transaction() as connection:
        connection.executemany(
            "INSERT INTO mails_read (mark) VALUES (?) ON CONFLICT DO NOTHING",
            ((_digest(mark),) for mark in marks),
        )


def _digest(mark: str) -> bytes:
    return bytes.fromhex(mark)[:_DIGEST_BYTES]
