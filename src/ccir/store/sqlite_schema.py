"""The tables of the store's two files, and how an older file becomes a newer one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from ccir.store.sqlite_ack_tables import acknowledgements
from ccir.store.sqlite_driver import Connection

if TYPE_CHECKING:
    from sqlite_utils import Database

Migrate = Callable[["Database"], None]


class Schema(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in one of our files.

    `application_id` is the mark in the file's header, `migrations` the steps from an empty
    file to the newest; the header's `user_version` counts how many were taken.
    """

    name: str
    application_id: int
    tables: frozenset[str]
    migrations: tuple[Migrate, ...]

    @property
    def version(self) -> int:
        """Return the `user_version` of an up-to-date file."""
        return len(self.migrations)


def migrate(connection: Connection, schema: Schema) -> None:
    """Take the steps that the open file lacks; call it inside a transaction.

    sqlite-utils is imported here only: it costs a quarter of the start of `ccir status`,
    and a file that is up to date has no use for it.
    """
    from sqlite_utils import Database, Migrations

    steps = Migrations(schema.name)
    for step in schema.migrations:
        steps(name=step.__name__)(step)
    steps.apply(Database(connection, recursive_triggers=False, execute_plugins=False))
    connection.execute(f"PRAGMA application_id={schema.application_id}")
    connection.execute(f"PRAGMA user_version={schema.version}")


def _log_and_ledger(database: Database) -> None:
    database.execute("""
        CREATE TABLE events (
            run TEXT NOT NULL, seq INTEGER NOT NULL, key TEXT NOT NULL, line BLOB NOT NULL,
            PRIMARY KEY (run, seq)
        ) STRICT, WITHOUT ROWID""")
    database.execute("CREATE INDEX events_by_key ON events (key, run, seq)")
    database.execute("""
        CREATE TABLE runs (
            id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, playbook TEXT NOT NULL,
            open INTEGER NOT NULL, started_at TEXT NOT NULL,
            seq INTEGER NOT NULL, hash TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""")
    database.execute("""
        CREATE TABLE documents (
            digest TEXT NOT NULL PRIMARY KEY, content BLOB NOT NULL
        ) STRICT""")
    database.execute("""
        CREATE TABLE notices (
            id INTEGER PRIMARY KEY, run TEXT NOT NULL, notice TEXT NOT NULL,
            version INTEGER NOT NULL, channel TEXT NOT NULL,
            UNIQUE (run, notice, version, channel)
        ) STRICT""")
    database.execute("""
        CREATE TABLE ledger (
            notice INTEGER NOT NULL REFERENCES notices (id), row INTEGER NOT NULL,
            recipient_key TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'planned',
            attempts INTEGER NOT NULL DEFAULT 0, code INTEGER NOT NULL DEFAULT 0,
            reply TEXT NOT NULL DEFAULT '', message_id TEXT NOT NULL DEFAULT '',
            sender TEXT NOT NULL DEFAULT '', changed_at TEXT NOT NULL,
            PRIMARY KEY (notice, row), UNIQUE (notice, recipient_key)
        ) STRICT, WITHOUT ROWID""")
    database.execute("CREATE INDEX ledger_planned ON ledger (notice, row) WHERE state = 'planned'")


def _reaches(database: Database) -> None:
    database.execute("""
        CREATE TABLE reaches (
            notice INTEGER PRIMARY KEY REFERENCES notices (id), boot TEXT NOT NULL,
            row INTEGER NOT NULL
        ) STRICT""")


def _evidence_and_paces(database: Database) -> None:
    for column in (
        "basis TEXT NOT NULL DEFAULT ''",
        "not_before TEXT NOT NULL DEFAULT ''",
        "reserved INTEGER NOT NULL DEFAULT 0",
        "relay TEXT NOT NULL DEFAULT ''",
        "tls TEXT NOT NULL DEFAULT ''",
        "sent_at TEXT NOT NULL DEFAULT ''",
        "sha256 BLOB",
    ):
        database.execute(f"ALTER TABLE ledger ADD COLUMN {column}")
    database.execute("ALTER TABLE notices ADD COLUMN halt TEXT NOT NULL DEFAULT ''")
    database.execute("DROP INDEX ledger_planned")
    # Rows in the list's order are found by the primary key; an index of them would be changed by
    # every message.
    database.execute("""
        CREATE INDEX ledger_put_off ON ledger (notice, not_before, row)
        WHERE state = 'planned' AND not_before > ''""")
    database.execute("""
        CREATE TABLE paces (
            name TEXT NOT NULL PRIMARY KEY, free_at REAL NOT NULL
        ) STRICT, WITHOUT ROWID""")


def _texts_and_recipients(database: Database) -> None:
    database.execute("""
        CREATE TABLE installation (
            id INTEGER PRIMARY KEY CHECK (id = 1), key_check TEXT NOT NULL
        ) STRICT""")
    database.execute("""
        CREATE TABLE texts (
            ref TEXT NOT NULL PRIMARY KEY, run TEXT NOT NULL, box BLOB
        ) STRICT""")
    database.execute("""
        CREATE TABLE lists (
            id TEXT NOT NULL PRIMARY KEY, run TEXT NOT NULL, count INTEGER NOT NULL,
            digest TEXT NOT NULL, languages TEXT NOT NULL
        ) STRICT""")
    database.execute("""
        CREATE TABLE recipients (
            list TEXT NOT NULL REFERENCES lists (id), row INTEGER NOT NULL, box BLOB NOT NULL,
            PRIMARY KEY (list, row)
        ) STRICT, WITHOUT ROWID""")


