from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ccir.clock import FixedClock
from ccir.entropy import SeededEntropy
from ccir.errors import (
    NotFoundError,
    RefusedError,
    StoreDamagedError,
    UnavailableError,
)
from ccir.store.interface import StoreFactory, Stores
from ccir.store.sqlite import MEMBER, SqliteFactory
from support.stores import NOTICE, STARTED_AT, append_facts, begin, opened, recipients

RUN = "INC-2026-0001"
FILES = ("ccir.db", "people.db")


@pytest.fixture
def member() -> StoreFactory:
    return SqliteFactory()


def filled(folder: Path) -> Path:
    """A state folder with something in both files, and nobody who has them open."""
    stores = opened(MEMBER, folder)
    run = begin(stores.events)
    append_facts(stores.events, run, 3)
    stores.people.seal(run, "a text")
    stores.people.add_list(run, "list", recipients(2))
    stores.close()
    return folder / ".ccir"


def only_open(state: Path) -> Stores:
    return MEMBER.open(state, clock=FixedClock(STARTED_AT), entropy=SeededEntropy(3))


def contents(state: Path) -> dict[str, bytes]:
    return {
        path.relative_to(state).as_posix(): path.read_bytes()
        for path in sorted(state.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


# ------------------------------------------------------------------------------------ file modes


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=["open", "usual", "closed"])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_nobody_but_the_owner_may_look_into_the_state(tmp_path: Path) -> None:
    stores = opened(MEMBER, tmp_path)
    run = begin(stores.events)
    stores.people.seal(run, "a text")
    with stores.ledger.sender(NOTICE):
        paths = [tmp_path / ".ccir", *(tmp_path / ".ccir").rglob("*")]
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in paths}
    assert {modes.pop(folder) for folder in (".ccir", "keys", "locks")} == {0o700}
    assert {*modes} >= {"ccir.db", "ccir.db-wal", "ccir.db-shm", "people.db", "installation.key"}
    assert {*modes.values()} == {0o600}


