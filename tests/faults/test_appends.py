"""Whatever stops an append, what was acknowledged is there and nothing is there by half."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ccir.clock import FixedClock
from ccir.domain.events import Sealed
from ccir.domain.record import first_break
from ccir.entropy import SeededEntropy
from ccir.errors import StoreDamagedError, UnavailableError
from ccir.store.interface import EventStore, Stores
from ccir.store.people_interface import People
from ccir.store.sqlite import MEMBER, SqliteFactory
from ccir.store.sqlite_driver import Connect, Connection, SqliteError, connect
from support.stores import (
    STARTED_AT,
    append_facts,
    begin,
    closing,
    fact,
    opened,
    python,
    recipients,
)

RUN = "INC-2026-0001"
DEADLINE_SECONDS = 20  # starting Python on a busy machine takes a while
PROCESSES = 6
COMMANDS_EACH = 15
SEED = 20_260_301
SHARED_MEMORY_BYTES = 32_768  # what SQLite needs to open a write-ahead log at all


# ------------------------------------------------------------------------------- many at once


def test_six_processes_appending_at_once_make_one_chain_with_nothing_lost(tmp_path: Path) -> None:
    events = opened(MEMBER, tmp_path).events
    begin(events)
    told = _together(
        "append_eagerly(sys.argv[1], sys.argv[2], sys.argv[3], count=int(sys.argv[4]))",
        [[str(tmp_path), RUN, f"process {who}", str(COMMANDS_EACH)] for who in range(PROCESSES)],
    )
    acknowledged = sorted(int(seq) for lines in told for seq in lines)
    assert acknowledged == [*range(3, 3 + 2 * PROCESSES * COMMANDS_EACH, 2)]
    recorded = events.read(RUN, after=1)
    assert len(recorded) == 2 * PROCESSES * COMMANDS_EACH
    for who in range(PROCESSES):
        own = [entry.key for entry in recorded if entry.key.startswith(f"process {who} ")]
        assert own == [f"process {who} {n}" for n in range(COMMANDS_EACH) for _ in range(2)]
    assert [first.key for first in recorded[::2]] == [second.key for second in recorded[1::2]]
    assert first_break(events.lines(RUN)) is None
    assert events.verify() == []


def test_six_processes_that_begin_runs_at_once_get_an_id_each(tmp_path: Path) -> None:
    events = opened(MEMBER, tmp_path).events
    told = _together(
        "begin_eagerly(sys.argv[1], sys.argv[2], count=int(sys.argv[3]))",
        [[str(tmp_path), f"process {who}", "5"] for who in range(PROCESSES)],
    )
    begun = sorted(run for lines in told for run in lines)
    assert begun == [f"INC-2026-{number:04d}" for number in range(1, 5 * PROCESSES + 1)]
    assert [row.id for row in events.runs()] == begun
    assert events.verify() == []


def _together(statement: str, arguments: list[list[str]]) -> list[list[str]]:
    processes = [python(statement, *each) for each in arguments]
    try:
        ended = [process.communicate(timeout=DEADLINE_SECONDS) for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert [errors for _, errors in ended] == [""] * len(processes)
    return [output.split() for output, _ in ended]


# ------------------------------------------------------------------------------------ kill -9


def test_a_process_killed_at_any_moment_loses_no_acknowledged_event(
    tmp_path: Path, *, soak: bool
) -> None:
    chance = _chance()
    for number in range(100 if soak else 4):
        folder = tmp_path / str(number)
        stores = opened(MEMBER, folder)
        begin(stores.events)
        stores.close()
        for _ in range(2):  # the second time it goes on from what the first one left
            process = python("append_for_ever(sys.argv[1], sys.argv[2])", str(folder), RUN)
            acknowledged = _killed_after(process, chance.randrange(1, 60), chance.random() / 500)
            seqs = [entry.seq for entry in stores.events.read(RUN)]
            assert seqs == [*range(1, len(seqs) + 1)]
            assert 0 <= len(seqs) - acknowledged[-1] <= 2, "at most one command that was not told"
            _assert_whole(stores.events)
            stores.close()


def test_a_process_killed_while_it_makes_stores_leaves_none_half_made(
    tmp_path: Path, *, soak: bool
) -> None:
    chance = _chance()
    for number in range(100 if soak else 3):
        folder = tmp_path / str(number)
        process = python("create_for_ever(sys.argv[1])", str(folder))
        made = _killed_after(process, chance.randrange(1, 4), chance.random() / 50)
        for each in (made[-1], made[-1] + 1):  # the last that was told, and the interrupted one
            stores = opened(MEMBER, folder / str(each))
            assert begin(stores.events) == RUN
            sealed = stores.people.seal(RUN, "a text")
            assert stores.people.unseal(sealed) == "a text"
            assert stores.events.verify() == []
            stores.close()


def _killed_after(process: subprocess.Popen[str], lines: int, seconds: float) -> list[int]:
    """Kill the process a moment after it said that many lines; return all numbers it said."""
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        told = [process.stdout.readline() for _ in range(lines)]
        with _expected_timeout():
            process.wait(timeout=seconds)
    finally:
        process.kill()
    # Not `communicate`: it passes over lines that `readline` has taken from the pipe already.
    with process:
        output, errors = process.stdout.read(), process.stderr.read()
    assert process.returncode == -signal.SIGKILL, errors
    whole = "".join(told) + output
    return [int(line) for line in whole[: whole.rindex("\n")].split()]


@contextmanager
def _expected_timeout() -> Iterator[None]:
    with pytest.raises(subprocess.TimeoutExpired):
        yield


# ----------------------------------------------------------------------- the n-th of anything fails


def test_an_append_that_fails_at_any_of_its_events_records_none(tmp_path: Path) -> None:
    """The n-th INSERT of a command fails, for every n."""
    failing: list[int] = []

    def connect_and_fail(path: Path) -> Connection:
        connection = connect(path)
        for seq in failing:
            connection.execute(
                f"CREATE TEMP TRIGGER no_more BEFORE INSERT ON events WHEN NEW.seq = {seq}"
                " BEGIN SELECT RAISE(ABORT, 'the test refused'); END"
            )
        return connection

    stores = _stores(tmp_path, connect_and_fail)
    begin(stores.events)
    append_facts(stores.events, RUN, 2)
    before = stores.events.lines(RUN)
    command = [fact(1), fact(2), fact(3), closing()]
    for nth in range(1, len(command) + 1):
        failing[:] = [3 + nth]
        stores.close()
        with pytest.raises(StoreDamagedError, match="the test refused"):
            stores.events.append(RUN, command, expected=3, key="all or none")
        assert stores.events.lines(RUN) == before
        assert stores.events.runs()[0].open
        _assert_whole(stores.events)
    failing.clear()
    stores.close()
    recorded = stores.events.append(RUN, command, expected=3, key="all or none")
    assert [entry.seq for entry in recorded] == [4, 5, 6, 7]


def test_an_append_interrupted_at_any_step_of_sqlite_records_all_or_nothing(
    tmp_path: Path, *, soak: bool
) -> None:
    """SQLite stops at its n-th instruction and every later one, for n = 1, 2, …"""
    steps = _Steps()

    def connect_and_count(path: Path) -> Connection:
        connection = connect(path)
        connection.set_progress_handler(steps.is_over, 1)
        return connection

    events = _stores(tmp_path, connect_and_count).events
    begin(events)
    for left in range(1, 5_000, 1 if soak else 5):
        steps.left = left
        with suppress(SqliteError):
            events.append(RUN, [fact(1), fact(2)], expected=1, key="the only one")
        steps.left = None
        recorded = len(events.read(RUN, after=1))
        assert recorded in {0, 2}
        _assert_whole(events)
        if recorded:  # what was stopped after its last instruction is recorded, but not told
            break
    assert left > 100, "it was stopped on its way"
    assert events.append(RUN, [fact(1), fact(2)], expected=1, key="the only one")[-1].seq == 3
    assert len(events.read(RUN)) == 3


class _Steps:
    """How many instructions SQLite may still take; None for as many as it likes."""

    left: int | None = None

    def is_over(self) -> int:
        if self.left is None:
            return 0
        self.left -= 1
        return self.left <= 0


def test_on_a_disk_with_room_for_ever_fewer_pages_what_was_acknowledged_is_there(
    tmp_path: Path,
) -> None:
    """The file may grow by n pages and no more, for n = 0, 1, 2, …"""
    for room in range(6):
        limits: list[int] = []

        def connect_with_limit(path: Path, limits: list[int] = limits) -> Connection:
            connection = connect(path)
            for pages in limits:
                connection.execute(f"PRAGMA max_page_count={pages}")
            return connection

        stores = _stores(tmp_path / str(room), connect_with_limit)
        begin(stores.events)
        stores.close()
        state = tmp_path / str(room) / ".ccir" / "ccir.db"
        limits.append(state.stat().st_size // 4_096 + room)
        acknowledged = _appended_until_full(stores.events)
        assert len(stores.events.read(RUN)) == acknowledged
        _assert_whole(stores.events)
        limits.clear()
        stores.close()
        append_facts(stores.events, RUN, 3)
        assert len(stores.events.read(RUN)) == acknowledged + 3
        _assert_whole(stores.events)


def test_a_log_whose_writes_the_system_cuts_at_any_byte_keeps_what_was_acknowledged(
    tmp_path: Path, *, soak: bool
) -> None:
    """No file may grow past so many bytes: a real `write` fails, somewhere in a page."""
    stores = opened(MEMBER, tmp_path)
    begin(stores.events)
    chance = _chance()
    for _ in range(300 if soak else 25):
        stores.close()
        with _files_no_longer_than(SHARED_MEMORY_BYTES + chance.randrange(60_000)):
            acknowledged = _appended_until_full(stores.events)
        assert len(stores.events.read(RUN)) == acknowledged
        _assert_whole(stores.events)
    assert append_facts(stores.events, RUN, 1)


def test_people_whose_writes_the_system_cuts_at_any_byte_stay_whole(
    tmp_path: Path, *, soak: bool
) -> None:
    """As above; here the file itself or its rollback journal is cut."""
    people = opened(MEMBER, tmp_path).people
    path = tmp_path / ".ccir" / "people.db"
    people.add_list(RUN, "list", recipients(2))
    kept = [people.seal(RUN, "kept")]
    chance = _chance()
    for _ in range(300 if soak else 25):
        with _files_no_longer_than(chance.randrange(path.stat().st_size + 60_000)):
            kept += _sealed_until_full(people)
        assert people.damaged(kept) == []
        assert [one.row for one in people.recipients("list")] == [1, 2]
    assert len(kept) > 25, "some were acknowledged"


def _stores(folder: Path, connect: Connect) -> Stores:
    clock, entropy = FixedClock(STARTED_AT), SeededEntropy(1)
    return SqliteFactory(connect=connect).create(folder / ".ccir", clock=clock, entropy=entropy)


def _appended_until_full(events: EventStore) -> int:
    """Append big commands until the disk is full; return how many events were acknowledged."""
    seq = events.read(RUN)[-1].seq
    for _ in range(200):
        big = [fact(f"{seq} {'x' * 900}"), fact("y" * 700)]
        try:
            seq = events.append(RUN, big, expected=seq, key=f"big {seq}")[-1].seq
        except UnavailableError:
            return seq
    pytest.fail("the disk was never full")


def _sealed_until_full(people: People) -> list[Sealed]:
    """Seal texts until the disk is full; return those that were acknowledged."""
    sealed: list[Sealed] = []
    for number in range(200):
        try:
            sealed.append(people.seal(RUN, f"{number}" * 999))
        except UnavailableError:
            return sealed
    pytest.fail("the disk was never full")


def _chance() -> random.Random:
    return random.Random(SEED)  # noqa: S311 - repeatable moments, not keys


@contextmanager
def _files_no_longer_than(limit_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _assert_whole(events: EventStore) -> None:
    """The chain holds, verify agrees, and no command is recorded by half."""
    assert first_break(events.lines(RUN)) is None
    assert events.verify() == []
    for key, count in Counter(entry.key for entry in events.read(RUN)).items():
        if key.startswith(("command", "big")):
            assert count == _events_of(key), key


def _events_of(key: str) -> int:
    word, number = key.split()
    return 2 if word == "big" else 1 + int(number) % 3 % 2
