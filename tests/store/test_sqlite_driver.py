from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from ccir.errors import CcirError, ConflictError, StoreDamagedError, UnavailableError
from ccir.store import sqlite_driver
from ccir.store.sqlite_driver import (
    Connection,
    SqliteError,
    connect,
    faults,
    journal_mode,
    snapshot,
    transaction,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "file.db").touch()
    return tmp_path / "file.db"


@pytest.fixture
def connection(path: Path) -> Connection:
    connection = connect(path)
    connection.execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY, text TEXT)")
    return connection


def count(connection: Connection) -> int:
    found: int = connection.execute("SELECT count(*) FROM numbers").fetchone()[0]
    return found


@pytest.mark.parametrize(
    ("version", "journal"),
    [
        ((3, 40, 1), "delete"),
        ((3, 51, 2), "delete"),
        ((3, 51, 3), "wal"),
        ((3, 53, 0), "wal"),
        ((4, 0, 0), "wal"),
    ],
)
def test_the_write_ahead_log_is_kept_from_the_version_on_that_never_loses_it(
    version: tuple[int, ...], journal: str
) -> None:
    assert journal_mode(version) == journal


def test_the_bundled_sqlite_is_preferred() -> None:
    assert sqlite_driver.MODULE == "pysqlite3"
    assert sqlite_driver.journal_mode() == "wal"


def test_pythons_own_sqlite_serves_where_the_bundled_one_is_missing(
    monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pysqlite3", None)
    without = _loaded_once_more()
    assert without.MODULE == "sqlite3"
    assert without.journal_mode() == ("wal" if without.VERSION >= (3, 51, 3) else "delete")
    plain = without.connect(path)
    with without.transaction(plain, path=path):
        plain.execute("CREATE TABLE one (two)")
    assert plain.execute("PRAGMA synchronous").fetchone() == (2,)
    plain.close()


def test_a_commit_has_reached_the_disk_and_what_is_deleted_is_overwritten(path: Path) -> None:
    connection = connect(path)
    pragmas = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("synchronous", "secure_delete", "trusted_schema", "busy_timeout")
    }
    assert pragmas == {
        "synchronous": 2,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 10_000,
    }


def test_connecting_makes_no_file(tmp_path: Path) -> None:
    absent = tmp_path / "absent.db"
    with pytest.raises(UnavailableError, match="cannot be opened"), faults(absent):
        connect(absent)
    assert not absent.exists()


# ------------------------------------------------------------------------------------ transactions


def test_a_transaction_holds_the_write_lock_before_its_first_statement(
    connection: Connection, path: Path
) -> None:
    other = connect(path)
    other.execute("PRAGMA busy_timeout=0")
    with transaction(connection, path=path):
        with (
            pytest.raises(ConflictError, match="is locked by another process"),
            transaction(other, path=path),
        ):
            pytest.fail("two held the write lock")
        assert other.in_transaction is False
    with transaction(other, path=path):
        pass


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_a_transaction_that_is_left_by_a_failure_leaves_nothing(
    connection: Connection, path: Path, failure: type[BaseException]
) -> None:
    def fails_halfway() -> None:
        with transaction(connection, path=path):
            connection.execute("INSERT INTO numbers VALUES (1, 'one')")
            raise failure

    with pytest.raises(failure):
        fails_halfway()
    assert count(connection) == 0
    assert connection.in_transaction is False


def test_a_snapshot_does_not_see_what_is_written_meanwhile(
    connection: Connection, path: Path
) -> None:
    connection.execute("PRAGMA journal_mode=wal")
    other = connect(path)
    with snapshot(connection, path=path):
        assert count(connection) == 0
        other.execute("INSERT INTO numbers VALUES (1, 'one')")
        assert count(connection) == 0
    assert count(connection) == 1


# --------------------------------------------------------------------------------- what faults mean


def fill(connection: Connection) -> None:
    for number in range(100):
        connection.execute("INSERT INTO numbers VALUES (?, ?)", (number, "x" * 1_000))


def test_a_full_disk_is_told_and_leaves_nothing(connection: Connection, path: Path) -> None:
    connection.execute("PRAGMA max_page_count=4")
    with (
        pytest.raises(UnavailableError, match="the disk is full") as caught,
        transaction(connection, path=path),
    ):
        fill(connection)
    assert "what was acknowledged is safe" in caught.value.hint
    assert count(connection) == 0
    connection.execute("PRAGMA max_page_count=1000")
    with transaction(connection, path=path):
        fill(connection)
    assert count(connection) == 100


def test_a_read_only_file_is_told(connection: Connection, path: Path) -> None:
    connection.execute("PRAGMA query_only=ON")
    with pytest.raises(UnavailableError, match="is read-only"), transaction(connection, path=path):
        fill(connection)


def test_a_file_that_is_no_database_is_told(path: Path) -> None:
    path.write_bytes(b"certainly no database" * 100)
    with pytest.raises(StoreDamagedError, match="is no SQLite database"), faults(path):
        connect(path).execute("SELECT * FROM sqlite_schema")


def test_a_damaged_page_is_told(connection: Connection, path: Path) -> None:
    fill(connection)
    connection.close()
    octets = bytearray(path.read_bytes())
    octets[4_096 : 4_096 * 4] = b"\xff" * (4_096 * 3)
    path.write_bytes(octets)
    with pytest.raises(StoreDamagedError, match="is damaged"), faults(path):
        count(connect(path))


def test_text_that_is_no_text_is_damage(connection: Connection, path: Path) -> None:
    connection.execute("INSERT INTO numbers VALUES (1, CAST(x'ff' AS TEXT))")
    with pytest.raises(StoreDamagedError, match="is damaged"), faults(path):
        connection.execute("SELECT text FROM numbers").fetchall()


def test_a_mistake_of_ours_is_not_made_to_look_like_a_fault_of_the_disk(
    connection: Connection, path: Path
) -> None:
    for statement in ("SELECT nothing FROM nowhere", "INSERT INTO numbers VALUES ('no number', 1)"):
        with pytest.raises(SqliteError) as caught, faults(path):
            connection.execute(statement)
        assert not isinstance(caught.value, CcirError)


def _loaded_once_more() -> ModuleType:
    spec = importlib.util.spec_from_file_location("driver_once_more", sqlite_driver.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
