"""The check that a restored SQLite database is whole and holds as many rows as it must."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import msgspec

from ccir.checks.interface import CheckKit, find_inside, is_inside
from ccir.checks.newest import Newest, NewestRule
from ccir.checks.reading import BadDataError
from ccir.domain.outcomes import CheckResult, decisive
from ccir.domain.playbook import Text

NAME = "sqlite"
_MAGIC = b"SQLite format 3\x00"
_SIDECARS = ("-wal", "-journal")
_STEPS_BETWEEN_LOOKS = 10_000
_SHOWN_COMPLAINTS = 3


class NewestRow(NewestRule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In which table the column with moments is; see `NewestRule`."""

    table: Text


class SqliteArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which file or files, and how many rows each table must hold at least.

    `path` is relative to the restored folder and may be a glob (`**/crm.sqlite`); every file
    that it names is judged. `newest` says how old the newest moment in a column may be.
    """

    path: str
    tables: dict[str, int]
    newest: NewestRow | None = None


class Sqlite:
    """Opens the database read-only, runs `integrity_check` and counts rows.

    A database that was backed up while it was written is opened as a copy, with its journal.
    """

    @property
    def arguments(self) -> type[SqliteArguments]:
        """The file and its floors."""
        return SqliteArguments

    def run(self, folder: Path, arguments: SqliteArguments, kit: CheckKit) -> CheckResult:
        """Judge every database that the path names; the worst result counts."""
        complaint = _complaint(arguments)
        if complaint is not None:
            return complaint
        files = find_inside(folder, arguments.path)
        if not files:
            return _fail("file-missing", f"{arguments.path} was not restored")
        results = tuple(_judge(file, arguments, kit) for file in files)
        worst = decisive(results)
        return worst if worst is not None else results[0]


def _complaint(arguments: SqliteArguments) -> CheckResult | None:
    if not is_inside(arguments.path):
        detail = f"the path '{arguments.path}' leads out of the restored folder"
        return _error("path-outside", detail, hint="write it relative, without '..'")
    if not arguments.tables or min(arguments.tables.values()) < 1:
        detail = "without a table and a floor of at least 1 row the check asserts nothing"
        return _error("no-floor", detail, hint="name tables and rows, as 'tables: {customers: 1}'")
    return None


def _judge(file: Path, arguments: SqliteArguments, kit: CheckKit) -> CheckResult:
    try:
        with _openable(file, kit) as path, contextlib.closing(_open(path, kit)) as database:
            _check_integrity(database)
            counts = {table: _count_rows(database, table) for table in arguments.tables}
            _check_floors(counts, arguments.tables)
            newest_at = _newest(database, arguments.newest, kit)
    except BadDataError as bad:
        found = _fail(bad.reason, f"{file.name}: {bad.detail}")
        return msgspec.structs.replace(found, newest_at=bad.newest_at)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return _interrupted(file, kit)
        return _fail("database-damaged", f"{file.name}: {error}")
    except sqlite3.DatabaseError as error:
        return _fail("database-damaged", f"{file.name}: {error}")
    except OSError as error:
        return _error("unreadable", f"{file.name}: {error.strerror}", hint="run the drill again")
    rows = ", ".join(f"{table} {count}" for table, count in counts.items())
    detail = f"{file.name} is whole; rows: {rows}"
    return CheckResult(name=NAME, verdict="pass", detail=detail, newest_at=newest_at)


@contextlib.contextmanager
def _openable(file: Path, kit: CheckKit) -> Iterator[Path]:
    """Yield the database, or a copy of it where a journal has to be played into it first."""
    with file.open("rb") as opened:
        if opened.read(len(_MAGIC)) != _MAGIC:
            raise BadDataError(
                "not-a-database", "the file does not begin as an SQLite database does"
            )
    journals = _journals(file)
    if not journals:
        yield file
        return
    with tempfile.TemporaryDirectory(dir=kit.scratch, prefix="ccir-sqlite-") as folder:
        for path in (file, *journals):
            shutil.copyfile(path, Path(folder) / path.name)
        yield Path(folder) / file.name


def _journals(file: Path) -> list[Path]:
    """Return the files beside the database that hold what is not yet written into it."""
    sidecars = (file.with_name(file.name + suffix) for suffix in _SIDECARS)
    return [path for path in sidecars if path.is_file() and path.stat().st_size]


def _open(path: Path, kit: CheckKit) -> sqlite3.Connection:
    """Open it so that nothing in it can run and nothing is written beside the restored file."""
    mode = "mode=rw" if _journals(path) else "mode=ro&immutable=1"
    database = sqlite3.connect(f"file:{quote(str(path))}?{mode}", uri=True)
    database.execute("PRAGMA trusted_schema=OFF")
    database.execute("PRAGMA cell_size_check=ON")
    until = kit.clock.monotonic() + kit.deadline_seconds
    database.set_progress_handler(
        lambda: kit.is_cancelled() or kit.clock.monotonic() > until, _STEPS_BETWEEN_LOOKS
    )
    return database


def _check_integrity(database: sqlite3.Connection) -> None:
    rows = database.execute(f"PRAGMA integrity_check({_SHOWN_COMPLAINTS})").fetchall()
    complaints = [str(row[0]).strip() for row in rows]
    if complaints != ["ok"]:
        raise BadDataError("database-damaged", "; ".join(complaints))


def _count_rows(database: sqlite3.Connection, table: str) -> int:
    """Count by walking the table itself: an index can be whole while the table is not."""
    name = _quoted_table(database, table)
    query = f"SELECT count(*) FROM {name} NOT INDEXED"  # noqa: S608 - the name is quoted
    return int(database.execute(query).fetchone()[0])


def _newest(
    database: sqlite3.Connection, rule: NewestRow | None, kit: CheckKit
) -> dt.datetime | None:
    """Judge the newest moment of a column, as text and numbers alike."""
    if rule is None:
        return None
    table = _quoted_table(database, rule.table)
    columns = [str(row[1]) for row in database.execute(f"PRAGMA table_info({table})")]
    if rule.column not in columns:
        detail = f"table '{rule.table}' has no column '{rule.column}'"
        raise BadDataError("column-missing", detail)
    newest = Newest(rule, now=kit.clock.now())
    query = f"SELECT {_quoted(rule.column)} FROM {table} NOT INDEXED"  # noqa: S608 - the names are quoted
    for row in database.execute(query):
        newest.add({rule.column: row[0]})
    return newest.judge()


def _quoted_table(database: sqlite3.Connection, table: str) -> str:
    found = database.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    if found is None:
        raise BadDataError("table-missing", f"there is no table '{table}'")
    return _quoted(table)


def _quoted(name: str) -> str:
    inner = name.replace('"', '""')
    return f'"{inner}"'


def _check_floors(counts: dict[str, int], floors: dict[str, int]) -> None:
    for table, count in counts.items():
        if count < floors[table]:
            raise BadDataError(
                "below-floor", f"table '{table}' holds {count} rows of {floors[table]}"
            )


def _interrupted(file: Path, kit: CheckKit) -> CheckResult:
    if kit.is_cancelled():
        return _error("cancelled", f"{file.name} was not judged to the end", hint="try again")
    return _error("timed-out", f"{file.name} took too long", hint="allow more time")


def _fail(reason: str, detail: str) -> CheckResult:
    hint = "do not rely on this snapshot; restore an older one and look into the backup"
    return CheckResult(name=NAME, verdict="fail", reason=reason, detail=detail, hint=hint)


def _error(reason: str, detail: str, *, hint: str) -> CheckResult:
    return CheckResult(name=NAME, verdict="error", reason=reason, detail=detail, hint=hint)


MEMBER = Sqlite()
