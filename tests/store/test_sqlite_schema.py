from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ccir.store.sqlite_driver import Connection, connect, transaction
from ccir.store.sqlite_schema import LOG, PEOPLE, Schema, migrate

SCHEMAS = pytest.mark.parametrize("schema", [LOG, PEOPLE], ids=["log", "people"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "file.db").touch()
    return tmp_path / "file.db"


def migrated(path: Path, schema: Schema) -> Connection:
    connection = connect(path)
    with transaction(connection, path=path):
        migrate(connection, schema)
    return connection


@SCHEMAS
def test_an_empty_file_takes_every_step(path: Path, schema: Schema) -> None:
    connection = migrated(path, schema)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    assert schema.tables < tables
    assert connection.execute("PRAGMA user_version").fetchone() == (schema.version,)
    assert connection.execute("PRAGMA application_id").fetchone() == (schema.application_id,)
    connection.close()


@SCHEMAS
def test_a_step_that_was_taken_is_not_taken_again(path: Path, schema: Schema) -> None:
    migrated(path, schema).close()
    connection = connect(path)
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    with transaction(connection, path=path):
        migrate(connection, schema)
    connection.close()
    assert statements, "they were traced"
    made = [statement for statement in statements if "CREATE" in statement.upper()]
    assert [statement for statement in made if "_sqlite_migrations" not in statement] == []


@SCHEMAS
def test_every_column_that_is_compared_has_its_type_enforced(path: Path, schema: Schema) -> None:
    connection = migrated(path, schema)
    strict = {
        name for _, name, _, _, _, is_strict in connection.execute("PRAGMA table_list") if is_strict
    }
    connection.close()
    assert schema.tables <= strict


def test_the_files_are_told_apart_by_their_marks() -> None:
    assert LOG.application_id != PEOPLE.application_id
    assert LOG.application_id.to_bytes(4, "big") == b"CCL1"
    assert PEOPLE.application_id.to_bytes(4, "big") == b"CCP1"


def test_the_version_is_the_number_of_steps() -> None:
    more = LOG.migrations * 3
    assert msgspec.structs.replace(LOG, migrations=more).version == len(more)
