"""The contract of every store's ledger; `member` is a `StoreFactory`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from ccir.clock import FixedClock
from ccir.domain.ledger import Halt, LedgerRow, Mark, NoticeKey, Settlement
from ccir.domain.notices import Counts, Evidence, LedgerState, Receipt
from ccir.errors import ConflictError
from ccir.store.interface import StoreFactory
from ccir.store.ledger_interface import Ledger
from support.stores import NOTICE, STARTED_AT, opened

ACCEPTED = Receipt(state="accepted", code=250, reply="queued as Q1")
SECOND_VERSION = msgspec.structs.replace(NOTICE, version=2)
MANY = 5_000


@pytest.fixture
def ledger(member: StoreFactory, tmp_path: Path) -> Ledger:
    return opened(member, tmp_path).ledger


def planned(ledger: Ledger, count: int, notice: NoticeKey = NOTICE) -> None:
    ledger.plan(notice, ((row, f"key {row}") for row in range(1, count + 1)))


def claimed(ledger: Ledger, notice: NoticeKey = NOTICE) -> LedgerRow:
    row = ledger.claim(notice, "sender 1")
    assert row is not None
    return row


def settled(
    row: int,
    receipt: Receipt = ACCEPTED,
    *,
    message_id: str = "",
    again_at: dt.datetime | None = None,
) -> Settlement:
    return Settlement(row=row, receipt=receipt, message_id=message_id, again_at=again_at)


def test_planned_rows_are_claimed_once_each_in_the_lists_order(ledger: Ledger) -> None:
    ledger.plan(NOTICE, [(7, "g"), (2, "b"), (5, "e")])
    taken = [ledger.claim(NOTICE, "sender 1") for _ in range(4)]
    assert [row and (row.row, row.recipient_key, row.state, row.attempts) for row in taken] == [
        (2, "b", "claimed", 1),
        (5, "e", "claimed", 1),
        (7, "g", "claimed", 1),
        None,
    ]


def test_planning_again_leaves_rows_as_they_are_and_adds_the_new(ledger: Ledger) -> None:
    planned(ledger, 2)
    ledger.settle(NOTICE, settled(claimed(ledger).row))
    planned(ledger, 3)
    assert [(row.row, row.state) for row in ledger.rows(NOTICE)] == [
        (1, "accepted"),
        (2, "planned"),
        (3, "planned"),
    ]


def test_a_recipient_who_stands_in_the_list_twice_gets_one_row(ledger: Ledger) -> None:
    ledger.plan(NOTICE, [(1, "same"), (2, "same"), (3, "other")])
    assert [(row.row, row.recipient_key) for row in ledger.rows(NOTICE)] == [
        (1, "same"),
        (3, "other"),
    ]


def test_a_plan_that_breaks_off_leaves_no_row(ledger: Ledger) -> None:
    def keys() -> list[tuple[int, str]]:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        ledger.plan(NOTICE, (pair for _ in range(2) for pair in [(1, "a"), *keys()]))
    assert [*ledger.rows(NOTICE)] == []
    assert ledger.claim(NOTICE, "sender 1") is None


@pytest.mark.parametrize("state", ["accepted", "refused-temporary", "refused-permanent", "unknown"])
def test_a_settled_row_keeps_what_the_other_side_said(ledger: Ledger, state: str) -> None:
    planned(ledger, 1)
    receipt = msgspec.convert({"state": state, "code": 451, "reply": "no"}, Receipt)
    ledger.settle(NOTICE, settled(claimed(ledger).row, receipt, message_id="<1@mail>"))
    (row,) = ledger.rows(NOTICE)
    assert (row.state, row.code, row.reply, row.message_id) == (state, 451, "no", "<1@mail>")


def test_a_reply_without_end_is_cut(ledger: Ledger) -> None:
    planned(ledger, 1)
    flood = msgspec.structs.replace(ACCEPTED, reply="é" * 100_000)
    ledger.settle(NOTICE, settled(claimed(ledger).row, flood))
    (row,) = ledger.rows(NOTICE)
    assert row.reply == "é" * 1_000


def test_a_row_that_is_not_claimed_is_neither_settled_nor_released(ledger: Ledger) -> None:
    planned(ledger, 2)
    done = claimed(ledger).row
    ledger.settle(NOTICE, settled(done))
    before = [*ledger.rows(NOTICE)]
    for row in (done, 2, 99):
        with pytest.raises(ConflictError, match=f"row {row} .* is not claimed"):
            ledger.settle(NOTICE, settled(row, Receipt(state="unknown")))
        with pytest.raises(ConflictError, match=f"row {row} .* is not claimed"):
            ledger.release(NOTICE, row)
        with pytest.raises(ConflictError, match=f"row {row} .* is not claimed"):
            ledger.settle_and_claim(NOTICE, settled(row), sender="sender 1")
    assert [*ledger.rows(NOTICE)] == before, "the failed settlement claimed nothing either"


def test_a_second_claim_of_a_row_comes_only_after_its_release(ledger: Ledger) -> None:
    planned(ledger, 1)
    first = claimed(ledger)
    assert ledger.claim(NOTICE, "sender 2") is None
    ledger.release(NOTICE, first.row)
    assert ledger.counts(NOTICE) == Counts(planned=1)
    again = ledger.claim(NOTICE, "sender 2")
    assert again is not None
    assert (again.row, again.attempts) == (first.row, 1), "a claim taken back is no attempt"


def test_settling_one_row_and_claiming_the_next_goes_to_the_end(ledger: Ledger) -> None:
    planned(ledger, 3)
    row: LedgerRow | None = claimed(ledger)
    seen: list[int] = []
    while row is not None:
        seen.append(row.row)
        settlement = settled(row.row, message_id=f"<{row.row}>")
        row = ledger.settle_and_claim(NOTICE, settlement, sender="sender 1")
    assert seen == [1, 2, 3]
    assert [row.message_id for row in ledger.rows(NOTICE)] == ["<1>", "<2>", "<3>"]
    assert ledger.counts(NOTICE) == Counts(accepted=3)


def test_what_a_dead_sender_left_claimed_becomes_unknown_and_is_never_claimed_again(
    ledger: Ledger,
) -> None:
    planned(ledger, 4)
    ledger.settle(NOTICE, settled(claimed(ledger).row))
    claimed(ledger)
    claimed(ledger)
    assert ledger.abandon(NOTICE) == 2
    assert ledger.abandon(NOTICE) == 0
    assert ledger.counts(NOTICE) == Counts(accepted=1, unknown=2, planned=1)
    assert claimed(ledger).row == 4
    assert ledger.claim(NOTICE, "sender 2") is None


def test_an_abandoned_sender_cannot_settle_any_more(ledger: Ledger) -> None:
    planned(ledger, 1)
    row = claimed(ledger).row
    ledger.abandon(NOTICE)
    with pytest.raises(ConflictError, match="is not claimed"):
        ledger.settle(NOTICE, settled(row))


def test_counts_tell_every_state(ledger: Ledger) -> None:
    planned(ledger, 7)
    for state in ("accepted", "refused-temporary", "refused-permanent", "unknown"):
        receipt = msgspec.convert({"state": state}, Receipt)
        ledger.settle(NOTICE, settled(claimed(ledger).row, receipt))
    claimed(ledger)
    counts = Counts(planned=2, claimed=1, accepted=1, refused=2, unknown=1)
    assert ledger.counts(NOTICE) == counts
    assert counts.total == 7


def test_versions_and_channels_of_a_notice_have_rows_of_their_own(ledger: Ledger) -> None:
    other_channel = msgspec.structs.replace(NOTICE, channel="letters")
    planned(ledger, 1)
    planned(ledger, 2, SECOND_VERSION)
    planned(ledger, 3, other_channel)
    claimed(ledger, SECOND_VERSION)
    assert ledger.counts(NOTICE) == Counts(planned=1)
    assert ledger.counts(SECOND_VERSION) == Counts(planned=1, claimed=1)
    assert ledger.counts(other_channel) == Counts(planned=3)


def test_told_are_those_whom_any_version_may_have_reached(ledger: Ledger) -> None:
    planned(ledger, 6)
    for state in ("accepted", "refused-temporary", "refused-permanent", "unknown"):
        receipt = msgspec.convert({"state": state}, Receipt)
        ledger.settle(NOTICE, settled(claimed(ledger).row, receipt))
    claimed(ledger)
    ledger.plan(SECOND_VERSION, [(1, "another")])
    ledger.settle(SECOND_VERSION, settled(claimed(ledger, SECOND_VERSION).row))
    ledger.plan(msgspec.structs.replace(NOTICE, notice="employees"), [(1, "elsewhere")])
    assert ledger.told(NOTICE.run, NOTICE.notice) == {"key 1", "key 4", "key 5", "another"}
    assert ledger.told(NOTICE.run, "employees") == set()
    assert ledger.told("INC-2026-0002", NOTICE.notice) == set()


def test_a_notice_that_was_never_planned_has_no_rows(ledger: Ledger) -> None:
    assert ledger.claim(NOTICE, "sender 1") is None
    assert ledger.abandon(NOTICE) == 0
    assert ledger.counts(NOTICE) == Counts()
    assert [*ledger.rows(NOTICE)] == []


def test_thousands_of_rows_are_planned_and_read_as_a_stream(ledger: Ledger) -> None:
    planned(ledger, MANY)
    rows = ledger.rows(NOTICE)
    first = next(rows)
    assert (first.row, [row.row for row in rows]) == (1, [*range(2, MANY + 1)])
    assert ledger.counts(NOTICE) == Counts(planned=MANY)


def test_rows_go_on_where_they_were_while_others_are_settled(ledger: Ledger) -> None:
    planned(ledger, 2_500)
    states: list[str] = []
    for row in ledger.rows(NOTICE):
        if row.row == 1:
            ledger.settle(NOTICE, settled(claimed(ledger).row))
        states.append(row.state)
    assert len(states) == 2_500


def test_a_second_sender_of_a_notice_is_refused_until_the_first_has_ended(
    member: StoreFactory, tmp_path: Path, ledger: Ledger
) -> None:
    second = opened(member, tmp_path).ledger
    with ledger.sender(NOTICE):
        for notice in (NOTICE, SECOND_VERSION):
            with pytest.raises(ConflictError, match="sent by another process"):
                second.sender(notice).__enter__()
        with second.sender(msgspec.structs.replace(NOTICE, notice="employees")):
            pass
        with second.sender(msgspec.structs.replace(NOTICE, run="INC-2026-0002")):
            pass
    with second.sender(NOTICE):
        pass


def test_the_right_to_send_is_given_back_after_a_failure(ledger: Ledger) -> None:
    with pytest.raises(ConnectionError), ledger.sender(NOTICE):
        raise ConnectionError
    with ledger.sender(NOTICE):
        pass


# ---------------------------------------------------------------------------- later, or not at all

EVIDENCE = Evidence(relay="mx:25", tls="TLSv1.3", sent_at=STARTED_AT, sha256="ab" * 32)
MINUTE = dt.timedelta(minutes=1)


def test_a_row_keeps_how_its_message_left(ledger: Ledger) -> None:
    planned(ledger, 1)
    ledger.settle(
        NOTICE, settled(claimed(ledger).row, msgspec.structs.replace(ACCEPTED, evidence=EVIDENCE))
    )
    (row,) = ledger.rows(NOTICE)
    assert (row.evidence, row.basis, row.changed_at) == (EVIDENCE, "answer", STARTED_AT)


def test_a_row_that_was_put_off_comes_when_its_time_has_come_and_before_the_others(
    member: StoreFactory, tmp_path: Path
) -> None:
    clock = FixedClock(STARTED_AT)
    ledger = opened(member, tmp_path, clock=clock).ledger
    planned(ledger, 4)
    later = Receipt(state="refused-temporary", code=451, reply="greylisted", retryable=True)
    put_off = settled(claimed(ledger).row, later, again_at=STARTED_AT + MINUTE)
    second = ledger.settle_and_claim(NOTICE, put_off, sender="sender 1")
    assert second is not None
    assert (second.row, ledger.next_due(NOTICE)) == (2, STARTED_AT + MINUTE)
    first = next(ledger.rows(NOTICE))
    assert (first.state, first.code, first.attempts) == ("planned", 451, 1)
    assert first.not_before == STARTED_AT + MINUTE
    clock.move(60)
    again = ledger.settle_and_claim(NOTICE, settled(second.row), sender="sender 1")
    assert again is not None
    assert (again.row, again.attempts) == (1, 2)
    assert ledger.next_due(NOTICE) is None
    assert claimed(ledger).row == 3


def test_where_all_that_is_left_was_put_off_there_is_no_row_yet(ledger: Ledger) -> None:
    planned(ledger, 1)
    ledger.release(NOTICE, claimed(ledger).row, until=STARTED_AT + MINUTE)
    assert ledger.claim(NOTICE, "sender 1") is None
    (row,) = ledger.rows(NOTICE)
    assert (row.is_reserved, row.attempts, ledger.counts(NOTICE)) == (True, 0, Counts(planned=1))


@pytest.mark.parametrize("halt", ["paused", "stopped"])
def test_no_row_of_a_halted_notice_is_claimed(ledger: Ledger, halt: Halt) -> None:
    planned(ledger, 3)
    first = claimed(ledger)
    ledger.set_halt(NOTICE, halt)
    assert ledger.halt(NOTICE) == halt
    assert ledger.settle_and_claim(NOTICE, settled(first.row), sender="sender 1") is None
    assert ledger.claim(NOTICE, "sender 1") is None
    ledger.set_halt(NOTICE, "")
    assert claimed(ledger).row == 2


def test_what_is_learnt_later_counts_for_rows_in_a_state_that_it_says_more_than(
    ledger: Ledger,
) -> None:
    planned(ledger, 3)
    for _ in range(2):
        ledger.settle(NOTICE, settled(claimed(ledger).row))
    known: frozenset[LedgerState] = frozenset({"accepted", "unknown"})
    marks = [
        Mark(row=row, state="bounced", basis="report", code=550, reply="5.1.1", known=known)
        for row in (1, 3, 99)
    ]
    assert ledger.mark(NOTICE, marks) == 1
    assert ledger.mark(NOTICE, marks) == 0
    first, second, third = ledger.rows(NOTICE)
    assert (first.state, first.basis) == ("bounced", "report")
    assert (first.code, first.reply) == (550, "5.1.1")
    assert (second.state, third.state) == ("accepted", "planned")
    assert ledger.counts(NOTICE) == Counts(accepted=1, bounced=1, planned=1)
    assert ledger.told(NOTICE.run, NOTICE.notice) == {"key 2"}, "who bounced may be told again"


def test_planned_rows_of_a_version_that_another_takes_the_place_of_are_superseded(
    ledger: Ledger,
) -> None:
    planned(ledger, 3)
    ledger.settle(NOTICE, settled(claimed(ledger).row))
    assert ledger.supersede(NOTICE) == 2
    assert ledger.counts(NOTICE) == Counts(accepted=1, superseded=2)
    assert ledger.claim(NOTICE, "sender 1") is None


def test_only_who_gets_the_other_version_waits_no_longer_for_this_one(ledger: Ledger) -> None:
    planned(ledger, 3)
    ledger.plan(SECOND_VERSION, [(1, "key 2"), (2, "another")])
    assert ledger.supersede(NOTICE, by=SECOND_VERSION) == 1
    assert [row.state for row in ledger.rows(NOTICE)] == ["planned", "superseded", "planned"]


def test_a_row_is_found_by_whom_it_is_for_and_a_notice_by_its_number(ledger: Ledger) -> None:
    planned(ledger, 2)
    found = ledger.row_of(NOTICE, "key 2")
    assert found is not None
    assert found.row == 2
    assert ledger.row_of(NOTICE, "key 9") is None
    assert ledger.by_number(ledger.number(NOTICE)) == NOTICE
    assert ledger.number(SECOND_VERSION) == 0
    assert ledger.by_number(99) is None


def test_all_senders_share_a_pace(member: StoreFactory, tmp_path: Path) -> None:
    clock = FixedClock(STARTED_AT)
    one, other = (opened(member, tmp_path, clock=clock).paces for _ in range(2))
    waits = [pace.reserve("mail", per_second=2) for pace in (one, other, one)]
    assert waits == pytest.approx([0, 0.5, 1.0], abs=1e-3)
    assert other.reserve("sms", per_second=2) == 0
    clock.move(60)
    assert one.reserve("mail", per_second=2) == 0, "a pause is not made up for"
    assert other.reserve("mail", per_second=2) == pytest.approx(0.5, abs=1e-3)


def test_a_clock_that_was_set_back_does_not_stop_a_pace(
    member: StoreFactory, tmp_path: Path
) -> None:
    ahead = FixedClock(STARTED_AT + dt.timedelta(days=3_650))
    opened(member, tmp_path, clock=ahead).paces.reserve("mail", per_second=10)
    assert opened(member, tmp_path).paces.reserve("mail", per_second=10) == 0
