from __future__ import annotations

import datetime as dt
import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ccir.domain.ledger import Basis, LedgerRow
from ccir.domain.notices import Evidence, LedgerState
from ccir.engine.notice_proof_ledger import LedgerTally, told_at, troubled

SENT_AT = dt.datetime(2026, 1, 2, 8, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def row(
    number: int,
    state: LedgerState = "accepted",
    *,
    basis: Basis = "answer",
    minutes: int = 0,
    has_left: bool = True,
) -> LedgerRow:
    evidence = Evidence(relay="mx:25", sent_at=SENT_AT, sha256="00") if has_left else None
    return LedgerRow(
        row=number,
        recipient_key=f"key {number}",
        state=state,
        basis=basis,
        evidence=evidence,
        changed_at=SENT_AT + minutes * MINUTE,
    )


def counted(*rows: LedgerRow, samples: int = 5, limit: dt.datetime | None = None) -> LedgerTally:
    tally = LedgerTally(limits=[limit], total=len(rows), samples=samples)
    lines = [*tally.lines(rows)]
    assert [json.loads(line)["row"] for line in lines] == [each.row for each in rows]
    return tally


def test_a_message_was_taken_when_its_answer_came_and_not_when_more_was_learnt() -> None:
    assert told_at(row(1, minutes=3)) == SENT_AT + 3 * MINUTE
    assert told_at(row(1, "delivered", basis="report", minutes=3)) == SENT_AT
    assert told_at(row(1, "accepted", basis="relay-log", minutes=3)) == SENT_AT
    lost = row(1, "accepted", basis="person", minutes=3, has_left=False)
    assert told_at(lost) == SENT_AT + 3 * MINUTE


def test_who_was_told_after_a_limit_is_counted() -> None:
    tally = counted(
        row(1, minutes=1),
        row(2, minutes=5),
        row(3, "bounced", minutes=9),
        row(4, minutes=6),
        limit=SENT_AT + 5 * MINUTE,
    )
    assert tally.after == [1]
    assert (tally.first_at, tally.last_at) == (SENT_AT + MINUTE, SENT_AT + 6 * MINUTE)
    assert [(each.state, each.count) for each in tally.troubles] == [("bounced", 1)]


def test_a_row_without_a_time_is_told_at_no_time() -> None:
    timeless = LedgerRow(row=1, recipient_key="key", state="accepted")
    assert counted(timeless, limit=SENT_AT).first_at is None


def test_only_those_in_trouble_are_listed_as_such() -> None:
    rows = [row(1), row(2, "unknown"), row(3, "planned"), row(4, "confirmed"), row(5, "claimed")]
    assert [json.loads(line)["row"] for line in troubled(rows)] == [2, 5]


@given(st.integers(0, 40), st.integers(0, 12))
def test_samples_are_spread_and_never_more_than_asked_for(total: int, samples: int) -> None:
    tally = counted(*(row(number) for number in range(total)), samples=samples)
    picked = [each.row for each in tally.picked]
    assert len(picked) == min(total, samples)
    assert picked == sorted({*picked})
    gaps = {after - before for before, after in pairwise(picked)}
    assert gaps <= {total // max(samples, 1), total // max(samples, 1) + 1} or samples > total
