from __future__ import annotations

from pathlib import Path

import pytest

from ccir.clock import FixedClock
from ccir.entropy import SeededEntropy
from ccir.errors import StoreDamagedError
from ccir.store.sqlite import MEMBER
from ccir.store.sqlite_driver import connect
from ccir.store.sqlite_header import check_file
from ccir.store.sqlite_schema import LOG, PEOPLE
from support.stores import STARTED_AT


@pytest.fixture
def state(tmp_path: Path) -> Path:
    MEMBER.create(tmp_path, clock=FixedClock(STARTED_AT), entropy=SeededEntropy(1)).close()
    return tmp_path


def test_the_header_tells_what_sqlite_tells(state: Path) -> None:
    for name, schema, is_wal in (("ccir.db", LOG, True), ("people.db", PEOPLE, False)):
        header = check_file(state / name, schema)
        connection = connect(state / name)
        told = [
            connection.execute(f"PRAGMA {pragma}").fetchone()[0]
            for pragma in ("page_size", "page_count", "user_version", "application_id")
        ]
        connection.close()
        assert header.is_wal is is_wal
        assert told == [
            header.page_bytes,
            header.pages,
            header.user_version,
            header.application_id,
        ]


def test_the_largest_page_is_written_as_one(tmp_path: Path) -> None:
    path = tmp_path / "large.db"
    path.touch()
    connection = connect(path)
    connection.execute("PRAGMA page_size=65536")
    connection.execute(f"PRAGMA application_id={LOG.application_id}")
    connection.execute("CREATE TABLE one (two)")
    connection.close()
    assert check_file(path, LOG).page_bytes == 65_536
    octets = path.read_bytes()
    path.write_bytes(octets[:-1])
    with pytest.raises(StoreDamagedError, match="is cut short"):
        check_file(path, LOG)


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_short_file_beside_the_journal_that_completes_it_is_sqlites_to_repair(
    state: Path, ending: str
) -> None:
    path = state / "ccir.db"
    octets = path.read_bytes()
    path.write_bytes(octets[:-4_096])
    beside = path.with_name(path.name + ending)
    beside.write_bytes(b"")
    with pytest.raises(StoreDamagedError, match="is cut short"):
        check_file(path, LOG)
    beside.write_bytes(b"something")
    assert check_file(path, LOG).pages * 4_096 == len(octets)
