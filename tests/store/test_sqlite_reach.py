from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ccir.clock import FixedClock
from ccir.domain.ledger import Settlement
from ccir.domain.notices import Counts, Receipt
from ccir.store.sqlite_driver import Connection, connect, journal_mode
from ccir.store.sqlite_file import StoreFile
from ccir.store.sqlite_ledger import SqliteLedger
from ccir.store.sqlite_reach import BLOCK_ROWS
from ccir.store.sqlite_schema import LOG
from support.stores import NOTICE, STARTED_AT

ROWS = 3 * BLOCK_ROWS
ACCEPTED = Receipt(state="accepted", code=250)
TODAY, AFTER_A_CUT = "boot-1", "boot-2"
Statements = list[str]

pytestmark = pytest.mark.skipif(
    journal_mode() != "wal", reason="without a write-ahead log every claim waits for the disk"
)


def file_in(folder: Path, statements: Statements | None = None) -> StoreFile:
    def traced(path: Path) -> Connection:
        connection = connect(path)
        if statements is not None:
            connection.set_trace_callback(statements.append)
        return connection

    return StoreFile(folder / "ccir.db", LOG, journal="wal", connect=traced)


def ledger_in(
    folder: Path, *, boot: str = TODAY, statements: Statements | None = None
) -> SqliteLedger:
    file = file_in(folder, statements)
    file.create()
    clock = FixedClock(STARTED_AT)
    return SqliteLedger(file, locks=folder, clock=clock, boot=lambda: boot)


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    folder = tmp_path / "planned"
    folder.mkdir()
    ledger_in(folder).plan(NOTICE, ((row, f"key {row}") for row in range(1, ROWS + 1)))
    return folder


def settled(row: int) -> Settlement:
    return Settlement(row=row, receipt=ACCEPTED)


def waiting_commits(statements: Statements) -> int:
    """Return how many commits waited for the disk; the first one does unless it is told not to."""
    waits, count = True, 0
    for statement in statements:
        if statement.startswith("PRAGMA synchronous"):
            waits = statement.endswith("FULL")
        elif statement == "COMMIT":
            count += waits
    return count


def send(ledger: SqliteLedger, count: int, *, then: Callable[[int], None] | None = None) -> int:
    """Send to so many rows, with the next one claimed, and return which that is."""
    row = ledger.claim(NOTICE, "desk:1")
    for _ in range(count):
        assert row is not None
        if then is not None:
            then(row.row)
        row = ledger.settle_and_claim(NOTICE, settled(row.row), sender="desk:1")
    assert row is not None
    return row.row


def test_1_only_the_first_claim_of_a_block_waits_for_the_disk(planned: Path) -> None:
    statements: Statements = []
    ledger = ledger_in(planned, statements=statements)
    assert send(ledger, 2 * BLOCK_ROWS) == 2 * BLOCK_ROWS + 1
    assert waiting_commits(statements) == 3
    assert statements.count("COMMIT") == 2 * BLOCK_ROWS + 1 + 2, "two of them for a block each"


def test_2_a_killed_process_leaves_one_row_in_doubt(planned: Path) -> None:
    send(ledger_in(planned), 50)
    later = ledger_in(planned)
    assert later.abandon(NOTICE) == 1
    assert later.counts(NOTICE) == Counts(accepted=50, unknown=1, planned=ROWS - 51)


def test_4_after_a_power_cut_nobody_who_may_have_been_reached_is_planned(
    planned: Path, tmp_path: Path
) -> None:
    """What did not wait is taken away, as if the disk had never got it."""
    on_disk = tmp_path / "on-disk"
    reached: list[int] = []

    def before_it_leaves(row: int) -> None:
        reached.append(row)
        if row % BLOCK_ROWS == 1:
            shutil.copytree(planned, on_disk, dirs_exist_ok=True)

    next_row = send(ledger_in(planned), 150, then=before_it_leaves)
    later = ledger_in(on_disk, boot=AFTER_A_CUT)
    assert later.counts(NOTICE).accepted == BLOCK_ROWS
    assert later.abandon(NOTICE) == BLOCK_ROWS
    states = {row.row: row.state for row in later.rows(NOTICE)}
    assert {states[row] for row in (*reached, next_row)} == {"accepted", "unknown"}
    assert [row for row, state in states.items() if state == "planned"] == [
        *range(2 * BLOCK_ROWS + 1, ROWS + 1)
    ]


@pytest.mark.parametrize("end", ["settled", "released", "abandoned"])
def test_3_what_ended_in_good_order_leaves_no_doubt_at_the_next_start(
    planned: Path, end: str
) -> None:
    ledger = ledger_in(planned)
    row = send(ledger, 10)
    if end == "settled":
        ledger.settle(NOTICE, settled(row))
    elif end == "released":
        ledger.release(NOTICE, row)
    else:
        ledger.abandon(NOTICE)
    before = ledger.counts(NOTICE)
    later = ledger_in(planned, boot=AFTER_A_CUT)
    assert later.abandon(NOTICE) == 0
    assert later.counts(NOTICE) == before


def test_where_the_system_names_no_start_every_claim_waits(planned: Path) -> None:
    statements: Statements = []
    send(ledger_in(planned, boot="", statements=statements), 20)
    assert waiting_commits(statements) == statements.count("COMMIT") > 0


def test_rows_that_are_planned_later_come_into_reach_only_through_the_disk(planned: Path) -> None:
    statements: Statements = []
    ledger = ledger_in(planned, statements=statements)
    send(ledger, ROWS - 1)
    ledger.plan(NOTICE, [(ROWS + 1, "one more")])
    statements.clear()
    row = ledger.settle_and_claim(NOTICE, settled(ROWS), sender="desk:1")
    assert row is not None
    assert row.row == ROWS + 1
    assert [line for line in statements if line == "COMMIT" or line.startswith("PRAGMA")][-2:] == [
        "PRAGMA synchronous=FULL",
        "COMMIT",
    ]


def test_a_row_that_was_put_off_comes_into_reach_only_through_the_disk(tmp_path: Path) -> None:
    statements: Statements = []
    ledger_in(tmp_path).plan(NOTICE, ((row, f"key {row}") for row in range(1, ROWS + 1)))
    ledger = ledger_in(tmp_path, statements=statements)
    ledger.claim(NOTICE, "desk:1")
    connect(tmp_path / "ccir.db").execute(
        "UPDATE ledger SET not_before = '2026-03-01T07:00:00+00:00' WHERE row = ?", (ROWS,)
    )
    statements.clear()
    row = ledger.settle_and_claim(NOTICE, settled(1), sender="desk:1")
    assert row is not None
    assert (row.row, waiting_commits(statements)) == (ROWS, 1)
