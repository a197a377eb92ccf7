from __future__ import annotations

import pytest

from ccir.catalog.findings import Position
from ccir.catalog.nodes import (
    ListNode,
    MappingNode,
    Node,
    ScalarNode,
    described,
    is_nothing,
    untyped,
)

AT = Position()


def text(value: str, *, is_plain: bool = True) -> ScalarNode:
    return ScalarNode(text=value, is_plain=is_plain, at=AT)


MAPPING = MappingNode(entries=((text("a"), text("1")), (text("b"), text("2"))), at=AT)
LIST = ListNode(items=(MAPPING, text("x")), at=AT)


def test_a_mapping_is_asked_by_key() -> None:
    assert MAPPING.get("b") == text("2")
    assert MAPPING.get("c") is None


def test_a_tree_is_plain_data() -> None:
    assert untyped(LIST) == [{"a": "1", "b": "2"}, "x"]


@pytest.mark.parametrize("word", ["", "~", "null"])
def test_nothing_is_written_plainly(word: str) -> None:
    assert is_nothing(text(word))
    assert not is_nothing(text(word, is_plain=False))


@pytest.mark.parametrize("node", [text("none"), LIST, MAPPING])
def test_a_value_is_not_nothing(node: Node) -> None:
    assert not is_nothing(node)


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (LIST, "a list"),
        (MAPPING, "a mapping"),
        (text("~"), "nothing"),
        (text("", is_plain=False), "''"),
        (text("a\n b"), "'a b'"),
        (text("x" * 60), f"'{'x' * 60}'"),
        (text("x" * 61), f"'{'x' * 59}…'"),
    ],
)
def test_what_stands_there_is_described(node: Node, words: str) -> None:
    assert described(node) == words
