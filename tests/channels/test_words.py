from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.channels.words import LIMIT_CHARACTERS, scrubbed

ADDRESS = "grace.hopper@customers.example"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (f"5.1.1 <{ADDRESS}>: no such user", "5.1.1 <g***r@c***.example>: no such user"),
        ("user grace.hopper unknown", "user … unknown"),
        ("user GRACE.HOPPER, unknown", "user …, unknown"),
        (f"{ADDRESS.upper()} is full", "G***R@C***.EXAMPLE is full"),
        ("graceless.hoppers unknown", "graceless.hoppers unknown"),
        ("two\r\nlines\tand \x1b[31mcolour", "two lines and [31mcolour"),
        (b"ask other@host.test \xff", "ask o***r@h***.test \ufffd"),
    ],
)
def test_words_are_kept_in_one_line_without_an_address(words: str | bytes, shown: str) -> None:
    assert scrubbed(words, address=ADDRESS) == shown


def test_a_short_name_does_not_blank_out_words() -> None:
    assert scrubbed("it is so", address="so@x.example") == "it is so"


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_words_let_the_address_through(before: str, after: str) -> None:
    shown = scrubbed(f"{before} {ADDRESS} {after}", address=ADDRESS)
    assert ADDRESS not in shown
    assert len(shown) <= LIMIT_CHARACTERS
    assert shown.isprintable()
