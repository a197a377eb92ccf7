"""Where in a TOML text a key stands; the standard library's reader does not say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str, ...]
Position = tuple[int, int]

_PART = r"(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|[A-Za-z0-9_-]+)"
_KEY = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_HEADER = re.compile(rf"[ \t]*\[\[?[ \t]*({_KEY})[ \t]*\]")
_ASSIGNMENT = re.compile(rf"[ \t]*({_KEY})[ \t]*=")


def positions(text: str) -> dict[Path, Position]:
    """Return line and column, counted from 1, of every table header and key at a line's start.

    A table that only stands in the header of another one (`a` in `[a.b]`) is found there.
    A key inside an inline table is not found; a line of a multi-line string may look like a
    key, which places a complaint wrongly but never hides one.
    """
    table: Path = ()
    found: dict[Path, Position] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = _parts(header[1])
            _note(found, table, (number, header.start(1) + 1))
        elif key := _ASSIGNMENT.match(line):
            _note(found, table + _parts(key[1]), (number, key.start(1) + 1))
    return found


def position(path: Path, known: Mapping[Path, Position]) -> Position:
    """Return where the path stands, else the nearest table around it, else the first line."""
    for length in range(len(path), 0, -1):
        if path[:length] in known:
            return known[path[:length]]
    return (1, 1)


def _note(found: dict[Path, Position], path: Path, place: Position) -> None:
    for length in range(1, len(path) + 1):
        found.setdefault(path[:length], place)


def _parts(key: str) -> Path:
    return tuple(_plain(part) for part in re.findall(_PART, key))


def _plain(part: str) -> str:
    if part[0] not in "\"'":
        return part
    try:
        [name] = tomllib.loads(f"{part} = 0")
    except ValueError:
        return part
    return name
