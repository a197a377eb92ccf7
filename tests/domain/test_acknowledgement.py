from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.domain.acknowledgement import (
    CODE_BYTES,
    ID_BYTES,
    TOKEN_CHARACTERS,
    Counting,
    TokenContent,
    is_late,
    is_settled,
    read_content,
    split_token,
    standing,
    token_content,
    token_text,
)
from ccir.domain.notices import LedgerState

AT = dt.datetime(2026, 1, 2, 8, 0, tzinfo=dt.UTC)


@given(
    st.binary(min_size=ID_BYTES, max_size=ID_BYTES),
    st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES),
    st.datetimes(min_value=dt.datetime(2000, 1, 1), max_value=dt.datetime(9999, 12, 1)),  # noqa: DTZ001 - the zone is set below
)
def test_a_token_holds_what_was_put_in_and_fits_a_link(
    ack_id: bytes, code: bytes, expires_at: dt.datetime
) -> None:
    content = TokenContent(id=ack_id, expires_at=expires_at.replace(microsecond=0, tzinfo=dt.UTC))
    text = token_text(token_content(content), code)
    assert len(text) == TOKEN_CHARACTERS
    assert text.replace("-", "").replace("_", "").isalnum()
    parts = split_token(text)
    assert parts is not None
    assert parts == (token_content(content), code)
    assert read_content(parts[0]) == content


@given(st.text(max_size=80))
def test_other_texts_are_no_token_or_none_that_is_read(text: str) -> None:
    parts = split_token(text)
    assert parts is None or len(text) == TOKEN_CHARACTERS


@pytest.mark.parametrize("text", ["", "é" * 52, "+" * 52, "=" * 52, "A" * 51 + "=", "A" * 53])
def test_what_is_no_base64url_of_that_length_is_no_token(text: str) -> None:
    assert split_token(text) is None


@pytest.mark.parametrize("content", [b"", b"\x02" + bytes(22), b"\x01" + bytes(21)])
def test_another_layout_is_not_read(content: bytes) -> None:
    assert read_content(content) is None


@given(st.binary(min_size=39, max_size=39), st.integers(0, 51), st.integers(0, 63))
def test_two_texts_are_never_the_same_token(octets: bytes, place: int, other: int) -> None:
    text = token_text(octets[:23], octets[23:])
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[other]
    changed = text[:place] + letter + text[place + 1 :]
    assert (split_token(changed) == split_token(text)) == (changed == text)


def test_who_confirms_after_her_time_is_late_and_without_a_time_nobody_is() -> None:
    assert not is_late(AT, AT)
    assert is_late(AT + dt.timedelta(microseconds=1), AT)
    assert not is_late(AT, None)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["accepted"], "not-confirmed"),
        (["delivered", "bounced"], "not-confirmed"),
        (["bounced", "accepted"], "not-confirmed"),
        (["bounced"], "unreachable"),
        (["unknown", "refused-permanent"], "unreachable"),
        (["planned"], "not-sent"),
        (["bounced", "planned"], "not-sent"),
        (["superseded"], "not-sent"),
        (["confirmed"], "confirmed"),
    ],
)
def test_who_says_nothing_stands_as_her_rows_do(states: list[LedgerState], expected: str) -> None:
    assert standing(states, confirmed_at=None, late=False) == expected


def test_who_has_confirmed_is_settled_whatever_became_of_her_message() -> None:
    assert standing(["bounced"], confirmed_at=AT, late=False) == "confirmed"
    assert standing(["unknown"], confirmed_at=AT, late=True) == "late"
    assert is_settled("late")
    assert not is_settled("unreachable")


def test_a_tally_adds_up() -> None:
    counting = Counting()
    counting.add("confirmed", "help")
    counting.add("late", "safe")
    counting.add("not-confirmed", None)
    counting.add("unreachable", None)
    counting.add("not-sent", None)
    counting.add("confirmed", "safe")
    tally = counting.tally
    assert tally.total == 6
    assert (tally.confirmed, tally.late, tally.not_confirmed) == (2, 1, 1)
    assert (tally.unreachable, tally.not_sent) == (1, 1)
    assert tally.answers == {"safe": 2, "help": 1}
