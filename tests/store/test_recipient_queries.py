from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ccir.checks.postgres_cluster import OWNER
from ccir.errors import InvalidDocumentError, NotFoundError, UnavailableError, UsageError
from ccir.store.recipient_queries import answered
from support.postgres_dumps import cluster

ROWS = "SELECT email, name, language FROM people ORDER BY id"
MADE = """
CREATE TABLE people (id int, email text, name text, language text, born date);
INSERT INTO people VALUES (1, 'a@x.example', 'A', 'en', '2026-03-01');
INSERT INTO people VALUES (2, 'b@x.example', NULL, 'de', NULL);
"""


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    path = tmp_path / "crm.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(MADE)
    return path


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL server of the test's own, with the table; its address."""
    with cluster() as running:
        running.run("psql", "-c", MADE, user=OWNER, database="postgres")
        yield f"postgresql://{OWNER}@/postgres?host={running.places.sockets}"


def read(database: str, query: str) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    with answered(database, query) as answer:
        return answer.columns, [tuple(row) for row in answer.rows]


def test_sqlite_answers_with_columns_and_rows(crm: Path) -> None:
    columns, rows = read(f"sqlite:{crm}", ROWS)
    assert columns == ("email", "name", "language")
    assert rows == [("a@x.example", "A", "en"), ("b@x.example", None, "de")]


def test_odd_text_in_sqlite_comes_as_it_is(crm: Path) -> None:
    _, rows = read(f"sqlite:{crm}", "SELECT CAST(x'ff41' AS TEXT) AS email")
    assert rows == [("\udcffA",)]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM people",
        "DELETE FROM people RETURNING email, name, language",
        "CREATE TABLE more (id int)",
        "ATTACH DATABASE 'file:more.db?mode=rwc' AS more",
        "SELECT 1; DELETE FROM people",
        "SELECT nothing FROM people",
        "PRAGMA query_only = OFF",
        "",
    ],
)
def test_sqlite_is_only_read(crm: Path, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(crm.parent)
    before = crm.read_bytes()
    with pytest.raises(InvalidDocumentError):
        read(f"sqlite:{crm}", query)
    assert crm.read_bytes() == before
    assert [*crm.parent.iterdir()] == [crm]


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with pytest.raises(NotFoundError, match="there is no database"):
        read(f"sqlite:{path}", ROWS)
    path.write_bytes(b"no database" * 100)
    with pytest.raises(InvalidDocumentError, match="the query for the recipients fails"):
        read(f"sqlite:{path}", ROWS)


def test_a_query_that_fails_half_way_tells_no_value(crm: Path) -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        read(f"sqlite:{crm}", "SELECT json(email) FROM people")
    assert "a@x.example" not in str(caught.value)


@pytest.mark.parametrize("database", ["mysql://u@h/d", "crm.db", "postgres"])
def test_another_kind_of_database_is_refused(database: str) -> None:
    with pytest.raises(UsageError, match="neither sqlite:PATH nor postgresql"):
        read(database, ROWS)


@pytest.mark.parametrize("tail", ["u:geheim@h/d", "u@h/d?password=geheim", "u@h/d?a=1&password="])
def test_a_password_in_the_address_is_refused_and_not_repeated(tail: str) -> None:
    with pytest.raises(UsageError, match="holds a password") as caught:
        read(f"postgresql://{tail}", ROWS)
    assert "geheim" not in str(caught.value)


def test_postgresql_answers_with_columns_and_rows(server: str) -> None:
    columns, rows = read(server, f"{ROWS};\n")
    assert columns == ("email", "name", "language")
    assert rows == [("a@x.example", "A", "en"), ("b@x.example", None, "de")]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM people",
        "WITH gone AS (DELETE FROM people RETURNING email) SELECT * FROM gone",
        "SELECT 1; COMMIT; DELETE FROM people",
        "SELECT nextval('counter')",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT nothing FROM people",
        "",
    ],
)
def test_postgresql_is_only_read(server: str, query: str) -> None:
    with pytest.raises(InvalidDocumentError):
        read(server, query)
    assert len(read(server, ROWS)[1]) == 2


def test_a_server_that_is_away_is_told_without_its_address(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be read") as caught:
        read(f"postgresql://u@/d?host={tmp_path}", ROWS)
    assert str(tmp_path) not in str(caught.value)


def test_without_the_extra_postgresql_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UnavailableError, match="needs the extra `postgres`"):
        read("postgresql://u@h/d", ROWS)