def _queue_and_blocks(database: Database) -> None:
    database.execute("ALTER TABLE lists ADD COLUMN counts TEXT NOT NULL DEFAULT ''")
    database.execute("ALTER TABLE lists ADD COLUMN complete INTEGER NOT NULL DEFAULT 1")
    database.execute("""
        CREATE TABLE queue (
            list TEXT NOT NULL REFERENCES lists (id), row INTEGER NOT NULL, box BLOB NOT NULL,
            PRIMARY KEY (list, row)
        ) STRICT, WITHOUT ROWID""")
    database.execute("""
        CREATE TABLE blocks (
            list TEXT NOT NULL REFERENCES lists (id), number INTEGER NOT NULL,
            last_row INTEGER NOT NULL, digest TEXT NOT NULL,
            PRIMARY KEY (list, number)
        ) STRICT, WITHOUT ROWID""")
    database.execute("""
        CREATE TABLE decisions (
            run TEXT NOT NULL, notice TEXT NOT NULL, key TEXT NOT NULL,
            reasons TEXT NOT NULL, included INTEGER NOT NULL,
            PRIMARY KEY (run, notice, key)
        ) STRICT, WITHOUT ROWID""")


def _suppressions_and_mails(database: Database) -> None:
    database.execute("""
        CREATE TABLE suppressions (
            key TEXT NOT NULL, reason TEXT NOT NULL, run TEXT NOT NULL, notice TEXT NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (key, reason)
        ) STRICT, WITHOUT ROWID""")
    database.execute("""
        CREATE TABLE mails_read (
            mark BLOB NOT NULL PRIMARY KEY
        ) STRICT, WITHOUT ROWID""")


def _data_keys(database: Database) -> None:
    database.execute("""
        CREATE TABLE data_keys (
            run TEXT NOT NULL PRIMARY KEY, box BLOB, age BLOB
        ) STRICT, WITHOUT ROWID""")
    database.execute("ALTER TABLE lists ADD COLUMN has_data_key INTEGER NOT NULL DEFAULT 0")


def _snapshots_and_keys(database: Database) -> None:
    database.execute("""
        CREATE TABLE targets (
            target TEXT NOT NULL PRIMARY KEY, looked_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""")
    database.execute("""
        CREATE TABLE snapshots (
            target TEXT NOT NULL, id TEXT NOT NULL, taken_at TEXT NOT NULL,
            host TEXT NOT NULL, user TEXT NOT NULL, file_count INTEGER, byte_count INTEGER,
            first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL, gone_at TEXT,
            accepted_at TEXT, accepted_by TEXT NOT NULL DEFAULT '',
            reason_ref TEXT NOT NULL DEFAULT '', reason_digest TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (target, id)
        ) STRICT, WITHOUT ROWID""")
    database.execute("""
        CREATE TABLE keys (
            target TEXT NOT NULL, id TEXT NOT NULL, label TEXT NOT NULL,
            first_seen_at TEXT NOT NULL, last_seen_at TEXT NOT NULL,
            accepted_at TEXT, accepted_by TEXT NOT NULL DEFAULT '',
            reason_ref TEXT NOT NULL DEFAULT '', reason_digest TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (target, id)
        ) STRICT, WITHOUT ROWID""")


def _contents(database: Database) -> None:
    database.execute("""
        CREATE TABLE contents (
            target TEXT NOT NULL, digest BLOB NOT NULL, bytes INTEGER NOT NULL,
            files INTEGER NOT NULL, first_seen_at TEXT NOT NULL, seen_at TEXT NOT NULL,
            verified_at TEXT,
            PRIMARY KEY (target, digest)
        ) STRICT, WITHOUT ROWID""")


LOG = Schema(
    name="ccir-log",
    application_id=0x43434C31,  # "CCL1"
    tables=frozenset(
        {
            "events",
            "runs",
            "documents",
            "notices",
            "ledger",
            "reaches",
            "paces",
            "asks",
            "acks",
            "rounds",
        }
    ),
    migrations=(_log_and_ledger, _reaches, _evidence_and_paces, acknowledgements),
)
PEOPLE = Schema(
    name="ccir-people",
    application_id=0x43435031,  # "CCP1"
    tables=frozenset(
        {
            "installation",
            "texts",
            "lists",
            "recipients",
            "queue",
            "blocks",
            "decisions",
            "suppressions",
            "mails_read",
            "data_keys",
        }
    ),
    migrations=(_texts_and_recipients, _queue_and_blocks, _suppressions_and_mails, _data_keys),
)
BACKUPS = Schema(
    name="ccir-backups",
    application_id=0x43434231,  # "CCB1"
    tables=frozenset({"targets", "snapshots", "keys", "contents"}),
    migrations=(_snapshots_and_keys, _contents),
)
