"""The tables of acknowledgements, a part of the log's file; see `ccir.store.sqlite_schema`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def acknowledgements(database: Database) -> None:
    """Add who is asked to confirm by which version, and which versions ask again for another."""
    database.execute("""
        CREATE TABLE asks (
            notice INTEGER PRIMARY KEY REFERENCES notices (id), asked_at TEXT NOT NULL,
            expires_at TEXT NOT NULL
        ) STRICT""")
    database.execute("""
        CREATE TABLE acks (
            notice INTEGER NOT NULL REFERENCES notices (id), row INTEGER NOT NULL,
            id BLOB NOT NULL, confirmed_at TEXT NOT NULL DEFAULT '',
            answer TEXT NOT NULL DEFAULT '', late INTEGER NOT NULL DEFAULT 0,
            how TEXT NOT NULL DEFAULT '', recorded INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (notice, row), UNIQUE (id)
        ) STRICT, WITHOUT ROWID""")
    database.execute("""
        CREATE INDEX acks_unrecorded ON acks (notice)
        WHERE recorded = 0 AND confirmed_at > ''""")
    database.execute("""
        CREATE TABLE rounds (
            run TEXT NOT NULL, notice TEXT NOT NULL, version INTEGER NOT NULL,
            root INTEGER NOT NULL, PRIMARY KEY (run, notice, version)
        ) STRICT, WITHOUT ROWID""")
