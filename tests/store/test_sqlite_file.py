from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from ccir.clock import FixedClock
from ccir.entropy import SeededEntropy
from ccir.errors import ConflictError, StoreDamagedError, UnavailableError
from ccir.store.sqlite import MEMBER, SqliteFactory
from ccir.store.sqlite_driver import Connection, SqliteError, connect
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_schema import LOG, Schema
from support.stores import STARTED_AT, append_facts, begin, fact, python

if TYPE_CHECKING:
    from sqlite_utils import Database

RUN = "INC-2026-0001"


def add_a_table(database: Database) -> None:
    database.execute("CREATE TABLE extra (number INTEGER) STRICT")
    database.execute("INSERT INTO extra SELECT count(*) FROM events")


def fail_halfway(database: Database) -> None:
    database.execute("DROP TABLE documents")
    database.execute("SELECT * FROM nowhere")


NEWER = msgspec.structs.replace(
    LOG, migrations=(*LOG.migrations, add_a_table), tables=LOG.tables | {"extra"}
)
FAILING = msgspec.structs.replace(LOG, migrations=(*LOG.migrations, add_a_table, fail_halfway))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A log of three events that nobody has open."""
    stores = MEMBER.create(tmp_path, clock=FixedClock(STARTED_AT), entropy=SeededEntropy(1))
    append_facts(stores.events, begin(stores.events), 2)
    stores.close()
    return tmp_path / "ccir.db"


def file_of(path: Path, schema: Schema = LOG) -> StoreFile:
    return StoreFile(path, schema, journal="wal")


def one(file: StoreFile, question: str) -> object:
    return file.connection.execute(question).fetchone()[0]


# ------------------------------------------------------------------------------------- migrations


def test_an_older_file_takes_the_steps_it_lacks_and_keeps_what_it_holds(path: Path) -> None:
    newer = file_of(path, NEWER)
    assert one(newer, "SELECT number FROM extra") == 3
    assert one(newer, "SELECT count(*) FROM events") == 3
    assert one(newer, "PRAGMA user_version") == LOG.version + 1
    newer.close()
    words = f"has format {LOG.version + 1}; this ccir knows up to {LOG.version}"
    with pytest.raises(StoreDamagedError, match=words):
        _ = file_of(path).connection


def test_the_header_tells_the_new_version_while_the_file_is_still_open(path: Path) -> None:
    newer = file_of(path, NEWER)
    assert one(newer, "PRAGMA user_version") == LOG.version + 1
    assert int.from_bytes(path.read_bytes()[60:64], "big") == LOG.version + 1


def test_a_newer_version_that_stands_only_in_the_journal_is_seen(path: Path) -> None:
    connection = connect(path)
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("PRAGMA user_version=7")
    before = [each.read_bytes() for each in (path, path.with_name("ccir.db-wal"))]
    assert before[0][60:64] == LOG.version.to_bytes(4, "big"), (
        "the header still has the old version"
    )
    with pytest.raises(StoreDamagedError, match="has format 7"):
        _ = file_of(path).connection
    assert [each.read_bytes() for each in (path, path.with_name("ccir.db-wal"))] == before


def test_steps_of_which_one_fails_leave_the_file_as_it_was(path: Path) -> None:
    with pytest.raises(SqliteError, match="nowhere"):
        _ = file_of(path, FAILING).connection
    file = file_of(path)
    assert one(file, "PRAGMA user_version") == LOG.version
    assert one(file, "SELECT count(*) FROM documents") == 1
    assert one(file, "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == 0
    file.close()
    assert one(file_of(path, NEWER), "SELECT number FROM extra") == 3, "and may be tried again"


def test_two_who_open_an_older_file_at_once_take_the_steps_once(path: Path) -> None:
    found: list[object] = []

    def look() -> None:
        file = file_of(path, NEWER)
        found.append(one(file, "SELECT count(*) FROM extra"))
        file.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=5)
    assert found == [1, 1, 1, 1]


def test_an_up_to_date_file_is_opened_without_the_library_for_steps(path: Path) -> None:
    before = path.read_bytes()
    process = python(
        "stores = SqliteFactory().open(Path(sys.argv[1]), clock=None, entropy=None);"
        " print(len(stores.events.runs()), 'sqlite_utils' in sys.modules)",
        str(path.parent),
    )
    assert process.communicate(timeout=20) == ("1 False\n", "")
    assert path.read_bytes() == before


def test_making_a_file_again_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    file_of(path).create()
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.glob("*.new*")] == []


def test_a_file_that_cannot_be_made_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "ccir.db.new").mkdir()
    with pytest.raises(UnavailableError, match=r"Is a directory|Operation not permitted"):
        file_of(tmp_path / "ccir.db").create()
    assert not (tmp_path / "ccir.db").exists()


# ---------------------------------------------------------------------------------- the journal


def test_each_file_keeps_the_journal_that_is_right_for_it(path: Path) -> None:
    stores = MEMBER.open(path.parent, clock=FixedClock(STARTED_AT), entropy=SeededEntropy(1))
    stores.people.seal(RUN, "a text")
    stores.close()
    assert path.read_bytes()[18:20] == b"\x02\x02", "the log is kept in write-ahead mode"
    people = path.with_name("people.db").read_bytes()
    assert people[18:20] == b"\x01\x01", "a write-ahead log would keep copies of what was erased"


def test_a_file_is_brought_to_the_journal_that_the_library_keeps_safely(path: Path) -> None:
    older = StoreFile(path, LOG, journal="delete")
    assert one(older, "PRAGMA journal_mode") == "delete"
    assert one(older, "SELECT count(*) FROM events") == 3
    older.close()
    again = file_of(path)
    assert one(again, "PRAGMA journal_mode") == "wal"
    assert one(again, "SELECT count(*) FROM events") == 3


def test_a_journal_is_not_changed_under_another_process(path: Path) -> None:
    def impatient(path: Path) -> Connection:
        connection = connect(path)
        connection.execute("PRAGMA busy_timeout=0")
        return connection

    user = file_of(path)
    assert one(user, "SELECT count(*) FROM events") == 3
    with pytest.raises(ConflictError, match="is locked"):
        _ = StoreFile(path, LOG, journal="delete", connect=impatient).connection
    with user.transaction() as connection:
        connection.execute("DELETE FROM events WHERE seq = 3")


# ---------------------------------------------------------------------------- a disk that fails


class Stuck:
    """A connection whose first attempts to commit and to roll back fail, as on a dying disk."""

    def __init__(self, connection: Connection, failures: Iterator[str]) -> None:
        self._connection = connection
        self._failures = failures

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)

    def execute(self, statement: str, values: tuple[str, ...] = ()) -> object:
        if statement in {"COMMIT", "ROLLBACK"} and next(self._failures, None) is not None:
            raise SqliteError(f"the disk refused to {statement}")
        return self._connection.execute(statement, values)


def test_a_connection_that_cannot_even_roll_back_is_opened_anew(path: Path) -> None:
    failures = iter(["commit", "rollback"])

    def stuck(path: Path) -> Connection:
        connection: Connection = Stuck(connect(path), failures)  # type: ignore[assignment]  # a stand-in
        return connection

    stores = SqliteFactory(connect=stuck).open(
        path.parent, clock=FixedClock(STARTED_AT), entropy=SeededEntropy(1)
    )
    with pytest.raises(SqliteError, match="refused to COMMIT"):
        stores.events.append(RUN, [fact(1)], expected=3, key="k")
    assert len(stores.events.read(RUN)) == 3
    assert stores.events.append(RUN, [fact(1)], expected=3, key="k")[0].seq == 4
    assert stores.events.verify() == []
