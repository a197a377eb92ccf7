"""The one SQLite module in use: how it is opened, made durable, and what its faults mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ccir.errors import CcirError, ConflictError, StoreDamagedError, UnavailableError

if TYPE_CHECKING:
    import sqlite3 as sqlite
else:
    try:
        from pysqlite3 import dbapi2 as sqlite  # its wheel bundles a newer SQLite
    except ImportError:
        import sqlite3 as sqlite

BUSY_MILLISECONDS = 10_000
# 40 MiB of write-ahead log: a sending that writes each row is held up by fewer checkpoints.
CHECKPOINT = "wal_autocheckpoint=10000"
# Before this version two connections may reset the write-ahead log at once and lose it.
WAL_IS_SAFE_FROM = (3, 51, 3)

Connection = sqlite.Connection
SqliteError = sqlite.Error
MODULE = sqlite.__name__.partition(".")[0]
VERSION: tuple[int, ...] = tuple(sqlite.sqlite_version_info)

Connect = Callable[[Path], Connection]
JournalMode = Literal["wal", "delete"]


def journal_mode(version: tuple[int, ...] = VERSION) -> JournalMode:
    """Return the journal that this SQLite keeps safely for several processes."""
    return "wal" if version >= WAL_IS_SAFE_FROM else "delete"


def connect(path: Path) -> Connection:
    """Open an existing file for reading and writing; never make one.

    Transactions are begun and ended by us alone, and a commit has reached the disk.
    """
    connection = sqlite.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,
        timeout=BUSY_MILLISECONDS / 1000,
        check_same_thread=False,  # lanes of a sending take turns with it
    )
    try:
        for pragma in ("synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF", CHECKPOINT):
            connection.execute(f"PRAGMA {pragma}")
    except UnicodeDecodeError as error:  # SQLite's complaint quotes the damaged schema
        raise sqlite.OperationalError("the schema is no UTF-8 text") from error
    return connection


@contextmanager
def transaction(connection: Connection, *, path: Path) -> Iterator[Connection]:
    """Hold the write lock from the first statement on; commit all of it or nothing.

    Raises:
        CcirError: SQLite refused, with what it means for `path`.
    """
    with faults(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise


def set_waiting(connection: Connection, *, path: Path, waits: bool) -> None:
    """Let commits from now on wait for the disk, or not.

    One that does not wait outlives this program but perhaps not the machine; the next one that
    waits brings it to the disk too.
    """
    with faults(path):
        connection.execute(f"PRAGMA synchronous={'FULL' if waits else 'NORMAL'}")


@contextmanager
def snapshot(connection: Connection, *, path: Path) -> Iterator[Connection]:
    """Read everything as of one moment, whatever other processes write meanwhile."""
    with faults(path):
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            _roll_back(connection)


@contextmanager
def faults(path: Path) -> Iterator[None]:
    """Turn SQLite's own exceptions into ours.

    Raises:
        CcirError: the file is locked, full, read-only, unreadable or damaged.
    """
    try:
        yield
    except SqliteError as error:
        meaning = _meaning(error, path)
        if meaning is None:
            raise
        raise meaning from error


def _roll_back(connection: Connection) -> None:
    if connection.in_transaction:  # after a full disk SQLite itself has rolled back
        # The failure that led here is the one to tell; what a failing disk does not let us
        # undo now is undone from the journal when the file is next opened.
        with suppress(SqliteError):
            connection.execute("ROLLBACK")


def _meaning(error: SqliteError, path: Path) -> CcirError | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None and isinstance(error, sqlite.OperationalError):
        code = sqlite.SQLITE_CORRUPT  # the module's own, or ours above: text that is no UTF-8
    kind, message, hint = _MEANINGS.get((code or 0) & 0xFF, (None, "", ""))
    if kind is None:
        return None
    return kind(f"{path} {message} ({error})", hint=hint)


_MEANINGS: dict[int, tuple[type[CcirError], str, str]] = {
    sqlite.SQLITE_BUSY: (
        ConflictError,
        "is locked by another process",
        "wait for the other ccir to finish, then repeat the command",
    ),
    sqlite.SQLITE_LOCKED: (
        ConflictError,
        "is locked by another process",
        "wait for the other ccir to finish, then repeat the command",
    ),
    sqlite.SQLITE_FULL: (
        UnavailableError,
        "cannot grow: the disk is full",
        "free some space, then repeat the command; what was acknowledged is safe",
    ),
    sqlite.SQLITE_READONLY: (
        UnavailableError,
        "is read-only",
        "check the file's mode and owner, and whether the disk is mounted read-only",
    ),
    sqlite.SQLITE_PERM: (
        UnavailableError,
        "may not be opened",
        "check the file's mode and owner",
    ),
    sqlite.SQLITE_CONSTRAINT: (
        StoreDamagedError,
        "contradicts itself: a row is there that must not be",
        "run `ccir doctor`; keep the file as it is and compare it with a backup",
    ),
    sqlite.SQLITE_CANTOPEN: (
        UnavailableError,
        "cannot be opened",
        "check the folder's mode and owner and the limit of open files",
    ),
    sqlite.SQLITE_IOERR: (
        UnavailableError,
        "cannot be read or written",
        "check the disk (`dmesg`) and its free space; what was acknowledged is safe",
    ),
    sqlite.SQLITE_CORRUPT: (
        StoreDamagedError,
        "is damaged",
        "change nothing, copy the file, and bring it back from a backup",
    ),
    sqlite.SQLITE_NOTADB: (
        StoreDamagedError,
        "is no SQLite database",
        "change nothing, copy the file, and bring it back from a backup",
    ),
}
