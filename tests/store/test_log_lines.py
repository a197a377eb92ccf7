from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.domain.events import RunReopened, Sealed
from ccir.domain.record import GENESIS, digest, read_line
from ccir.entropy import SeededEntropy
from ccir.errors import RefusedError
from ccir.store.log_lines import DRAFTS_LIMIT, LINE_LIMIT_BYTES, Chained, Head, chain
from ccir.store.log_lines import opened_or_closed as after
from support.stores import STARTED_AT, closing, draft, fact, start

HEAD = Head(run="INC-2026-0001", seq=4, hash="a" * 64)
REOPENED = draft(RunReopened(reason=Sealed(ref="r", digest="d"))).event


def chained(values: list[str], head: Head = HEAD) -> Chained:
    drafts = [fact(value) for value in values]
    return chain(head, drafts, recorded_at=STARTED_AT, entropy=SeededEntropy(1), key="key")


@given(values=st.lists(st.text(), min_size=1, max_size=10))
def test_lines_go_on_from_the_head_to_the_new_head(values: list[str]) -> None:
    done = chained(values)
    prev = HEAD.hash
    for seq, line in enumerate(done.lines, start=5):
        entry = read_line(line)
        assert (entry.seq, entry.prev, entry.run) == (seq, prev, HEAD.run)
        prev = digest(line)
    assert done.head == Head(run=HEAD.run, seq=4 + len(values), hash=prev)


def test_a_log_begins_after_nothing() -> None:
    done = chained(["first"], Head(run="R", seq=0, hash=GENESIS))
    assert read_line(done.lines[0]).prev == "0" * 64


def test_the_longest_line_is_recorded_and_one_byte_more_refused() -> None:
    room = LINE_LIMIT_BYTES - len(chained([""]).lines[0])
    assert len(chained(["x" * room]).lines[0]) == LINE_LIMIT_BYTES
    with pytest.raises(RefusedError, match=f"an event of {LINE_LIMIT_BYTES + 1} bytes"):
        chained(["x" * (room + 1)])


@pytest.mark.parametrize("count", [0, DRAFTS_LIMIT + 1])
def test_too_few_and_too_many_events_are_refused(count: int) -> None:
    with pytest.raises(RefusedError, match=f"{count} events in one command"):
        chained(["x"] * count)


def test_the_last_event_that_opens_or_closes_a_run_counts() -> None:
    opening, close, other = start().event, closing().event, fact(1).event
    assert after([opening, other]) is True
    assert after([other, close, other]) is False
    assert after([close, REOPENED]) is True
    assert after([REOPENED, close]) is False
    assert after([other]) is None
    assert after([]) is None
