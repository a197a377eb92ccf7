"""The contract of every store's acknowledgements; `member` is a `StoreFactory`."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccir.clock import FixedClock
from ccir.domain.acknowledgement import Answer
from ccir.domain.ledger import NoticeKey, Settlement
from ccir.domain.notices import Counts, Evidence, Receipt
from ccir.store.acks_interface import Confirmation
from ccir.store.interface import StoreFactory, Stores
from support.stores import NOTICE, STARTED_AT, opened

EXPIRES = STARTED_AT.replace(microsecond=0) + dt.timedelta(days=1)
AGAIN = msgspec.structs.replace(NOTICE, version=2, channel="second")
SENT_AT = STARTED_AT + dt.timedelta(minutes=5)
TAKEN = Receipt(
    state="accepted",
    code=250,
    reply="queued as Q1",
    evidence=Evidence(relay="mx", sent_at=SENT_AT, sha256="ab" * 32),
)


@pytest.fixture
def stores(member: StoreFactory, tmp_path: Path) -> Stores:
    made = opened(member, tmp_path)
    plan(made, NOTICE, 3)
    return made


def plan(stores: Stores, notice: NoticeKey, count: int) -> None:
    stores.ledger.plan(notice, ((row, f"key {row}") for row in range(1, count + 1)))
    stores.acks.ask(notice, expires_at=EXPIRES)


def send(stores: Stores, notice: NoticeKey = NOTICE, receipt: Receipt = TAKEN) -> int:
    row = stores.ledger.claim(notice, "sender")
    assert row is not None
    stores.ledger.settle(notice, Settlement(row=row.row, receipt=receipt))
    return row.row


def answer(
    row: int, given: Answer = "safe", *, minutes: int = 9, late: bool = False
) -> Confirmation:
    at = STARTED_AT + dt.timedelta(minutes=minutes)
    return Confirmation(row=row, answer=given, how="link", at=at, late=late)


def token(stores: Stores, row: int = 1) -> str:
    found = stores.acks.token(NOTICE, row)
    assert found is not None
    return found


def test_each_recipient_has_one_link_that_never_changes(stores: Stores) -> None:
    before = [token(stores, row) for row in (1, 2, 3)]
    assert len({*before}) == 3
    stores.ledger.plan(NOTICE, [(4, "key 4")])
    stores.acks.ask(NOTICE, expires_at=EXPIRES + dt.timedelta(days=9))
    assert [token(stores, row) for row in (1, 2, 3)] == before
    assert token(stores, 4) not in before
    assert stores.acks.token(NOTICE, 5) is None


def test_a_link_leads_to_its_recipient_and_says_until_when_it_may_be_used(stores: Stores) -> None:
    content = stores.acks.read(token(stores, 2))
    assert content is not None
    assert content.expires_at == EXPIRES
    found = stores.acks.find(content.id)
    assert found is not None
    assert (found.notice, found.row, found.recipient_key) == (NOTICE, 2, "key 2")
    assert (found.state, found.sent_at, found.confirmed_at) == ("planned", STARTED_AT, None)
    assert stores.acks.find(bytes(16)) is None


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 39 * 8 - 1))
def test_a_link_with_any_bit_flipped_is_none(stores: Stores, bit: int) -> None:
    octets = bytearray(base64.urlsafe_b64decode(token(stores)))
    octets[bit // 8] ^= 1 << bit % 8
    assert stores.acks.read(base64.urlsafe_b64encode(octets).decode()) is None


def test_another_installations_link_is_none(
    stores: Stores, member: StoreFactory, tmp_path: Path
) -> None:
    other = opened(member, tmp_path / "other", seed=2)
    plan(other, NOTICE, 1)
    foreign = other.acks.token(NOTICE, 1)
    assert foreign is not None
    assert other.acks.read(foreign) is not None
    assert stores.acks.read(foreign) is None


def test_an_answer_changes_the_row_and_keeps_what_the_server_said(stores: Stores) -> None:
    assert send(stores) == 1
    assert stores.acks.confirm(NOTICE, [answer(1)], recorded=False) == 1
    row = next(stores.ledger.rows(NOTICE))
    assert (row.state, row.basis) == ("confirmed", "acknowledgement")
    assert (row.code, row.reply, row.evidence) == (250, "queued as Q1", TAKEN.evidence)
    found = stores.acks.asked(NOTICE, 1)
    assert found is not None
    assert (found.sent_at, found.answer, found.late) == (SENT_AT, "safe", False)


@pytest.mark.parametrize("state", ["unknown", "refused-temporary", "refused-permanent"])
def test_an_answer_closes_a_row_of_whom_nobody_knew(stores: Stores, state: str) -> None:
    send(stores, receipt=msgspec.convert({"state": state}, Receipt))
    stores.acks.confirm(NOTICE, [answer(1)], recorded=False)
    assert stores.ledger.counts(NOTICE) == Counts(confirmed=1, planned=2)


def test_the_first_answers_moment_counts_and_a_later_one_changes_the_answer(
    stores: Stores,
) -> None:
    assert stores.acks.confirm(NOTICE, [answer(1, minutes=9)], recorded=False) == 1
    later = answer(1, "help", minutes=50, late=True)
    assert stores.acks.confirm(NOTICE, [later], recorded=False) == 0
    found = stores.acks.asked(NOTICE, 1)
    assert found is not None
    assert found.confirmed_at == STARTED_AT + dt.timedelta(minutes=9)
    assert (found.answer, found.late) == ("help", False)


def test_who_confirmed_before_her_message_left_is_not_told_any_more(stores: Stores) -> None:
    stores.acks.confirm(NOTICE, [answer(1)], recorded=True)
    assert [send(stores), send(stores)] == [2, 3]
    assert stores.ledger.claim(NOTICE, "sender") is None


def test_who_confirms_while_her_message_is_being_sent_is_marked_when_it_is_settled(
    stores: Stores,
) -> None:
    row = stores.ledger.claim(NOTICE, "sender")
    assert row is not None
    stores.acks.confirm(NOTICE, [answer(row.row)], recorded=True)
    assert stores.ledger.counts(NOTICE).claimed == 1
    stores.ledger.settle(NOTICE, Settlement(row=row.row, receipt=TAKEN))
    assert stores.acks.settle(NOTICE) == 1
    assert stores.acks.settle(NOTICE) == 0
    assert stores.ledger.counts(NOTICE).confirmed == 1


def test_a_version_that_asks_again_leaves_out_who_confirmed_meanwhile(stores: Stores) -> None:
    assert [send(stores) for _ in range(3)] == [1, 2, 3]
    stores.acks.open_round(AGAIN, root=1)
    stores.acks.confirm(NOTICE, [answer(1)], recorded=True)
    plan(stores, AGAIN, 3)
    assert stores.ledger.counts(AGAIN) == Counts(confirmed=1, planned=2)
    stores.acks.confirm(NOTICE, [answer(2)], recorded=True)
    assert stores.ledger.counts(AGAIN) == Counts(confirmed=2, planned=1)
    stores.acks.confirm(AGAIN, [answer(3)], recorded=True)
    assert stores.ledger.counts(NOTICE) == Counts(confirmed=3)
    assert (stores.acks.round_of(AGAIN), stores.acks.round_of(NOTICE)) == (1, 1)


def test_a_correction_goes_to_those_too_who_confirmed_what_it_corrects(stores: Stores) -> None:
    stores.acks.confirm(NOTICE, [answer(1)], recorded=True)
    plan(stores, AGAIN, 3)
    assert stores.ledger.counts(AGAIN) == Counts(planned=3)
    assert stores.acks.round_of(AGAIN) == 2


def test_the_log_is_told_of_each_confirmation_once(stores: Stores) -> None:
    plan(stores, AGAIN, 2)
    stores.acks.confirm(NOTICE, [answer(1, late=True), answer(2)], recorded=False)
    stores.acks.confirm(AGAIN, [answer(1)], recorded=False)
    stores.acks.confirm(NOTICE, [answer(3)], recorded=True)
    told = [(each.notice, each.rows, each.late) for each in stores.acks.take_unrecorded()]
    assert told == [(NOTICE, (1, 2), 1), (AGAIN, (1,), 0)]
    assert stores.acks.take_unrecorded() == []


def test_what_the_log_did_not_take_is_told_again(stores: Stores) -> None:
    stores.acks.confirm(NOTICE, [answer(1)], recorded=False)
    [taken] = stores.acks.take_unrecorded()
    stores.acks.give_back(taken)
    assert [*stores.acks.take_unrecorded()] == [taken]


def test_everybody_who_was_asked_is_listed_in_the_lists_order(
    member: StoreFactory, tmp_path: Path
) -> None:
    stores = opened(member, tmp_path, clock=FixedClock(STARTED_AT))
    assert [*stores.acks.all(NOTICE)] == []
    plan(stores, NOTICE, 1_203)
    assert [each.row for each in stores.acks.all(NOTICE)] == [*range(1, 1_204)]
    assert stores.acks.asked(NOTICE, 1_204) is None


def test_no_link_is_kept_in_full(stores: Stores) -> None:
    written = token(stores).encode()
    stores.close()
    held = stores.ledger.number(NOTICE)  # the file is there and is read again
    assert held
    folder = Path(stores.acks._file.path).parent  # type: ignore[attr-defined] # of this member
    assert not any(written in path.read_bytes() for path in folder.glob("*.db*"))
