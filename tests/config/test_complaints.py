"""How complaints about settings read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import pytest

from ccir.config.complaints import (
    Complaint,
    nearest,
    settings_error,
    shape_complaints,
    suggestion,
)


class Inner(msgspec.Struct, frozen=True, kw_only=True):
    depth: int


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    inner: Inner
    sizes: tuple[int, ...] = ()
    renamed: bool = msgspec.field(default=False, name="from")


def messages(value: object) -> list[tuple[str, str]]:
    found = shape_complaints(value, Shape, path=("top",), conversion=None)
    return [(".".join(complaint.path), complaint.message) for complaint in found]


def test_a_value_of_the_shape_gives_no_complaint() -> None:
    assert messages({"inner": {"depth": 1}, "sizes": [1, 2], "from": True}) == []


def test_each_wrong_value_is_named_by_its_path() -> None:
    assert messages({"inner": {"depth": "1"}, "sizes": [1, "2"], "renamed": True}) == [
        ("top.inner.depth", "expected int, got str"),
        ("top.sizes", "expected int, got str"),
        ("top.renamed", "unknown key"),
    ]


def test_a_value_in_place_of_a_table_is_told_how_to_be_written() -> None:
    [complaint] = shape_complaints([], Shape, path=("top",), conversion=None)

    assert (complaint.message, complaint.hint) == ("expected a table", "write it as [top]")


def test_a_shape_that_is_not_described_is_told_in_msgspecs_words() -> None:
    rate = Annotated[str, msgspec.Meta(pattern="^[0-9]+/S$")]

    [complaint] = shape_complaints("fast", rate, path=("rate",), conversion=None)

    assert complaint.message == "expected str matching regex '^[0-9]+/S$'"


def test_complaints_stand_in_the_order_of_the_file() -> None:
    text = "[a]\n[b]\nc = 1\n"
    found = [Complaint(path=path, message="wrong") for path in [("b", "c"), ("a",), ("b",)]]

    error = settings_error(Path("x.toml"), text, found)

    assert [(c.line, c.column) for c in error.complaints] == [(1, 2), (2, 2), (3, 1)]


def test_control_characters_of_a_key_are_not_printed() -> None:
    error = settings_error(Path("x.toml"), "", [Complaint(path=("a\x1b[2J",), message="wrong")])

    assert "\x1b" not in error.message


@pytest.mark.parametrize(
    ("word", "hint"),
    [("organization", "did you mean 'organisation'?"), ("zzz", "known: organisation, people")],
)
def test_a_word_gets_the_nearest_known_one_or_all(word: str, hint: str) -> None:
    assert suggestion(word, {"people", "organisation"}) == hint


def test_nothing_is_suggested_where_nothing_is_known() -> None:
    assert suggestion("word", []) == ""
    assert nearest("word", ["entirely-different"]) == ""
