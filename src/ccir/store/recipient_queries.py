"""Reads recipients out of a customer's database, and can change nothing there.

psycopg is imported here only, and only for a PostgreSQL database: it is the extra `postgres`.

1. SQLite is opened `mode=ro` and authorises nothing but reading; PostgreSQL runs the query in a
   read-only transaction, behind a server-side cursor: a page of rows is in memory at a time.
2. One statement is run, and it has to answer with rows.
3. No password stands in the address of the database: argv can be read by everybody on the machine.
   libpq takes it from the file that PGPASSFILE names, or from ~/.pgpass.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import msgspec

from ccir.errors import CcirError, InvalidDocumentError, NotFoundError, UnavailableError, UsageError

if TYPE_CHECKING:
    import psycopg

ROWS_AT_ONCE = 2_000
CONNECT_SECONDS = 30
BUSY_SECONDS = 10
_SQLITE = "sqlite:"
_POSTGRES = ("postgresql://", "postgres://")
_READ_ONLY = "-c default_transaction_read_only=on"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a query answers: the names of its columns, and its rows, to be run through once."""

    columns: tuple[str, ...]
    rows: Iterator[Sequence[object]]


@contextmanager
def answered(database: str, query: str) -> Iterator[Answer]:
    """Run a query for as long as its rows are read.

    `database` is `sqlite:PATH` or `postgresql://USER@HOST/NAME`.

    Raises:
        UsageError: the database is of another kind, or its address holds a password.
        NotFoundError: there is no such file.
        UnavailableError: the server cannot be reached, or the extra is not installed.
        InvalidDocumentError: the query fails, writes, or answers with no rows.
    """
    if database.startswith(_SQLITE):
        with _from_sqlite(Path(database.removeprefix(_SQLITE)), query) as answer:
            yield answer
    elif database.startswith(_POSTGRES):
        _refuse_password(database)
        with _from_postgres(database, query) as answer:
            yield answer
    else:
        raise UsageError(
            "the database is neither sqlite:PATH nor postgresql://USER@HOST/NAME",
            hint="name it as --database sqlite:/srv/crm.db",
        )


@contextmanager
def _from_sqlite(path: Path, query: str) -> Iterator[Answer]:
    if not path.is_file():
        raise NotFoundError(f"there is no database '{path}'", hint="check the path")
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=BUSY_SECONDS
    )
    try:
        # ATTACH could make a file even so: what is not plain reading is not authorised.
        connection.set_authorizer(_only_reading)
        connection.text_factory = lambda octets: octets.decode("utf-8", "surrogateescape")
        cursor = connection.execute(query)
        columns = [str(column[0]) for column in cursor.description or ()]
        yield _answer(columns, cursor)
    except (sqlite3.Error, sqlite3.Warning) as error:  # a warning is its word for two statements
        raise _failed(error) from error
    finally:
        connection.close()


@contextmanager
def _from_postgres(database: str, query: str) -> Iterator[Answer]:
    try:
        import psycopg
    except ImportError as error:
        raise UnavailableError(
            "reading from PostgreSQL needs the extra `postgres`",
            hint="pip install 'ccir[postgres]'",
        ) from error
    try:
        with _connected(database) as connection, connection.cursor(name="recipients") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            cursor.execute(query.strip().rstrip(";").encode())
            yield _answer([column.name for column in cursor.description or ()], cursor)
    except psycopg.OperationalError as error:
        raise _unreachable(error) from error
    except psycopg.Error as error:
        raise _failed(error) from error


def _only_reading(action: int, *_: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


_READING = frozenset(
    (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
)


def _connected(database: str) -> psycopg.Connection[tuple[object, ...]]:
    import psycopg

    connection = psycopg.connect(
        database, connect_timeout=CONNECT_SECONDS, options=_READ_ONLY, application_name="ccir"
    )
    connection.read_only = True
    return connection


def _answer(columns: Sequence[str], rows: Iterator[Sequence[object]]) -> Answer:
    if not columns:
        raise InvalidDocumentError(
            "the query answers with no rows", hint="write one SELECT with email, name, language"
        )
    return Answer(columns=tuple(columns), rows=rows)


def _refuse_password(database: str) -> None:
    parts = urlsplit(database)
    if parts.password is not None or any(
        name == "password" for name, _ in parse_qsl(parts.query, keep_blank_values=True)
    ):
        raise UsageError(
            "the address of the database holds a password, which everybody here can read",
            hint="keep it in ~/.pgpass or a file that PGPASSFILE names, mode 0600",
        )


def _failed(error: Exception) -> CcirError:
    # The first line only: what follows may quote the query, or a row's values.
    words = str(error).partition("\n")[0].partition(":")[0]
    return InvalidDocumentError(
        f"the query for the recipients fails ({type(error).__name__}: {words})",
        hint="try it in the database's own client; ccir only reads, with one statement",
    )


def _unreachable(error: Exception) -> CcirError:
    return UnavailableError(
        f"the database of the recipients cannot be read ({type(error).__name__})",
        hint="see that it runs, and that psql reaches it with the same address",
    )
