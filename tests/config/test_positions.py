"""Finding the line of a key."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ccir.config.positions import position, positions

TEXT = """\
title = 1

[people.alex]   # a comment
name = "Alex"
  "out of band" = 1
[ people . "s.am" ]
a.b = 1
[[list]]
x = 1
[broken."\\q"]
"""


def test_headers_and_keys_are_found_with_line_and_column() -> None:
    assert positions(TEXT) == {
        ("title",): (1, 1),
        ("people",): (3, 2),
        ("people", "alex"): (3, 2),
        ("people", "alex", "name"): (4, 1),
        ("people", "alex", "out of band"): (5, 3),
        ("people", "s.am"): (6, 3),
        ("people", "s.am", "a"): (7, 1),
        ("people", "s.am", "a", "b"): (7, 1),
        ("list",): (8, 3),
        ("list", "x"): (9, 1),
        ("broken",): (10, 2),
        ("broken", '"\\q"'): (10, 2),
    }


def test_a_key_that_is_not_found_stands_where_its_table_does() -> None:
    known = positions(TEXT)

    assert position(("people", "alex", "roles"), known) == (3, 2)
    assert position(("targets", "crm"), known) == (1, 1)  # nowhere: at the beginning


@given(st.text())
def test_any_text_has_positions_inside_it(text: str) -> None:
    lines = text.split("\n")

    for line, column in positions(text).values():
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1])
