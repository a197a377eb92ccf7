from __future__ import annotations

from pathlib import Path

import pytest

from ccir.clock import FixedClock
from ccir.domain.record import digest
from ccir.entropy import SeededEntropy
from ccir.errors import ConflictError, StoreDamagedError
from ccir.store.interface import EventStore
from ccir.store.sqlite import MEMBER, SqliteFactory
from ccir.store.sqlite_driver import Connection, connect
from support.stores import PLAYBOOK, STARTED_AT, append_facts, begin, closing, fact, opened

RUN = "INC-2026-0001"


@pytest.fixture
def events(tmp_path: Path) -> EventStore:
    events = opened(MEMBER, tmp_path).events
    append_facts(events, begin(events), 2)
    return events


def statement(folder: Path, text: str, *values: object) -> None:
    connection = connect(folder / ".ccir" / "ccir.db")
    connection.execute(text, values)
    connection.close()


def watched(folder: Path, seen: list[str]) -> EventStore:
    """The event log of a folder, whose every statement is written down."""

    def connect_and_watch(path: Path) -> Connection:
        connection = connect(path)
        connection.set_trace_callback(seen.append)
        return connection

    factory = SqliteFactory(connect=connect_and_watch)
    state = folder / ".ccir"
    return factory.open(state, clock=FixedClock(STARTED_AT), entropy=SeededEntropy(2)).events


def test_an_append_is_one_transaction_that_begins_by_taking_the_write_lock(
    tmp_path: Path, events: EventStore
) -> None:
    seen: list[str] = []
    log = watched(tmp_path, seen)
    log.runs()
    seen.clear()
    log.append(RUN, [fact(1), fact(2), closing()], expected=3, key="k")
    assert [seen[0], seen[-1]] == ["BEGIN IMMEDIATE", "COMMIT"]
    assert sum(text.startswith(("BEGIN", "COMMIT", "SAVEPOINT")) for text in seen) == 2
    assert sum(text.startswith("INSERT INTO events") for text in seen) == 3
    assert events.runs()[0].seq == 6


@pytest.mark.usefixtures("events")
def test_reading_takes_no_lock_that_stops_a_writer(tmp_path: Path) -> None:
    seen: list[str] = []
    log = watched(tmp_path, seen)
    log.read(RUN)
    log.verify()
    assert "BEGIN IMMEDIATE" not in seen


def test_what_is_stored_is_the_line_itself(tmp_path: Path, events: EventStore) -> None:
    connection = connect(tmp_path / ".ccir" / "ccir.db")
    stored = connection.execute("SELECT seq, key, line FROM events ORDER BY seq").fetchall()
    connection.close()
    assert stored == [
        (number, entry.key, line)
        for number, (entry, line) in enumerate(
            zip(events.read(RUN), events.lines(RUN), strict=True), start=1
        )
    ]


def test_a_writer_waits_for_another_and_then_says_so(tmp_path: Path, events: EventStore) -> None:
    def impatient(path: Path) -> Connection:
        connection = connect(path)
        connection.execute("PRAGMA busy_timeout=20")
        return connection

    state = tmp_path / ".ccir"
    blocked = SqliteFactory(connect=impatient).open(
        state, clock=FixedClock(STARTED_AT), entropy=SeededEntropy(2)
    )
    other = connect(state / "ccir.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ConflictError, match="locked by another process") as caught:
        blocked.events.append(RUN, [fact(1)], expected=3, key="k")
    assert caught.value.exit_status == 4
    assert len(blocked.events.read(RUN)) == 3, "readers go on meanwhile"
    other.execute("ROLLBACK")
    assert blocked.events.append(RUN, [fact(1)], expected=3, key="k")[0].seq == 4
    assert events.verify() == []


def test_a_document_that_was_changed_is_not_given(tmp_path: Path, events: EventStore) -> None:
    statement(tmp_path, "UPDATE documents SET content = ?", PLAYBOOK + b" ")
    with pytest.raises(StoreDamagedError, match="has the SHA-256"):
        events.pinned(digest(PLAYBOOK))


def test_a_line_that_was_changed_into_no_line_is_told_in_words(
    tmp_path: Path, events: EventStore
) -> None:
    statement(tmp_path, "UPDATE events SET line = ? WHERE seq = 2", b"{}")
    with pytest.raises(StoreDamagedError, match="cannot be read"):
        events.read(RUN)
    assert events.lines(RUN)[1] == b"{}"


def test_the_ten_thousandth_run_of_a_year_gets_the_next_number(
    tmp_path: Path, events: EventStore
) -> None:
    statement(tmp_path, "UPDATE runs SET id = 'INC-2026-9999'")
    assert begin(events, key="a", another=True) == "INC-2026-10000"
    assert begin(events, key="b", another=True) == "INC-2026-10001"


@pytest.mark.parametrize("change", ["kind = 'party'", "started_at = 'yesterday'", "open = 7"])
def test_a_list_of_runs_that_makes_no_sense_is_damage(
    tmp_path: Path, events: EventStore, change: str
) -> None:
    statement(tmp_path, f"UPDATE runs SET {change}")  # noqa: S608 - written above
    with pytest.raises(StoreDamagedError, match=f"table of runs is damaged at '{RUN}'"):
        events.runs()


def test_events_without_their_run_are_never_written_over(
    tmp_path: Path, events: EventStore
) -> None:
    begin(events)
    statement(tmp_path, "DELETE FROM runs")
    with pytest.raises(StoreDamagedError, match="contradicts itself"):
        begin(events, key="another")
