from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

from ccir.domain.suppressions import Suppression
from ccir.store.sqlite import SqliteFactory
from support.stores import opened

AT = dt.datetime(2026, 1, 2, 8, 0, tzinfo=dt.UTC)
ADDRESS = "grace.hopper@customers.example"


def test_the_file_holds_no_address(tmp_path: Path) -> None:
    people = opened(SqliteFactory(), tmp_path).people
    listed = Suppression(key=people.key_of(ADDRESS), reason="complaint", at=AT, run="INC-2026-0001")
    people.suppress([listed])
    people.remember_mails([people.bounce_mark(ADDRESS.encode())])
    with closing(sqlite3.connect(tmp_path / ".ccir" / "people.db")) as connection:
        rows = [
            *connection.execute("SELECT * FROM suppressions"),
            *connection.execute("SELECT * FROM mails_read"),
        ]
    assert len(rows) == 2
    assert "customers.example" not in repr(rows)
    assert "grace" not in repr(rows)
