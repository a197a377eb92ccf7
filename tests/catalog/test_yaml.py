from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.catalog.findings import Complaints, Position
from ccir.catalog.nodes import ListNode, MappingNode, Node, ScalarNode, untyped
from ccir.catalog.sources import SIZE_LIMIT_BYTES
from ccir.catalog.yaml import DEPTH_LIMIT, NODE_LIMIT, parse_yaml
from support.documents import messages


def parsed(text: str | bytes, *, first_line: int = 1) -> tuple[Node | None, Complaints]:
    complaints = Complaints("f")
    octets = text.encode() if isinstance(text, str) else text
    return parse_yaml(octets, complaints, first_line=first_line), complaints


def plain(text: str) -> object:
    node, complaints = parsed(text)
    assert messages(complaints) == []
    assert node is not None
    return untyped(node)


@pytest.mark.parametrize("word", ["NO", "yes", "22:30", "1.10", "0o7", "null", "2026-01-31", "~"])
def test_every_scalar_stays_the_text_that_was_written(word: str) -> None:
    assert plain(f"key: {word}") == {"key": word}


def test_lists_mappings_and_empty_values_are_read() -> None:
    assert plain("a: [1, {b: c}]\nd:\ne: |\n  two\n  lines\n") == {
        "a": ["1", {"b": "c"}],
        "d": "",
        "e": "two\nlines\n",
    }


def test_a_scalar_knows_its_place_and_whether_it_was_quoted() -> None:
    node, _ = parsed('a: "x"\nb:\n  - y\n', first_line=5)
    assert isinstance(node, MappingNode)
    (_, quoted), (key, listed) = node.entries
    assert quoted == ScalarNode(text="x", is_plain=False, at=Position(line=5, column=4))
    assert key.at == Position(line=6, column=1)
    assert isinstance(listed, ListNode)
    assert listed.items[0] == ScalarNode(text="y", is_plain=True, at=Position(line=7, column=5))


REFUSED = {
    "a: 1\nb: 2\na: 3": ("3:1", "'a' stands twice", "first in line 1"),
    "a: &x 1": ("1:4", "anchor '&x' is not allowed", "leave it out"),
    "a: *x": ("1:4", "alias '*x' is not allowed", "write the value again"),
    "a: &x [1]\n": ("1:4", "anchor '&x' is not allowed", "leave it out"),
    "a: !!python/object:os.system x": ("1:4", "tags ('!…') are not allowed", "leave it out"),
    "a: !x {b: c}": ("1:4", "tags ('!…') are not allowed", "leave it out"),
    'a: "\\x1b[2J"': ("1:4", "control character U+001B is not allowed", ""),
    'a: "x\\u202Ey"': ("1:4", "control character U+202E is not allowed", ""),
    "? [a]\n: b": ("1:3", "a key is a text, not a list", ""),
    "": ("1:1", "the document is empty", ""),
    "a: 1\n---\nb: 2": ("2:1", "more than one document in the file", "split the document"),
    "a: [1": ("2:1", "not YAML: did not find expected ',' or ']'", ""),
    "a: b: c": ("1:5", "not YAML: mapping values are not allowed in this context", ""),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_yaml_allows_and_documents_do_not_is_refused(text: str) -> None:
    _, complaints = parsed(text)
    [finding] = complaints.findings
    assert (f"{finding.line}:{finding.column}", finding.message, finding.hint) == REFUSED[text]


def test_several_things_are_refused_at_once() -> None:
    node, complaints = parsed("a: &x 1\na: !y 2\nb: 3")
    assert len(complaints.findings) == 3
    assert node is not None
    assert untyped(node) == {"a": "1", "b": "3"}


@pytest.mark.parametrize(
    ("octets", "message", "line"),
    [
        (b"a: 1\nb: \xff", "not UTF-8 text", 2),
        (b"#" * (SIZE_LIMIT_BYTES + 1), "larger than the 262144 bytes a document may have", 1),
        (
            b"a: \x00",
            "not YAML: unacceptable character #x0000: control characters are not allowed",
            1,
        ),
    ],
)
def test_bytes_that_are_no_document_are_refused(octets: bytes, message: str, line: int) -> None:
    node, complaints = parsed(octets)
    assert node is None
    assert [(each.message, each.line) for each in complaints.findings] == [(message, line)]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    node, complaints = parsed("a: 1".encode("utf-8-sig"))
    assert node is not None
    assert untyped(node) == {"a": "1"}
    assert not complaints.findings


def test_a_bomb_of_levels_is_refused() -> None:
    node, complaints = parsed("[" * 100_000)
    assert node is None
    assert complaints.has_errors
    node, complaints = parsed("[" * (DEPTH_LIMIT + 1) + "]" * (DEPTH_LIMIT + 1))
    assert node is None
    assert messages(complaints) == [f"nested deeper than {DEPTH_LIMIT} levels"]
    assert plain("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT)


def test_a_bomb_of_values_is_refused() -> None:
    node, complaints = parsed("[" + "1," * NODE_LIMIT + "]")
    assert node is None
    assert messages(complaints) == [f"more than {NODE_LIMIT} values in one document"]


def test_a_size_at_the_limit_is_read() -> None:
    text = "a: 1 #"
    assert plain(text + "x" * (SIZE_LIMIT_BYTES - len(text))) == {"a": "1"}


PRINTABLE = st.text(st.characters(categories=("L", "N", "P", "S"), include_characters=" "))
VALUES = st.recursive(
    PRINTABLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PRINTABLE, inner, max_size=4),
    max_leaves=8,
)


@given(VALUES)
def test_json_is_read_as_it_was_written(value: object) -> None:
    assert plain(msgspec.json.encode(value).decode()) == value


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_make_the_reader_fail(octets: bytes) -> None:
    node, complaints = parsed(octets)
    assert node is not None or complaints.has_errors
