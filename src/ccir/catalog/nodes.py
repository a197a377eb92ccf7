"""A document as a tree of texts, lists and mappings, each with its place in the file."""

from __future__ import annotations

import msgspec

from ccir.catalog.findings import Position


class ScalarNode(msgspec.Struct, frozen=True, kw_only=True):
    """One value as it was written; `is_plain` means that it stood without quotes."""

    text: str
    is_plain: bool
    at: Position


class ListNode(msgspec.Struct, frozen=True, kw_only=True):
    """Values in their order."""

    items: tuple[Node, ...]
    at: Position


class MappingNode(msgspec.Struct, frozen=True, kw_only=True):
    """Keys with their values, in the order of the file; no key stands twice."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    at: Position

    def get(self, key: str) -> Node | None:
        """Return the value of that key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Node = ScalarNode | ListNode | MappingNode


def is_nothing(node: Node) -> bool:
    """Return whether the node is YAML's way of writing that there is no value."""
    return isinstance(node, ScalarNode) and node.is_plain and node.text in ("", "~", "null")


def described(node: Node) -> str:
    """Return in words what stands at the node, for a complaint."""
    match node:
        case ListNode():
            return "a list"
        case MappingNode():
            return "a mapping"
        case _ if is_nothing(node):
            return "nothing"
        case ScalarNode(text=text):
            return f"'{_shortened(text)}'"


def untyped(node: Node) -> object:
    """Return the node as plain lists, dictionaries and texts."""
    match node:
        case ScalarNode(text=text):
            return text
        case ListNode(items=items):
            return [untyped(item) for item in items]
        case MappingNode(entries=entries):
            return {key.text: untyped(value) for key, value in entries}


def _shortened(text: str, limit: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
