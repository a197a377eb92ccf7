from __future__ import annotations

import msgspec

from ccir.delivery.message_ids import message_id
from ccir.domain.notices import Counts
from ccir.engine.notice_bounce_rows import Subjects, notices, rows_by_id
from ccir.engine.workspace import Workspace
from support import bounces
from support.returned_notice import KEY, ROWS, address, counts, key_of, own_id, read, version


def test_without_a_tag_the_message_id_says_whom_it_is_about(accepted: Workspace) -> None:
    found = read(
        accepted,
        bounces.postfix("bounces@example.org", message_id=own_id(accepted, 1)),
        bounces.exim("bounces@example.org", message_id=own_id(accepted, ROWS)),
        bounces.gmail("bounces@example.org"),
    )
    assert counts(accepted) == Counts(accepted=2, bounced=2), "also of a row in doubt"
    assert found.mails["foreign"] == 1
    assert found.versions == (version(bounced=2),)


def test_a_tag_of_a_row_or_notice_that_is_gone_is_nobodys(accepted: Workspace) -> None:
    found = read(
        accepted,
        bounces.postfix(address(accepted, 99)),
        bounces.postfix(address(accepted, 1, number=99)),
    )
    assert found.mails["foreign"] == 2
    assert found.versions == ()


def test_who_stands_in_a_row_is_found_only_where_all_of_it_is_there(accepted: Workspace) -> None:
    subjects = Subjects(accepted)
    found = subjects.find(KEY, 1)
    assert found is not None
    assert (found.address, found.key, found.state) == (
        "person0@example.net",
        key_of(accepted, 1),
        "accepted",
    )
    assert subjects.find(KEY, 99) is None
    for gone in (
        msgspec.structs.replace(KEY, run="INC-2026-0099"),
        msgspec.structs.replace(KEY, notice="staff"),
        msgspec.structs.replace(KEY, version=2),
        msgspec.structs.replace(KEY, channel="post"),
    ):
        assert subjects.find(gone, 1) is None, "also where the list is there and the ledger is not"


def test_a_planned_row_has_no_message_that_could_come_back(accepted: Workspace) -> None:
    later = msgspec.structs.replace(KEY, version=2)
    accepted.stores.ledger.plan(later, [(1, key_of(accepted, 1))])
    own = message_id(later, key_of(accepted, 1), domain="example.org")
    assert rows_by_id(accepted, [own]) == {}
    assert rows_by_id(accepted, []) == {}
    assert [key.version for _, key in notices(accepted)] == [1, 2]
