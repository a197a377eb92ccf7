from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ccir.checks.interface import CheckKit, Tree
from ccir.checks.sqlite import MEMBER, NewestRow, SqliteArguments
from ccir.clock import FixedClock, SystemClock
from ccir.domain.outcomes import CheckResult
from support.benches import CheckBench
from support.unprivileged import open_folder, without_privileges

ROWS = 3_000
PAGE_BYTES = 4_096
NAME = "crm.sqlite"


@pytest.fixture
def member(tmp_path_factory: pytest.TempPathFactory) -> CheckBench:
    good = tmp_path_factory.mktemp("good")
    bad = tmp_path_factory.mktemp("bad")
    write_database(good / NAME)
    write_database(bad / NAME)
    zero_page(bad / NAME, 5)
    return CheckBench(
        name="sqlite",
        check=MEMBER,
        good=good,
        bad=bad,
        arguments={"path": f"**/{NAME}", "tables": {"customers": ROWS}},
        toothless=(
            {"path": NAME, "tables": {}},
            {"path": NAME, "tables": {"customers": 0}},
            {"path": NAME, "tables": {"customers": 1, "calls": -1}},
        ),
    )


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "restored" / NAME
    path.parent.mkdir()
    write_database(path)
    return path


def write_database(path: Path, *, rows: int = ROWS) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        database.execute("CREATE INDEX by_name ON customers (name)")
        database.execute('CREATE TABLE "odd ""name" (x)')
        database.execute('INSERT INTO "odd ""name" VALUES (1)')
        database.execute("CREATE VIEW recent AS SELECT * FROM customers")
        names = [(f"customer {number}",) for number in range(rows)]
        database.executemany("INSERT INTO customers (name) VALUES (?)", names)
        database.commit()


def zero_page(path: Path, number: int) -> None:
    with path.open("r+b") as file:
        file.seek((number - 1) * PAGE_BYTES)
        file.write(b"\0" * PAGE_BYTES)


def kit_of(**more: Any) -> CheckKit:  # noqa: ANN401 - the fields of a CheckKit
    found = Tree(files=1, bytes=1)
    return CheckKit(clock=SystemClock(), environment={}, found=found, **more)


def judged(
    database: Path,
    tables: Mapping[str, int] | None = None,
    *,
    path: str = NAME,
    kit: CheckKit | None = None,
) -> CheckResult:
    arguments = SqliteArguments(path=path, tables=dict(tables or {"customers": 1}))
    return MEMBER.run(database.parent, arguments, kit or kit_of())


def told(result: CheckResult) -> tuple[str, str]:
    return result.verdict, result.reason


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --------------------------------------------------------------------------------------- floors


def test_a_whole_database_with_enough_rows_passes(database: Path) -> None:
    result = judged(database, {"customers": ROWS, 'odd "name': 1})
    assert told(result) == ("pass", "")
    assert f"rows: customers {ROWS}" in result.detail


def test_one_row_below_a_floor_fails(database: Path) -> None:
    result = judged(database, {"customers": ROWS + 1})
    assert told(result) == ("fail", "below-floor")
    assert f"holds {ROWS} rows of {ROWS + 1}" in result.detail


@pytest.mark.parametrize("table", ["calls", "recent", "by_name", "", "customers; DROP TABLE x"])
def test_a_table_that_is_not_there_fails(database: Path, table: str) -> None:
    assert told(judged(database, {table: 1})) == ("fail", "table-missing")


def test_the_worst_of_several_databases_counts(database: Path) -> None:
    older = database.parent / "old" / NAME
    older.parent.mkdir()
    write_database(older, rows=10)
    assert told(judged(database, {"customers": 10}, path=f"**/{NAME}")) == ("pass", "")
    assert told(judged(database, {"customers": 11}, path=f"**/{NAME}")) == ("fail", "below-floor")


# --------------------------------------------------------------------------------------- damage


