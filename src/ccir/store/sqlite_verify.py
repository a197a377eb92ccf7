"""Proves that the log in SQLite agrees with itself: lines, chain, columns, heads, documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ccir.domain.events import AnyEvent, Pin, RulesRenewed, RunStarted
from ccir.domain.record import GENESIS, Entry, digest, read_line
from ccir.errors import StoreDamagedError
from ccir.store.interface import RUN_PREFIXES, Break, BreakKind
from ccir.store.log_lines import opened_or_closed
from ccir.store.sqlite_driver import Connection, SqliteError, faults
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_runs import RUN_COLUMNS, head_of, moment_text

# SQLite lists at most this many faults of a file; one is enough to distrust it.
FILE_FAULTS_LIMIT = 20

_Columns = dict[str, object]


class _Walk(msgspec.Struct, frozen=True, kw_only=True):
    """What the events of a run up to `seq` say; `prev` is the SHA-256 of the last line."""

    run: str
    seq: int = 0
    prev: str = GENESIS
    is_open: bool = False
    start: Entry | None = None


def breaks_in(file: StoreFile, run: str | None) -> list[Break]:
    """Return every contradiction in one run's log or, without a run, in the whole file.

    Everything is read as of one moment, so appends that go on meanwhile are no break.

    Raises:
        NotFoundError: there is no such run.
    """
    return [*_told(_breaks(file, run), run=run or "", path=file.path)]


def _breaks(file: StoreFile, run: str | None) -> Iterator[Break]:
    with file.snapshot() as connection:
        for name, part in _parts(connection, run):
            yield from _told(part, run=name, path=file.path)


def _told(part: Iterator[Break], *, run: str, path: Path) -> Iterator[Break]:
    """Yield a part's breaks up to where the file cannot be read, and that as the last."""
    try:
        with faults(path):
            yield from part
    except (StoreDamagedError, SqliteError) as error:
        yield _break(run, None, kind="file", detail=str(error))


def _parts(connection: Connection, run: str | None) -> Iterator[tuple[str, Iterator[Break]]]:
    if run is not None:
        if not _has_events(connection, run):
            head_of(connection, run)
        yield run, _run_breaks(connection, run)
        return
    yield "", _file_breaks(connection)
    yield "", _document_breaks(connection)
    names = connection.execute("SELECT id FROM runs UNION SELECT run FROM events ORDER BY 1")
    for (name,) in names.fetchall():
        yield name, _run_breaks(connection, name)


def _has_events(connection: Connection, run: str) -> bool:
    found = connection.execute("SELECT 1 FROM events WHERE run = ? LIMIT 1", (run,))
    return found.fetchone() is not None


def _file_breaks(connection: Connection) -> Iterator[Break]:
    for (detail,) in connection.execute(f"PRAGMA integrity_check({FILE_FAULTS_LIMIT})"):
        if detail != "ok":
            yield Break(run="", seq=None, kind="file", detail=detail)


def _document_breaks(connection: Connection) -> Iterator[Break]:
    for name, content in connection.execute("SELECT digest, CAST(content AS BLOB) FROM documents"):
        if digest(content or b"") != name:
            detail = f"the document pinned as {name} was changed"
            yield Break(run="", seq=None, kind="document", detail=detail)


def _run_breaks(connection: Connection, run: str) -> Iterator[Break]:
    walk = _Walk(run=run)
    rows = connection.execute(
        "SELECT seq, key, coalesce(CAST(line AS BLOB), x'') FROM events"  # whatever its type became
        " WHERE run = ? ORDER BY seq",
        (run,),
    )
    for seq, key, line in rows:
        try:
            entry = read_line(line)
        except StoreDamagedError as error:
            yield _break(run, seq, kind="line", detail=error.message)
            walk = msgspec.structs.replace(walk, seq=seq, prev=digest(line))
            continue
        yield from _event_breaks(walk, entry, columns={"run": run, "seq": seq, "key": key})
        yield from _pin_breaks(connection, run, entry)
        walk = _after(walk, entry, seq=seq)
    yield from _head_breaks(connection, walk)


