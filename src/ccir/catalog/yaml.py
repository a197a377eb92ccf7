"""Reads YAML safely into a node tree: bounded, without anchors, aliases, tags or double keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import yaml

from ccir.catalog.characters import UNPRINTABLE
from ccir.catalog.findings import Complaints, Position
from ccir.catalog.nodes import ListNode, MappingNode, Node, ScalarNode, described
from ccir.catalog.sources import SIZE_LIMIT_BYTES

DEPTH_LIMIT: Final = 40
NODE_LIMIT: Final = 20_000

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def parse_yaml(octets: bytes, complaints: Complaints, *, first_line: int = 1) -> Node | None:
    """Return the one document as a node tree, or None where it cannot be read at all.

    What is wrong goes to `complaints`; a tree is returned even then, when there is one, so
    that later stages can add their own. `first_line` is the file's line the text begins at.
    """
    text = decoded(octets, complaints)
    if text is None:
        return None
    builder = _Builder(complaints, first_line=first_line)
    try:
        for event in _events(text):
            builder.take(event)
    except _TooMuchError as error:
        complaints.add(str(error), at=error.at, hint="split the document")
        return None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        complaints.add(
            f"not YAML: {_problem(error)}",
            at=_position(getattr(error, "problem_mark", None), first_line),
        )
        return None
    if builder.root is None:
        complaints.add("the document is empty", at=Position(line=first_line))
    return builder.root


def decoded(octets: bytes, complaints: Complaints) -> str | None:
    """Return the document's text, or None where it is too large or not UTF-8."""
    if len(octets) > SIZE_LIMIT_BYTES:
        complaints.add(
            f"larger than the {SIZE_LIMIT_BYTES} bytes a document may have",
            at=Position(),
            hint="split the document",
        )
        return None
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        complaints.add("not UTF-8 text", at=Position(line=line), hint="save it as UTF-8")
        return None


class _TooMuchError(Exception):
    def __init__(self, message: str, at: Position) -> None:
        super().__init__(message)
        self.at = at


class _Open:
    """A list or mapping whose end has not been read yet."""

    def __init__(self, *, is_mapping: bool, at: Position) -> None:
        self.is_mapping = is_mapping
        self.at = at
        self.items: list[Node] = []


class _Builder:
    """Turns the parser's events into nodes, and notes what the events may not hold."""

    def __init__(self, complaints: Complaints, *, first_line: int) -> None:
        self.root: Node | None = None
        self._complaints = complaints
        self._first_line = first_line
        self._open: list[_Open] = []
        self._count = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event.

        Raises:
            _TooMuchError: a bound is passed, or a second document begins.
        """
        at = _position(event.start_mark, self._first_line)
        match event:
            case yaml.DocumentStartEvent() if self.root is not None:
                raise _TooMuchError("more than one document in the file", at)
            case yaml.NodeEvent():
                self._take_node(event, at)
            case yaml.CollectionEndEvent():
                self._close()
            case _:
                pass

    def _take_node(self, event: yaml.NodeEvent, at: Position) -> None:
        self._count_node(at)
        self._refuse_decoration(event, at)
        match event:
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._enter(is_mapping=isinstance(event, yaml.MappingStartEvent), at=at)
            case yaml.ScalarEvent(value=text, style=style):
                self._refuse_unprintable(text, at)
                self._add(ScalarNode(text=text, is_plain=not style, at=at))
            case _:
                self._add(ScalarNode(text="", is_plain=True, at=at))

    def _count_node(self, at: Position) -> None:
        self._count += 1
        if self._count > NODE_LIMIT:
            raise _TooMuchError(f"more than {NODE_LIMIT} values in one document", at)

    def _enter(self, *, is_mapping: bool, at: Position) -> None:
        if len(self._open) >= DEPTH_LIMIT:
            raise _TooMuchError(f"nested deeper than {DEPTH_LIMIT} levels", at)
        self._open.append(_Open(is_mapping=is_mapping, at=at))

    def _close(self) -> None:
        done = self._open.pop()
        if done.is_mapping:
            entries = tuple(self._entries(done.items))
            self._add(MappingNode(entries=entries, at=done.at))
        else:
            self._add(ListNode(items=tuple(done.items), at=done.at))

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].items.append(node)
        else:
            self.root = node

    def _entries(self, items: list[Node]) -> Iterator[tuple[ScalarNode, Node]]:
        seen: dict[str, Position] = {}
        for key, value in zip(items[::2], items[1::2], strict=True):
            if not isinstance(key, ScalarNode):
                self._complaints.add(f"a key is a text, not {described(key)}", at=key.at)
            elif key.text in seen:
                first = seen[key.text].line
                self._complaints.add(
                    f"{described(key)} stands twice", at=key.at, hint=f"first in line {first}"
                )
            else:
                seen[key.text] = key.at
                yield key, value

    def _refuse_decoration(self, event: yaml.NodeEvent, at: Position) -> None:
        if isinstance(event, yaml.AliasEvent):
            message, hint = f"alias '*{event.anchor}' is not allowed", "write the value again"
        elif event.anchor is not None:
            message, hint = f"anchor '&{event.anchor}' is not allowed", "leave it out"
        elif getattr(event, "tag", None) is not None:
            message, hint = "tags ('!…') are not allowed", "leave it out"
        else:
            return
        self._complaints.add(message, at=at, hint=hint)

    def _refuse_unprintable(self, text: str, at: Position) -> None:
        # Escapes in double quotes can spell characters that YAML itself does not let through.
        found = UNPRINTABLE.search(text)
        if found is not None:
            code = f"U+{ord(found[0]):04X}"
            self._complaints.add(f"control character {code} is not allowed", at=at)


def _events(text: str) -> Iterator[yaml.Event]:
    loader = _Loader(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


def _problem(error: Exception) -> str:
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return str(problem)


def _position(mark: object, first_line: int) -> Position:
    # PyYAML's marks count from 0; an error without a mark concerns the whole text.
    line, column = getattr(mark, "line", 0), getattr(mark, "column", 0)
    return Position(line=line + first_line, column=column + 1)
