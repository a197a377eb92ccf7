"""Reads a message's HTML, which holds Markdown's few forms only, into blocks to be set on paper.

1. Headings, paragraphs, lists, bold, emphasis and line breaks stay what they are.
2. Paper cannot be clicked: a link's target stands behind its words, unless they say it already.
3. A message without HTML is its plain text, with a paragraph after each empty line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Final, Literal

import msgspec

Kind = Literal["heading", "paragraph", "bullets", "numbers"]

BREAK: Final = "\n"
"""The text of a run that is nothing but a line break."""

_SPACES: Final = re.compile(r"[ \t\r\n]+")  # no-break spaces are none of these
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_LISTS: Final[dict[str, Kind]] = {"ul": "bullets", "ol": "numbers"}
_BODY: Final = "<body>"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Words of one look; `BREAK` alone is a line break."""

    text: str
    is_strong: bool = False
    is_emphatic: bool = False


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A heading of a `level`, a paragraph, or a list whose items hold blocks.

    `start` is the first number of a numbered list.
    """

    kind: Kind
    runs: tuple[Run, ...] = ()
    level: int = 0
    start: int = 1
    items: tuple[tuple[Block, ...], ...] = ()


def blocks_of(text: str, html: str) -> tuple[Block, ...]:
    """Return the message's blocks; of the plain text only where there is no HTML."""
    if not html:
        return tuple(_paragraph(each) for each in re.split(r"\n{2,}", text.strip("\n")) if each)
    reader = _Reader()
    reader.feed(html.partition(_BODY)[2] or html)
    reader.close()
    return reader.blocks()


def runs_in(blocks: Sequence[Block]) -> list[tuple[Kind, Run]]:
    """Return every run with the kind of block that it stands in."""
    found = [(block.kind, run) for block in blocks for run in block.runs]
    for block in blocks:
        for item in block.items:
            found += runs_in(item)
    return found


def _paragraph(text: str) -> Block:
    runs: list[Run] = []
    for line in text.split("\n"):
        runs += [Run(text=BREAK)] if runs else []
        runs += [Run(text=line)] if line else []
    return Block(kind="paragraph", runs=tuple(runs))


class _List:
    """A list that is being read."""

    def __init__(self, kind: Kind, start: int) -> None:
        self.kind = kind
        self.start = start
        self.items: list[list[Block]] = []

    def block(self) -> Block:
        """Return the list as it stands."""
        return Block(kind=self.kind, start=self.start, items=tuple(map(tuple, self.items)))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._top: list[Block] = []
        self._lists: list[_List] = []
        self._runs: list[Run] = []
        self._looks = {"strong": 0, "em": 0}
        self._link: tuple[str, int] | None = None

    def blocks(self) -> tuple[Block, ...]:
        """Return what was read."""
        self._end_block()
        return tuple(self._top)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _LISTS:
            self._end_block()
            start = dict(attrs).get("start") or "1"
            self._lists.append(_List(_LISTS[tag], int(start)))
        elif tag == "li" and self._lists:
            self._lists[-1].items.append([])
        elif tag in self._looks:
            self._looks[tag] += 1
        elif tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self._runs))
        elif tag == "br":
            self._runs.append(Run(text=BREAK))

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._end_block(level=_HEADINGS[tag])
        elif tag in ("p", "li"):
            self._end_block()
        elif tag in _LISTS and self._lists:
            self._end_block()
            ended = self._lists.pop().block()
            self._into().append(ended)
        elif tag in self._looks:
            self._looks[tag] -= 1
        elif tag == "a":
            self._end_link()

    def handle_data(self, data: str) -> None:
        text = _SPACES.sub(" ", data)
        if not self._runs or self._runs[-1].text == BREAK:
            text = text.lstrip(" ")
        if text:
            self._add(text)

    def _add(self, text: str) -> None:
        run = Run(
            text=text,
            is_strong=self._looks["strong"] > 0,
            is_emphatic=self._looks["em"] > 0,
        )
        self._runs.append(run)

    def _end_link(self) -> None:
        target, start = self._link or ("", 0)
        said = "".join(run.text for run in self._runs[start:])
        if target and said not in (target, target.partition(":")[2]):
            self._add(f" ({target})")
        self._link = None

    def _end_block(self, *, level: int = 0) -> None:
        runs, self._runs = self._runs, []
        if runs:
            runs[-1] = msgspec.structs.replace(runs[-1], text=runs[-1].text.rstrip(" "))
            kind: Kind = "heading" if level else "paragraph"
            self._into().append(Block(kind=kind, level=level, runs=tuple(runs)))

    def _into(self) -> list[Block]:
        """Return where a block that ends now belongs: the open item, or the letter itself."""
        items = self._lists[-1].items if self._lists else []
        return items[-1] if items else self._top
