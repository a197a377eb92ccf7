"""The ledger of backups in SQLite, in a file that is made when there is first something to keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from ccir.errors import ConflictError, NotFoundError
from ccir.store.backups_interface import Acceptance, Covered, HeldContent, Known, Sighting
from ccir.store.sqlite_backup_rows import (
    add_key,
    add_snapshot,
    keys_of,
    mark_gone,
    mark_look,
    snapshots_of,
)
from ccir.store.sqlite_coverage import cover
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_runs import moment_text
from ccir.store.state_folder import held


class SqliteBackups:
    """What the targets of one workspace were seen with; the lock of its making is in `locks`.

    A workspace that is older than this ledger has no file of it; reading makes none.
    """

    def __init__(self, file: StoreFile, *, locks: Path) -> None:
        self._file = file
        self._locks = locks

    def known(self, target: str) -> Known:
        """Return what is known of the target; see `BackupLedger.known`."""
        if not self._file.path.exists():
            return Known()
        with self._file.snapshot() as connection:
            row: tuple[str] | None = connection.execute(
                "SELECT looked_at FROM targets WHERE target = ?", (target,)
            ).fetchone()
            return Known(
                looked_at=None if row is None else dt.datetime.fromisoformat(row[0]),
                snapshots=snapshots_of(connection, target),
                keys=keys_of(connection, target),
            )

    def record(self, target: str, sighting: Sighting) -> None:
        """Keep what a look found; see `BackupLedger.record`."""
        at = moment_text(sighting.at)
        with self._made().transaction() as connection:
            mark_look(connection, target, at=at)
            for snapshot in sighting.snapshots:
                add_snapshot(connection, target, snapshot, at=at)
            if sighting.is_complete:
                seen = {snapshot.id for snapshot in sighting.snapshots}
                mark_gone(connection, target, seen=seen, at=at)
            for key in sighting.keys or ():
                add_key(connection, target, key, at=at)

    def note_counts(self, target: str, snapshot: str, *, files: int, byte_count: int) -> None:
        """Keep how much a snapshot holds; see `BackupLedger.note_counts`."""
        with self._made().transaction() as connection:
            connection.execute(
                "UPDATE snapshots SET file_count = coalesce(file_count, ?),"
                " byte_count = coalesce(byte_count, ?) WHERE target = ? AND id = ?",
                (files, byte_count, target, snapshot),
            )

    def accept(self, target: str, id: str, acceptance: Acceptance) -> None:  # noqa: A002 - as the protocol
        """Keep that a person accepts it; see `BackupLedger.accept`."""
        reason = acceptance.reason
        values = (moment_text(acceptance.at), acceptance.by, reason.ref, reason.digest, target, id)
        with self._made().transaction() as connection:
            changed = sum(
                connection.execute(
                    f"UPDATE {table} SET accepted_at = ?, accepted_by = ?, reason_ref = ?,"  # noqa: S608 - our own names
                    " reason_digest = ? WHERE target = ? AND id = ?",
                    values,
                ).rowcount
                for table in ("snapshots", "keys")
            )
        if not changed:
            raise NotFoundError(
                f"target '{target}' was never seen with {id}",
                hint=f"`ccir backup snapshots {target}` lists what is known",
            )

    def cover(
        self,
        target: str,
        contents: Iterable[HeldContent],
        *,
        at: dt.datetime,
        since: dt.datetime,
    ) -> Covered:
        """Keep what is verified, and tell how much of all it is; see `BackupLedger.cover`."""
        with self._made().transaction() as connection:
            return cover(connection, target, contents, at=at, since=since)

    def _made(self) -> StoreFile:
        """Return the file, made if need be; its folder is there: the log lies in it."""
        if not self._file.path.exists():
            taken = ConflictError("another ccir makes the ledger", hint="repeat the command")
            with held(self._locks / "create.lock", taken=taken, wait=True):
                self._file.create()
        return self._file
