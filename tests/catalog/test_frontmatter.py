from __future__ import annotations

import pytest

from ccir.catalog.findings import Complaints
from ccir.catalog.frontmatter import parse_markdown
from ccir.catalog.nodes import MappingNode, Node, untyped


def parsed(text: str | bytes) -> tuple[Node | None, Complaints]:
    complaints = Complaints("f")
    octets = text.encode() if isinstance(text, str) else text
    return parse_markdown(octets, complaints), complaints


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_front_matter_and_body_are_parted(end: str) -> None:
    node, complaints = parsed(end.join(["---", "id: x", "---", "# Title", "", "Text", ""]))
    assert complaints.findings == []
    assert node is not None
    assert untyped(node) == {"id": "x", "body": "# Title\n\nText\n"}


def test_lines_are_counted_from_the_files_first() -> None:
    node, complaints = parsed("---\nid: x\nid: y\n---\n\nBody\n")
    assert [(each.line, each.message) for each in complaints.findings] == [(3, "'id' stands twice")]
    assert isinstance(node, MappingNode)
    body = node.get("body")
    assert body is not None
    assert body.at.line == 5


@pytest.mark.parametrize("body", ["", "\n", "  \n\t\n"])
def test_a_body_of_white_space_is_an_empty_text(body: str) -> None:
    node, _ = parsed(f"---\nid: x\n---\n{body}")
    assert node is not None
    assert untyped(node) == {"id": "x", "body": ""}


def test_a_second_line_of_hyphens_belongs_to_the_body() -> None:
    node, _ = parsed("---\nid: x\n---\nabove\n\n---\nbelow")
    assert node is not None
    assert untyped(node) == {"id": "x", "body": "above\n\n---\nbelow"}


REFUSED = {
    "# Title": "the front matter is missing",
    "---\nid: x\n": "the front matter is missing",
    "\n---\nid: x\n---\n": "the front matter is missing",
    "---\nbody: x\n---\nBody": "'body' is no key",
    "---\n---\nBody": "the document is empty",
    "---\n- x\n---\nBody": "",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_document_without_proper_front_matter_is_refused(text: str) -> None:
    node, complaints = parsed(text)
    assert [each.message for each in complaints.findings] == [REFUSED[text]] * bool(REFUSED[text])
    assert not isinstance(node, MappingNode) or node.get("body") is not None


def test_bytes_that_are_no_text_are_refused() -> None:
    node, complaints = parsed(b"---\nid: \xff\n---\n")
    assert node is None
    assert [(each.line, each.message) for each in complaints.findings] == [(2, "not UTF-8 text")]
