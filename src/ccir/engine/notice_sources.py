"""Opens what names a notice's recipients: a CSV file, JSON lines, or a query to a database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ccir.delivery.recipient_columns import RowSource
from ccir.delivery.recipient_csv import CsvRows
from ccir.delivery.recipient_jsonl import JsonRows
from ccir.delivery.recipient_query import QueryRows
from ccir.delivery.recipients import Rejected, reject_writer
from ccir.domain.playbook import Notice
from ccir.domain.record import digest
from ccir.engine.workspace import Workspace
from ccir.errors import InvalidDocumentError, NotFoundError, UsageError

if TYPE_CHECKING:
    from io import BufferedReader

RECIPIENTS_FOLDER = "recipients"
LIMIT_QUERY_BYTES = 256 * 1024
LIMIT_REJECTED_KEPT = 1_000
_JSON_LINES = (".jsonl", ".ndjson")
_PRIVATE = 0o600


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A query's file, and the database that it is put to."""

    file: Path
    database: str


class QueryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The SHA-256 of the query's text, and how many rows it answered with."""

    sha256: str
    rows: int


class OpenedList(msgspec.Struct, frozen=True, kw_only=True):
    """A list that can be read; `sha256` is that of the query's text, where it is one."""

    rows: RowSource
    sha256: str | None = None


@contextmanager
def opened_file(workspace: Workspace, notice: Notice, given: Path | None) -> Iterator[OpenedList]:
    """Open the file given, or the one that the workspace keeps for the notice.

    Raises:
        UsageError: none is given, and none is kept.
        NotFoundError: it cannot be opened.
        InvalidDocumentError: it has no header that fits.
    """
    path = given or _usual(workspace, notice)
    with _opened(path) as file:
        yield OpenedList(rows=JsonRows(file) if path.suffix in _JSON_LINES else CsvRows(file))


@contextmanager
def opened_query(query: Query) -> Iterator[OpenedList]:
    """Put a query to its database for as long as the list is read; see `answered`.

    Raises:
        CcirError: the query cannot be read, or what `answered` says.
    """
    from ccir.store.recipient_queries import answered

    octets = _query_text(query.file)
    with answered(query.database, octets.decode("utf-8", "replace")) as answer:
        yield OpenedList(rows=QueryRows(answer.columns, answer.rows), sha256=digest(octets))


@contextmanager
def rejects_to(path: Path | None) -> Iterator[Callable[[Rejected], None] | None]:
    """Open the private file that rejected rows are written to, where one is wanted.

    Raises:
        UsageError: it cannot be written.
    """
    if path is None:
        yield None
        return
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    try:
        descriptor = os.open(path, flags, _PRIVATE)
    except OSError as error:
        raise UsageError(
            f"'{path}' cannot be written: {error.strerror}", hint="name another file for --rejects"
        ) from error
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        os.fchmod(descriptor, _PRIVATE)
        yield reject_writer(file)


def _usual(workspace: Workspace, notice: Notice) -> Path:
    folder = workspace.folder / RECIPIENTS_FOLDER
    for ending in (".csv", *_JSON_LINES):
        usual = folder / f"{notice.recipients}{ending}"
        if usual.is_file():
            return usual
    raise UsageError(
        f"who is to be told by '{notice.id}' is not known ({notice.recipients})",
        hint=f"give --recipients FILE.csv, or keep the list as {RECIPIENTS_FOLDER}/"
        f"{notice.recipients}.csv in the workspace",
    )


def _opened(file: Path) -> BufferedReader:
    try:
        return file.open("rb")
    except OSError as error:
        raise NotFoundError(
            f"the list '{file}' cannot be opened: {error.strerror}",
            hint="give a CSV file whose header is email,name,language",
        ) from error


def _query_text(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            octets = opened.read(LIMIT_QUERY_BYTES + 1)
    except OSError as error:
        raise NotFoundError(
            f"the query '{file}' cannot be opened: {error.strerror}",
            hint="give a file with one SELECT of email, name and language",
        ) from error
    if len(octets) > LIMIT_QUERY_BYTES:
        raise InvalidDocumentError(
            f"the query has more than {LIMIT_QUERY_BYTES} bytes", hint="make a view of it"
        )
    return octets
