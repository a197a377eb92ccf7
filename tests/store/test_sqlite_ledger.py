from __future__ import annotations

from pathlib import Path

import pytest

from ccir.domain.notices import Counts
from ccir.errors import ConflictError
from ccir.store.interface import Stores
from ccir.store.sqlite import MEMBER
from support.stores import NOTICE, opened, python

DEADLINE_SECONDS = 20
ROWS = 200


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    stores = opened(MEMBER, tmp_path)
    stores.ledger.plan(NOTICE, ((row, f"key {row}") for row in range(1, ROWS + 1)))
    return stores


def test_a_second_process_that_would_send_is_refused_until_the_first_is_killed(
    tmp_path: Path, stores: Stores
) -> None:
    holder = python("hold_sender(sys.argv[1])", str(tmp_path))
    try:
        assert holder.stdout is not None
        assert "row=1" in holder.stdout.readline()
        with pytest.raises(ConflictError, match="sent by another process") as caught:
            stores.ledger.sender(NOTICE).__enter__()
        assert caught.value.exit_status == 4
    finally:
        holder.kill()
        holder.communicate(timeout=DEADLINE_SECONDS)
    with stores.ledger.sender(NOTICE):
        assert stores.ledger.abandon(NOTICE) == 1
    assert stores.ledger.counts(NOTICE) == Counts(unknown=1, planned=ROWS - 1)


def test_two_processes_that_claim_at_once_never_get_the_same_row(
    tmp_path: Path, stores: Stores
) -> None:
    both = [python("claim_all(sys.argv[1], sys.argv[2])", str(tmp_path), who) for who in "ab"]
    try:
        ended = [process.communicate(timeout=DEADLINE_SECONDS) for process in both]
    finally:
        for process in both:
            process.kill()
    assert [errors for _, errors in ended] == ["", ""]
    claimed = [int(row) for output, _ in ended for row in output.split()]
    assert sorted(claimed) == [*range(1, ROWS + 1)]
    assert stores.ledger.counts(NOTICE) == Counts(accepted=ROWS)
    assert {row.attempts for row in stores.ledger.rows(NOTICE)} == {1}


def test_a_claim_is_on_the_disk_before_it_is_told(tmp_path: Path, stores: Stores) -> None:
    claimed = stores.ledger.claim(NOTICE, "sender")
    assert claimed is not None
    other = opened(MEMBER, tmp_path).ledger
    assert next(other.rows(NOTICE)) == claimed
