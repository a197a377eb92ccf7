"""One database file of ours: made whole, opened on first use, refused if it is not ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from ccir.errors import StoreDamagedError
from ccir.store.sqlite_driver import (
    Connect,
    Connection,
    JournalMode,
    connect,
    faults,
    set_waiting,
    snapshot,
    transaction,
)
from ccir.store.sqlite_header import check_file, refuse_newer
from ccir.store.sqlite_schema import Schema, migrate
from ccir.store.state_folder import FILE_MODE, settle, told_as_unavailable


class StoreFile:
    """A database file with its connection, which is opened when it is first needed."""

    def __init__(
        self, path: Path, schema: Schema, *, journal: JournalMode, connect: Connect = connect
    ) -> None:
        self.path = path
        self._schema = schema
        self._journal = journal
        self._connect = connect
        self._connection: Connection | None = None
        self._waits = True

    @property
    def connection(self) -> Connection:
        """Return the open connection.

        Raises:
            CcirError: the file is missing, not ours, newer, damaged or locked; it is unchanged.
        """
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    def transaction(self, *, waits: bool = True) -> AbstractContextManager[Connection]:
        """Write under the write lock: all or nothing, on the disk when it is left.

        One that does not wait is only safe from the end of this program; without a write-ahead
        log every one waits.
        """
        waits = waits or self._journal != "wal"
        connection = self.connection
        if waits != self._waits:
            set_waiting(connection, path=self.path, waits=waits)
            self._waits = waits
        return self._unstuck(transaction(connection, path=self.path))

    def snapshot(self) -> AbstractContextManager[Connection]:
        """Read everything as of one moment."""
        return self._unstuck(snapshot(self.connection, path=self.path))

    def create(self) -> None:
        """Make the file unless there is one; call it under a lock.

        Its name appears only when it is complete, so a killed `init` leaves nothing half-made.
        """
        if self.path.exists():
            return
        draft = self.path.with_name(f"{self.path.name}.new")
        with told_as_unavailable(self.path), faults(self.path):
            for ending in ("", "-journal", "-wal", "-shm"):
                draft.with_name(draft.name + ending).unlink(missing_ok=True)
            os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE))
            self._fill(draft)
            settle(draft, self.path)

    def close(self) -> None:
        """Close the connection; the next use opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._waits = True

    @contextmanager
    def _unstuck(self, work: AbstractContextManager[Connection]) -> Iterator[Connection]:
        try:
            with work as connection:
                yield connection
        finally:
            if self._connection is not None and self._connection.in_transaction:
                self.close()  # the disk refused to roll back: opening again does it

    def _fill(self, draft: Path) -> None:
        connection = self._connect(draft)
        try:
            with transaction(connection, path=draft):
                migrate(connection, self._schema)
            connection.execute(f"PRAGMA journal_mode={self._journal}")
        finally:
            connection.close()

    def _open(self) -> Connection:
        header = check_file(self.path, self._schema)
        with faults(self.path):
            connection = self._connect(self.path)
            try:
                self._bring_up_to_date(connection)
                if header.is_wal != (self._journal == "wal"):
                    connection.execute(f"PRAGMA journal_mode={self._journal}")
            except BaseException:
                connection.close()
                raise
        return connection

    def _bring_up_to_date(self, connection: Connection) -> None:
        version = _version(connection)
        refuse_newer(self.path, version, self._schema)
        if version == self._schema.version:
            self._check_tables(connection)
            return
        with transaction(connection, path=self.path):
            migrate(connection, self._schema)
        # The header must tell the new version to a program that reads only the header.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _check_tables(self, connection: Connection) -> None:
        found = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
        missing = sorted(self._schema.tables - found)
        if missing:
            raise StoreDamagedError(
                f"{self.path} lacks the tables {', '.join(missing)}",
                hint="change nothing, copy the file, and bring it back from a backup",
            )


def _version(connection: Connection) -> int:
    row: tuple[int] = connection.execute("PRAGMA user_version").fetchone()
    return row[0]
