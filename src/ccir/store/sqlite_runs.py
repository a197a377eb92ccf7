"""The table of runs in SQLite: their ids, their heads, and which are open."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain.events import RunKind
from ccir.domain.record import GENESIS
from ccir.errors import ConflictError, NotFoundError, StoreDamagedError
from ccir.store.interface import RUN_PREFIXES, RunRow
from ccir.store.log_lines import Head
from ccir.store.sqlite_driver import Connection

RUN_COLUMNS = ("kind", "playbook", "open", "started_at", "seq", "hash")

_Row = tuple[object, ...]


def all_runs(connection: Connection) -> list[RunRow]:
    """Return every run in the order they were started."""
    rows: list[_Row] = connection.execute(
        "SELECT id, kind, playbook, open, started_at, seq, hash FROM runs ORDER BY started_at, id"
    ).fetchall()
    return [_run_row(row) for row in rows]


def head_of(connection: Connection, run: str) -> Head:
    """Return the end of the run's log.

    Raises:
        NotFoundError: there is no such run.
    """
    row: tuple[int, str] | None = connection.execute(
        "SELECT seq, hash FROM runs WHERE id = ?", (run,)
    ).fetchone()
    if row is None:
        raise NotFoundError(f"there is no run '{run}'", hint="`ccir runs` lists them")
    return Head(run=run, seq=row[0], hash=row[1])


def refuse_second(connection: Connection, *, kind: RunKind, playbook: str) -> None:
    """Let a run begin where no other of its playbook is open.

    Raises:
        ConflictError: one is open.
    """
    row: tuple[str] | None = connection.execute(
        "SELECT id FROM runs WHERE kind = ? AND playbook = ? AND open = 1 ORDER BY id",
        (kind, playbook),
    ).fetchone()
    if row is not None:
        raise ConflictError(
            f"{row[0]} of playbook '{playbook}' is still open",
            hint=f"go on with `--run {row[0]}`, or start a second one with `--another`",
        )


def add_run(
    connection: Connection, *, kind: RunKind, playbook: str, started_at: dt.datetime, year: int
) -> Head:
    """Add a run under the next free number of its kind and year; return its empty log's end."""
    prefix = f"{RUN_PREFIXES[kind]}-{year}-"
    row: tuple[int] = connection.execute(
        "SELECT coalesce(max(CAST(substr(id, ?) AS INTEGER)), 0) FROM runs"
        " WHERE id >= ? AND id < ? || ':'",  # ':' follows '9'
        (len(prefix) + 1, prefix, prefix),
    ).fetchone()
    run = f"{prefix}{row[0] + 1:04d}"
    connection.execute(
        "INSERT INTO runs (id, kind, playbook, open, started_at, seq, hash)"
        " VALUES (?, ?, ?, 1, ?, 0, ?)",
        (run, kind, playbook, moment_text(started_at), GENESIS),
    )
    return Head(run=run, seq=0, hash=GENESIS)


def move_head(connection: Connection, head: Head, *, is_open: bool | None) -> None:
    """Set the end of a run's log and, unless None, whether the run is open."""
    connection.execute(
        "UPDATE runs SET seq = ?, hash = ?, open = coalesce(?, open) WHERE id = ?",
        (head.seq, head.hash, is_open, head.run),
    )


def moment_text(moment: dt.datetime) -> str:
    """Return the moment as the table holds it: UTC, sortable as text."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def moment_of(text: str) -> dt.datetime | None:
    """Return the moment that a table holds; None where it holds none, as an empty text."""
    return dt.datetime.fromisoformat(text) if text else None


def _run_row(row: _Row) -> RunRow:
    columns = dict(zip(("id", *RUN_COLUMNS), row, strict=True))
    try:
        return msgspec.convert(columns, RunRow, strict=False)
    except msgspec.ValidationError as error:
        raise StoreDamagedError(
            f"the table of runs is damaged at {row[0]!r}: {error}", hint="run `ccir doctor`"
        ) from error
