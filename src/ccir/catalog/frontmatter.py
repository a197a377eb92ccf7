"""Reads a Markdown document: the YAML between its first `---` lines, and the body after it."""

from __future__ import annotations

import re
from typing import Final

from ccir.catalog.findings import Complaints, Position
from ccir.catalog.nodes import MappingNode, Node, ScalarNode
from ccir.catalog.yaml import decoded, parse_yaml

_FRONT: Final = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FIRST_LINE: Final = 2


def parse_markdown(octets: bytes, complaints: Complaints) -> Node | None:
    """Return the front matter with the body under the key `body`, or None after a complaint.

    A body of white space only counts as an empty text.
    """
    text = decoded(octets, complaints)
    if text is None:
        return None
    text = text.replace("\r\n", "\n")
    found = _FRONT.match(text)
    if found is None:
        hint = "begin the file with '---', keys like 'id: …', and '---'"
        complaints.add("the front matter is missing", at=Position(), hint=hint)
        return None
    front = parse_yaml(found[1].encode(), complaints, first_line=_FIRST_LINE)
    line = text.count("\n", 0, found.end()) + 1
    return _with_body(front, text[found.end() :], Position(line=line), complaints=complaints)


def _with_body(
    front: Node | None, body: str, at: Position, *, complaints: Complaints
) -> Node | None:
    if not isinstance(front, MappingNode):
        return front
    given = front.get("body")
    if given is not None:
        complaints.add("'body' is no key", at=given.at, hint="the body follows the second '---'")
        return front
    key = ScalarNode(text="body", is_plain=True, at=at)
    value = ScalarNode(text=body if body.strip() else "", is_plain=False, at=at)
    return MappingNode(entries=(*front.entries, (key, value)), at=front.at)
