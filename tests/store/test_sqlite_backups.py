from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from ccir.errors import StoreDamagedError
from ccir.store.backups_interface import SeenSnapshot, Sighting
from ccir.store.sqlite import MEMBER
from support.stores import STARTED_AT, opened

SEEN = SeenSnapshot(id="a" * 64, taken_at=STARTED_AT)
SIGHTING = Sighting(at=STARTED_AT, snapshots=(SEEN,))


def test_the_file_is_made_private_by_the_first_look(tmp_path: Path) -> None:
    stores = opened(MEMBER, tmp_path)
    path = tmp_path / ".ccir" / "backups.db"
    assert not path.exists()
    stores.backups.record("crm", SIGHTING)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_first_looks_at_once_make_one_file(tmp_path: Path) -> None:
    opened(MEMBER, tmp_path).close()
    names = [f"target-{number}" for number in range(4)]
    looks = [
        threading.Thread(
            target=lambda name=name: opened(MEMBER, tmp_path).backups.record(name, SIGHTING)
        )
        for name in names
    ]
    for each in looks:
        each.start()
    for each in looks:
        each.join()
    ledger = opened(MEMBER, tmp_path).backups
    assert [len(ledger.known(name).snapshots) for name in names] == [1, 1, 1, 1]


def test_a_file_that_is_not_ours_is_told_and_left_alone(tmp_path: Path) -> None:
    stores = opened(MEMBER, tmp_path)
    path = tmp_path / ".ccir" / "backups.db"
    path.write_text("somebody's shopping list\n" * 20, "utf-8")
    with pytest.raises(StoreDamagedError, match=r"backups\.db is no SQLite database"):
        stores.backups.known("crm")
    with pytest.raises(StoreDamagedError, match=r"backups\.db is no SQLite database"):
        stores.backups.record("crm", SIGHTING)
    assert path.read_text("utf-8").startswith("somebody's")


def test_closing_lets_go_of_the_file_and_the_next_use_opens_it_again(tmp_path: Path) -> None:
    stores = opened(MEMBER, tmp_path)
    stores.backups.record("crm", SIGHTING)
    stores.close()
    assert not (tmp_path / ".ccir" / "backups.db-wal").exists()
    assert len(stores.backups.known("crm").snapshots) == 1