def test_a_zeroed_page_fails_although_an_index_could_still_count(database: Path) -> None:
    zero_page(database, 5)
    assert told(judged(database)) == ("fail", "database-damaged")


def test_an_index_that_disagrees_with_its_table_fails(database: Path) -> None:
    octets = database.read_bytes()
    assert octets.count(b"customer 2999") == 2
    database.write_bytes(octets.replace(b"customer 2999", b"customer 0000", 1))
    result = judged(database, {"customers": ROWS})
    assert told(result) == ("fail", "database-damaged")
    assert "index by_name" in result.detail


def test_a_database_cut_short_fails(database: Path) -> None:
    os.truncate(database, database.stat().st_size // 2)
    assert told(judged(database)) == ("fail", "database-damaged")


def test_a_changed_format_number_fails(database: Path) -> None:
    with database.open("r+b") as file:
        file.seek(44)  # the schema's format, of which there are four
        file.write(b"\0\0\0\x63")
    assert told(judged(database)) == ("fail", "database-damaged")


@pytest.mark.parametrize("content", [b"", b"SQLite format 3", b"-- SQL dump\nCREATE TABLE x;\n"])
def test_a_file_that_is_no_database_fails(database: Path, content: bytes) -> None:
    database.write_bytes(content)
    assert told(judged(database)) == ("fail", "not-a-database")


def test_a_header_without_a_database_fails(database: Path) -> None:
    database.write_bytes(b"SQLite format 3\x00" + b"\xff" * 200)
    assert told(judged(database)) == ("fail", "database-damaged")


# -------------------------------------------------------------------------------------- journals


@pytest.fixture
def written_while_backed_up(tmp_path: Path) -> Path:
    """A database of which the last rows stand in its write-ahead log only."""
    live, restored = tmp_path / "live", tmp_path / "restored"
    live.mkdir()
    restored.mkdir()
    with closing(sqlite3.connect(live / NAME)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY)")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.executemany("INSERT INTO customers VALUES (?)", [(n,) for n in range(100)])
        database.commit()
        for name in (NAME, f"{NAME}-wal"):
            (restored / name).write_bytes((live / name).read_bytes())
    return restored / NAME


def test_the_write_ahead_log_counts_and_is_played_into_a_copy(
    written_while_backed_up: Path, tmp_path: Path
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    folder = written_while_backed_up.parent
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    result = judged(written_while_backed_up, {"customers": 100}, kit=kit_of(scratch=scratch))
    assert told(result) == ("pass", "")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert names_in(scratch) == []


def test_a_database_restored_without_its_log_fails_by_its_floor(
    written_while_backed_up: Path,
) -> None:
    written_while_backed_up.with_name(f"{NAME}-wal").unlink()
    assert told(judged(written_while_backed_up, {"customers": 100})) == ("fail", "below-floor")
    assert names_in(written_while_backed_up.parent) == [NAME]


def test_an_empty_log_is_left_where_it_is(written_while_backed_up: Path) -> None:
    log = written_while_backed_up.with_name(f"{NAME}-wal")
    log.write_bytes(b"")
    assert told(judged(written_while_backed_up, {"customers": 1})) == ("fail", "below-floor")
    assert names_in(written_while_backed_up.parent) == [NAME, log.name]


def test_without_room_for_a_copy_there_is_no_verdict(
    written_while_backed_up: Path, tmp_path: Path
) -> None:
    kit = kit_of(scratch=tmp_path / "gone")
    assert told(judged(written_while_backed_up, kit=kit)) == ("error", "unreadable")


# ------------------------------------------------------------------------------------- arguments


@pytest.mark.parametrize("path", ["/etc/passwd", "../crm.sqlite", "a/../../b", "", "."])
def test_a_path_that_leads_out_is_refused(database: Path, path: str) -> None:
    assert told(judged(database, path=path)) == ("error", "path-outside")


@pytest.mark.parametrize("path", ["none.sqlite", "**/none*", "**x", "restored"])
def test_a_file_that_was_not_restored_fails(database: Path, path: str) -> None:
    result = judged(database, path=path)
    assert told(result) == ("fail", "file-missing")
    assert path in result.detail


def test_a_link_that_leads_out_is_not_followed(database: Path, tmp_path: Path) -> None:
    database.rename(tmp_path / "elsewhere.sqlite")
    database.symlink_to(tmp_path / "elsewhere.sqlite")
    assert told(judged(database)) == ("fail", "file-missing")


def test_a_file_that_cannot_be_read_is_no_verdict() -> None:
    with open_folder() as folder:
        database = folder / NAME
        write_database(database, rows=1)
        database.chmod(0)
        with without_privileges(folder):
            assert told(judged(database)) == ("error", "unreadable")


@pytest.mark.parametrize("tables", [{}, {"customers": 0}, {"customers": 5, "calls": -1}])
def test_no_table_or_a_floor_below_one_asserts_nothing(
    database: Path, tables: dict[str, int]
) -> None:
    arguments = SqliteArguments(path=NAME, tables=tables)
    result = MEMBER.run(database.parent, arguments, kit_of())
    assert told(result) == ("error", "no-floor")


# ---------------------------------------------------------------------------------------- bounds


def test_a_check_over_its_time_is_no_verdict(database: Path) -> None:
    result = judged(database, kit=kit_of(deadline_seconds=0.0))
    assert told(result) == ("error", "timed-out")


def test_a_cancelled_check_is_no_verdict(database: Path) -> None:
    result = judged(database, kit=kit_of(is_cancelled=lambda: True))
    assert told(result) == ("error", "cancelled")


def test_a_query_hidden_in_the_schema_is_not_run(database: Path) -> None:
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("CREATE TRIGGER t AFTER INSERT ON customers BEGIN SELECT 1; END")
        opened.commit()
    before = database.read_bytes()
    assert told(judged(database)) == ("pass", "")
    assert database.read_bytes() == before
    assert names_in(database.parent) == [NAME]


NEWEST_AT = dt.datetime(2026, 1, 2, 3, 0, tzinfo=dt.UTC)


@pytest.fixture
def calls(database: Path) -> Path:
    """The database with a table of calls, the newest of them two hours old."""
    with closing(sqlite3.connect(database)) as opened:
        opened.execute('CREATE TABLE calls ("started at")')
        moments = [("2026-01-01T00:00:00Z",), (NEWEST_AT.timestamp(),), ("2030-01-01",), (None,)]
        opened.executemany("INSERT INTO calls VALUES (?)", moments)
        opened.commit()
    return database


def aged(database: Path, *, within: str, column: str = "started at") -> CheckResult:
    rule = NewestRow(table="calls", column=column, within=within)
    arguments = SqliteArguments(path=NAME, tables={"calls": 1}, newest=rule)
    kit = kit_of()
    now = NEWEST_AT + dt.timedelta(hours=2)
    return MEMBER.run(
        database.parent, arguments, msgspec.structs.replace(kit, clock=FixedClock(now))
    )


def test_the_newest_row_is_held_against_its_age_and_told(calls: Path) -> None:
    found = aged(calls, within="3h")
    assert (found.verdict, found.newest_at) == ("pass", NEWEST_AT)


def test_a_newest_row_that_is_too_old_is_a_fail_that_still_tells_how_old(calls: Path) -> None:
    found = aged(calls, within="1h")
    assert (found.verdict, found.reason, found.newest_at) == ("fail", "too-old", NEWEST_AT)


def test_a_column_that_is_not_there_is_a_fail(calls: Path) -> None:
    found = aged(calls, within="3h", column="ended_at")
    assert (found.verdict, found.reason) == ("fail", "column-missing")
    assert found.detail == f"{NAME}: table 'calls' has no column 'ended_at'"