def _event_breaks(walk: _Walk, entry: Entry, *, columns: _Columns) -> Iterator[Break]:
    seq = columns["seq"]
    if seq != walk.seq + 1:
        yield _break(walk.run, walk.seq + 1, kind="chain", detail="the event is missing")
    elif entry.prev != walk.prev:
        yield _break(walk.run, walk.seq + 1, kind="chain", detail="it follows another line")
    recorded: _Columns = {"run": entry.run, "seq": entry.seq, "key": entry.key}
    for name in _differing(columns, recorded):
        detail = f"column {name} is {columns[name]!r}, the line says {recorded[name]!r}"
        yield _break(walk.run, entry.seq, kind="column", detail=detail)


def _after(walk: _Walk, entry: Entry, *, seq: int) -> _Walk:
    is_open = opened_or_closed([entry.event])
    return _Walk(
        run=walk.run,
        seq=seq,
        prev=entry.hash,
        is_open=walk.is_open if is_open is None else is_open,
        start=walk.start or entry,
    )


def _head_breaks(connection: Connection, walk: _Walk) -> Iterator[Break]:
    row = connection.execute(
        "SELECT kind, playbook, open, started_at, seq, hash FROM runs WHERE id = ?", (walk.run,)
    ).fetchone()
    if row is None:
        yield _break(walk.run, None, kind="runs", detail="it has events but no row among the runs")
        return
    columns: _Columns = dict(zip(RUN_COLUMNS, row, strict=True))
    told = {"seq": walk.seq, "hash": walk.prev, "open": int(walk.is_open)} | _begun(walk)
    for name in _differing(columns, told):
        detail = f"the table of runs has {name} {columns[name]!r}, the log says {told[name]!r}"
        yield _break(walk.run, None, kind="head" if name in _HEAD else "runs", detail=detail)
    yield from _start_breaks(walk)


def _begun(walk: _Walk) -> _Columns:
    if walk.start is None or not isinstance(walk.start.event, RunStarted):
        return {}
    start = walk.start.event
    return {
        "kind": start.kind,
        "playbook": start.playbook.id,
        "started_at": moment_text(walk.start.at),
    }


def _start_breaks(walk: _Walk) -> Iterator[Break]:
    if walk.start is None or not isinstance(walk.start.event, RunStarted):
        yield _break(walk.run, 1, kind="line", detail="the log does not begin with RunStarted")
        return
    start = walk.start.event
    if not walk.run.startswith(RUN_PREFIXES[start.kind]):
        yield _break(walk.run, 1, kind="runs", detail=f"its id is not one of kind {start.kind}")


def _pin_breaks(connection: Connection, run: str, entry: Entry) -> Iterator[Break]:
    for what, pin in _pins(entry.event).items():
        if pin is not None and not _is_kept(connection, pin.digest):
            yield _break(run, entry.seq, kind="document", detail=f"its pinned {what} is missing")


def _pins(event: AnyEvent) -> dict[str, Pin | None]:
    match event:
        case RunStarted(playbook=playbook, rules=rules):
            return {"playbook": playbook, "rulebook": rules}
        case RulesRenewed(rules=rules):
            return {"rulebook": rules}
        case _:
            return {}


def _is_kept(connection: Connection, digest: str) -> bool:
    found = connection.execute(
        "SELECT count(*) FROM documents WHERE digest = ?", (digest,)
    ).fetchone()
    return bool(found != (0,))


def _differing(columns: _Columns, recorded: _Columns) -> list[str]:
    return [name for name, value in recorded.items() if columns[name] != value]


def _break(run: str, seq: int | None, *, kind: BreakKind, detail: str) -> Break:
    return Break(run=run, seq=seq, kind=kind, detail=f"{run or 'store'}: {detail}")


_HEAD = frozenset({"seq", "hash"})
