from __future__ import annotations

from pathlib import Path

from ccir.store.sqlite import MEMBER
from ccir.store.sqlite_ack_rows import ROWS_AT_ONCE
from support.stores import NOTICE, STARTED_AT, opened


def test_a_list_longer_than_a_page_is_read_to_its_end(tmp_path: Path) -> None:
    stores = opened(MEMBER, tmp_path)
    count = ROWS_AT_ONCE + 1
    stores.ledger.plan(NOTICE, ((row, f"key {row}") for row in range(count)))
    stores.acks.ask(NOTICE, expires_at=STARTED_AT)
    assert sum(1 for _ in stores.acks.all(NOTICE)) == count


def test_the_tables_are_added_to_a_workspace_of_before(tmp_path: Path) -> None:
    stores = opened(MEMBER, tmp_path)
    assert stores.acks.take_unrecorded() == []
    stores.close()
    reopened = opened(MEMBER, tmp_path)
    assert reopened.acks.round_of(NOTICE) == NOTICE.version
