"""What people decided of queued recipients, in SQLite: keyed hashes and reasons, no address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from ccir.domain.manual_queue import Decision, QueueReason
from ccir.store.sqlite_driver import faults
from ccir.store.sqlite_file import StoreFile


def remember(file: StoreFile, *, run: str, notice: str, decisions: Iterable[Decision]) -> None:
    """Keep the decisions; one of the same recipient takes the place of an earlier one."""
    rows = [
        (run, notice, each.key, " ".join(each.reasons), int(each.is_included)) for each in decisions
    ]
    with file.transaction() as connection:
        connection.executemany(
            "INSERT OR REPLACE INTO decisions (run, notice, key, reasons, included)"
            " VALUES (?, ?, ?, ?, ?)",
            rows,
        )


def decisions_of(file: StoreFile, *, run: str, notice: str) -> dict[str, Decision]:
    """Return a notice's decisions by the recipients' keys."""
    with faults(file.path):
        found: list[tuple[str, str, int]] = file.connection.execute(
            "SELECT key, reasons, included FROM decisions WHERE run = ? AND notice = ?",
            (run, notice),
        ).fetchall()
    return {
        key: Decision(
            key=key,
            reasons=cast("tuple[QueueReason, ...]", tuple(reasons.split())),
            is_included=bool(included),
        )
        for key, reasons, included in found
    }
