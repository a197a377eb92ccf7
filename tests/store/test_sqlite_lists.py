from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ccir.domain.notices import Recipient
from ccir.errors import StoreDamagedError
from ccir.store.people_interface import PlaceCount
from ccir.store.sqlite import MEMBER
from support.stores import opened, recipients

RUN = "INC-2026-0001"


def test_a_list_of_an_older_ccir_is_counted_by_its_columns(tmp_path: Path) -> None:
    stores = opened(MEMBER, tmp_path)
    columns = {"country": "us", "us_state": "CA"}
    old = Recipient(row=1, address="a@x.example", name="", language="en", columns=columns)
    stores.people.add_list(RUN, "list", [old])
    stores.close()
    with closing(sqlite3.connect(tmp_path / ".ccir" / "people.db")) as database, database:
        database.execute("UPDATE lists SET counts = ''")
    summary = stores.people.list_summary("list")
    assert summary.places == (PlaceCount(country="US", subdivision="US-CA", count=1),)
    assert (summary.queued, summary.channels) == ({}, {"": 1})


def test_a_row_that_was_moved_into_the_queue_is_damage(tmp_path: Path) -> None:
    stores = opened(MEMBER, tmp_path)
    stores.people.add_list(RUN, "list", recipients(2))
    stores.close()
    with closing(sqlite3.connect(tmp_path / ".ccir" / "people.db")) as database, database:
        database.execute("INSERT INTO queue SELECT * FROM recipients WHERE row = 2")
    with pytest.raises(StoreDamagedError, match=r"list\|queue\|2 was changed"):
        list(stores.people.queue("list"))
