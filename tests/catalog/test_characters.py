from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.catalog.characters import UNPRINTABLE, is_one_line, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ü 日本 👍", "plain ü 日本 👍"),
        ("a\x1b[31mb", "a[31mb"),
        ("a\x00b\x7fc\x9bd", "abcd"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("half \ud800 pair", "half  pair"),
        ("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("tab\tstays\nas does a line", "tab\tstays\nas does a line"),
    ],
)
def test_a_text_loses_what_people_cannot_see(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("text", ["", "one line", "with\ttab", "zero\u200bwidth"])
def test_one_line_is_one_line(text: str) -> None:
    assert is_one_line(text)


BROKEN = ["a\nb", "a\r", "a\x85b", "a\u2028b", "a\u2029b", "a\x0bb", "a\x00", "\u202ea", "\ud800"]


@pytest.mark.parametrize("text", BROKEN)
def test_breaks_and_control_characters_are_not_one_line(text: str) -> None:
    assert not is_one_line(text)


@given(st.text())
def test_a_printable_text_stays_so(text: str) -> None:
    shown = printable(text)
    assert printable(shown) == shown
    assert not UNPRINTABLE.search(shown)
    assert is_one_line(shown) == ("\n" not in shown)
