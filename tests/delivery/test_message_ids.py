from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ccir.delivery.message_ids import message_id
from ccir.domain.ledger import NoticeKey
from support.stores import NOTICE

TEXT = st.text(max_size=20)
KEYS = st.builds(NoticeKey, run=TEXT, notice=TEXT, version=st.integers(0, 99), channel=TEXT)


@given(KEYS, TEXT)
def test_an_id_is_the_same_each_time_and_fit_for_a_header(notice: NoticeKey, key: str) -> None:
    made = message_id(notice, key, domain="centre.example")
    assert made == message_id(notice, key, domain="centre.example")
    assert re.fullmatch(r"ccir\.[0-9a-f]{40}@centre\.example", made)


@given(st.tuples(KEYS, TEXT), st.tuples(KEYS, TEXT))
def test_another_notice_version_channel_or_recipient_has_another_id(
    one: tuple[NoticeKey, str], other: tuple[NoticeKey, str]
) -> None:
    is_same = message_id(*one, domain="x") == message_id(*other, domain="x")
    assert is_same == (one == other)


def test_the_id_of_a_notice_already_sent_never_changes() -> None:
    known = "ccir.4d3cbdeca2a4bc344b98bf2c20f29a4ea8513660@centre.example"
    assert message_id(NOTICE, "k1", domain="centre.example") == known