def test_a_folder_that_others_may_look_into_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / ".ccir").mkdir(mode=0o755)
    opened(MEMBER, tmp_path)
    assert stat.S_IMODE((tmp_path / ".ccir").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["with space", "what?mode=memory", "50%41 #1", "für"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    state = filled(tmp_path / name)
    assert {*FILES} < {path.name for path in state.iterdir()}
    assert len(only_open(state).events.read(RUN)) == 4


# ---------------------------------------------------------------------- files that are not touched


def _foreign(state: Path, name: str) -> None:
    (state / name).unlink()
    connection = sqlite3.connect(state / name)
    connection.execute("CREATE TABLE events (run, seq, key, line)")
    connection.close()


def _newer(state: Path, name: str) -> None:
    connection = sqlite3.connect(state / name)
    connection.execute("PRAGMA user_version=99")
    connection.close()


def _truncated(state: Path, name: str) -> None:
    octets = (state / name).read_bytes()
    (state / name).write_bytes(octets[: len(octets) // 2])


def _text(state: Path, name: str) -> None:
    (state / name).write_text("not a database, but somebody's shopping list\n" * 9, "utf-8")


def _empty(state: Path, name: str) -> None:
    (state / name).write_bytes(b"")


def _headless(state: Path, name: str) -> None:
    octets = (state / name).read_bytes()
    (state / name).write_bytes(octets[:60])


def _swapped(state: Path, name: str) -> None:
    other = next(file for file in FILES if file != name)
    (state / name).write_bytes((state / other).read_bytes())


def _lacking_a_table(state: Path, name: str) -> None:
    connection = sqlite3.connect(state / name)
    connection.execute(f"DROP TABLE {'documents' if name == 'ccir.db' else 'texts'}")
    connection.close()


SPOILT: list[tuple[Callable[[Path, str], None], str]] = [
    (_foreign, "belongs to another program"),
    (_newer, r"has format 99; this ccir knows up to \d"),
    (_truncated, "is cut short"),
    (_text, "is no SQLite database"),
    (_empty, "is no SQLite database"),
    (_headless, "is no SQLite database"),
    (_swapped, "belongs to another program"),
    (_lacking_a_table, "lacks the tables"),
]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("spoilt", SPOILT, ids=[spoil.__name__[1:] for spoil, _ in SPOILT])
def test_a_file_that_is_not_ours_or_not_whole_is_refused_and_left_as_it_is(
    tmp_path: Path, name: str, spoilt: tuple[Callable[[Path, str], None], str]
) -> None:
    state = filled(tmp_path)
    spoil, words = spoilt
    spoil(state, name)
    before = contents(state)
    for ask in _uses(only_open(state), name):
        with pytest.raises(StoreDamagedError, match=words) as caught:
            ask()
        assert str(state / name) in caught.value.message
    with suppress(StoreDamagedError):
        opened(MEMBER, tmp_path)
    assert contents(state) == before


def _uses(stores: Stores, name: str) -> list[Callable[[], object]]:
    if name == "people.db":
        return [
            lambda: stores.people.seal(RUN, "more"),
            lambda: stores.people.recipients("list"),
            lambda: stores.people.erase("0" * 32),
        ]
    return [
        lambda: begin(stores.events, key="more", another=True),
        lambda: stores.events.read(RUN),
        stores.events.runs,
        lambda: stores.ledger.claim(NOTICE, "sender"),
    ]


def test_a_damaged_file_is_a_break_for_verify(tmp_path: Path) -> None:
    state = filled(tmp_path)
    _truncated(state, "ccir.db")
    (found,) = only_open(state).events.verify()
    assert (found.kind, found.seq) == ("file", None)
    assert "is cut short" in found.detail


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_told_and_not_made_by_opening(tmp_path: Path, name: str) -> None:
    state = filled(tmp_path)
    (state / name).unlink()
    for ask in _uses(only_open(state), name):
        with pytest.raises(NotFoundError, match=f"there is no .*{name}"):
            ask()
    assert not (state / name).exists()


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    state = filled(tmp_path)
    (state / "ccir.db").unlink()
    (state / "ccir.db").mkdir()
    with pytest.raises(UnavailableError, match="cannot be read: Is a directory"):
        only_open(state).events.runs()


def test_opening_reads_nothing_before_the_first_use(tmp_path: Path) -> None:
    stores = only_open(tmp_path / "nowhere")
    stores.close()
    assert not (tmp_path / "nowhere").exists()


# --------------------------------------------------------------------------- creating and the key


def test_creating_makes_only_what_is_missing(tmp_path: Path) -> None:
    state = filled(tmp_path)
    before = contents(state)
    (state / "ccir.db").unlink()
    opened(MEMBER, tmp_path, seed=9).close()
    after = contents(state)
    assert after.pop("ccir.db") != before.pop("ccir.db")
    assert after == before


def test_what_a_killed_init_left_behind_is_in_nobodys_way(tmp_path: Path) -> None:
    state = tmp_path / ".ccir"
    (state / "keys").mkdir(parents=True)
    for left in (
        "ccir.db.new",
        "ccir.db.new-journal",
        "people.db.new",
        "keys/installation.key.new",
    ):
        (state / left).write_bytes(b"half")
    begin(opened(MEMBER, tmp_path).events)
    assert [path.name for path in state.rglob("*.new*")] == []


def test_a_lost_key_is_not_replaced_by_a_new_one(tmp_path: Path) -> None:
    state = filled(tmp_path)
    (state / "keys" / "installation.key").unlink()
    before = contents(state)
    with pytest.raises(UnavailableError, match=r"its key .*installation.key is missing"):
        opened(MEMBER, tmp_path)
    with pytest.raises(UnavailableError, match="is missing"):
        only_open(state).people.seal(RUN, "text")
    assert contents(state) == before


def test_the_log_is_read_and_written_without_the_key(tmp_path: Path) -> None:
    state = filled(tmp_path)
    (state / "keys" / "installation.key").unlink()
    (state / "people.db").unlink()
    stores = only_open(state)
    assert append_facts(stores.events, RUN, 1)[0].seq == 5


def test_another_installations_key_is_refused_before_anything_is_sealed(tmp_path: Path) -> None:
    state = filled(tmp_path)
    other = opened(SqliteFactory(), tmp_path / "other", seed=2)
    other.close()
    key = state / "keys" / "installation.key"
    key.write_bytes((tmp_path / "other" / ".ccir" / "keys" / "installation.key").read_bytes())
    before = contents(state)
    people = only_open(state).people
    for ask in (
        lambda: people.seal(RUN, "more"),
        lambda: people.recipients("list"),
        lambda: people.add_list(RUN, "new", recipients(1)),
        lambda: people.key_of("a@b.example"),
    ):
        with pytest.raises(UnavailableError, match=r"is not the one .*people.db was made with"):
            ask()
    assert contents(state) == before


def test_a_key_open_to_others_is_refused(tmp_path: Path) -> None:
    state = filled(tmp_path)
    (state / "keys" / "installation.key").chmod(0o640)
    with pytest.raises(RefusedError, match=r"open to others \(mode 0640\)"):
        only_open(state).people.key_of("a@b.example")


def test_two_who_create_at_once_make_one_store(tmp_path: Path) -> None:
    made: list[Stores] = []
    threads = [
        threading.Thread(target=lambda seed=seed: made.append(opened(MEMBER, tmp_path, seed=seed)))
        for seed in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=5)
    assert len(made) == 4
    keys = {only_open(tmp_path / ".ccir").people.key_of("a@b.example") for _ in made}
    assert len(keys) == 1


def test_the_library_in_use_keeps_a_write_ahead_log_safely() -> None:
    library = MEMBER.library()
    assert (library.name, library.journal, library.advice) == ("pysqlite3", "wal", "")
