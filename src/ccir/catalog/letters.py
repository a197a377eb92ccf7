"""Turns a letter's Markdown into plain text and HTML that are filled with values afterwards.

The values of a letter never pass through Markdown: slots stand for them, one private
character each, so that nothing in a value can become a link, a heading or HTML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

SLOT_LIMIT: Final = 4_096
LINK_SCHEMES: Final = ("http", "https", "mailto", "tel")

_SLOT: Final = 0xF0000
_ONE_LINE_SLOT: Final = 0x100000
_ANY_SLOT: Final = re.compile("[\U000f0000-\U000f0fff\U00100000-\U00100fff]")
_LINE_START: Final = re.compile(r" *(?:(?:- |\d+\. ) *)*")
_UNDERLINE_LIMIT: Final = 72
_SLOT_WIDTH: Final = 12
"""How wide a value is taken to be when a heading that holds it is underlined."""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A text with gaps: `gaps` says which part is to be which value, and its line break."""

    parts: tuple[str, ...]
    gaps: tuple[tuple[int, int, str], ...]


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter in both its forms, to be filled with the same values."""

    text: Form
    html: Form


def slot(index: int) -> str:
    """Return the character that stands for the value of that number."""
    return chr(_SLOT + index)


def has_slots(text: str) -> bool:
    """Return whether the text holds a character that is reserved for slots."""
    return _ANY_SLOT.search(text) is not None


def letter(markdown: str) -> Letter:
    """Return the Markdown, which may hold slots, as plain text and as an HTML fragment."""
    parser = _parser()
    tokens = parser.parse(markdown)
    _drop_titles(tokens)
    fragment = parser.renderer.render(tokens, parser.options, {})
    plain = _blocks(SyntaxTreeNode(tokens).children, gap="\n\n")
    return Letter(text=form(plain + "\n"), html=form(fragment, line_break="<br>\n"))


def form(text: str, *, line_break: str | None = None) -> Form:
    """Return the text, which may hold slots, as a form.

    `line_break` is what a line break in a value becomes; None lets it continue the line it
    stands in, indented like it.
    """
    parts: list[str] = []
    gaps: list[tuple[int, int, str]] = []
    end = 0
    for found in _ANY_SLOT.finditer(text):
        parts += (text[end : found.start()], "")
        broken = _continuation(text, found) if line_break is None else line_break
        gaps.append((len(parts) - 1, ord(found[0]) & 0xFFF, broken))
        end = found.end()
    return Form(parts=(*parts, text[end:]), gaps=tuple(gaps))


def filled(form: Form, values: Sequence[str]) -> str:
    """Return the form's text with the values in its gaps."""
    parts = list(form.parts)
    for place, index, line_break in form.gaps:
        value = values[index]
        parts[place] = value.replace("\n", line_break) if "\n" in value else value
    return "".join(parts)


def escaped(values: Iterable[str]) -> list[str]:
    """Return the values as HTML text."""
    return [html.escape(value) for value in values]


def _drop_titles(tokens: Iterable[Token]) -> None:
    # A link's title would put its values into an attribute, and no reader of mail sees it.
    for token in tokens:
        for child in token.children or ():
            child.attrs.pop("title", None)


def _continuation(text: str, found: re.Match[str]) -> str:
    if ord(found[0]) >= _ONE_LINE_SLOT:
        return " "
    line = text.rfind("\n", 0, found.start()) + 1
    start = _LINE_START.match(text, line, found.start())
    return "\n" + " " * (0 if start is None else start.end() - line)


class _Parser(MarkdownIt):
    """Markdown's few forms for letters, with links only to where a letter may lead."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's name
        """Return whether the link is one of the schemes, and no value makes up its target."""
        scheme, colon, rest = url.partition(":")
        return bool(colon and rest) and scheme.lower() in LINK_SCHEMES and not has_slots(url)

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        """Return the link percent-encoded; one with a slot is kept, to be refused."""
        return url if has_slots(url) else super().normalizeLink(url)


@cache
def _parser() -> MarkdownIt:
    rules = ("heading", "list", "emphasis", "link", "escape", "newline")
    return _Parser("zero").enable(rules)


def _blocks(nodes: Iterable[SyntaxTreeNode], *, gap: str) -> str:
    return gap.join(_block(node) for node in nodes)


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "heading":
            return _heading(node)
        case "bullet_list" | "ordered_list":
            return _list(node)
        case _:
            return _inline(node)


def _heading(node: SyntaxTreeNode) -> str:
    line = " ".join(_inline(node).split())
    width = len(line) + (_SLOT_WIDTH - 1) * len(_ANY_SLOT.findall(line))
    one_line = _ANY_SLOT.sub(lambda found: chr(ord(found[0]) - _SLOT + _ONE_LINE_SLOT), line)
    return f"{one_line}\n{'-' * min(width, _UNDERLINE_LIMIT)}"


def _list(node: SyntaxTreeNode) -> str:
    first = int(node.attrs.get("start", 1))
    is_tight = any(child.hidden for item in node.children for child in item.children)
    items = [
        _item(item, marker="- " if node.type == "bullet_list" else f"{number}. ", is_tight=is_tight)
        for number, item in enumerate(node.children, start=first)
    ]
    return ("\n" if is_tight else "\n\n").join(items)


def _item(node: SyntaxTreeNode, *, marker: str, is_tight: bool) -> str:
    text = _blocks(node.children, gap="\n" if is_tight else "\n\n")
    first, *others = text.split("\n")
    return "\n".join([marker + first, *((" " * len(marker) + line).rstrip() for line in others)])


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text":
            return node.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "link":
            return _link(node)
        case _:
            return "".join(_inline(child) for child in node.children)


def _link(node: SyntaxTreeNode) -> str:
    text = "".join(_inline(child) for child in node.children)
    target = str(node.attrs.get("href", ""))
    is_said = text in (target, target.partition(":")[2])
    return text if is_said else f"{text} ({target})"
