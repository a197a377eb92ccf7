"""Reads the rows of CSV and JSON files one by one, in bounded memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import msgspec

from ccir.checks.reading import CHUNK_BYTES, BadDataError, NoVerdictError, Watch

_MOST_CHARACTERS_OF_A_ROW = 16 << 20
_LINES_BETWEEN_LOOKS = 1_000
_SPACE = " \t\n\r"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row by its columns' names; a CSV's heading is the first, and no row of data."""

    fields: Mapping[str, object]
    is_ragged: bool = False
    is_heading: bool = False


Rows = Iterator[Row]


def csv_rows(file: Path, watch: Watch, *, encoding: str, delimiter: str) -> Rows:
    """Yield the heading and the rows of a CSV file; empty lines are passed over.

    A last line without its end is ragged: the file may have been cut in it.

    Raises:
        BadDataError: it breaks the rules of CSV (RFC 4180) or holds a null byte.
        NoVerdictError: a line is too long, or there is no time left.
    """
    with _open(file, encoding) as opened:
        lines = _Lines(opened, watch)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            heading = next(reader, [])
            yield Row(fields=dict.fromkeys(heading, ""), is_heading=True)
            for values in filter(None, reader):
                is_ragged = len(values) != len(heading) or not lines.has_ended
                yield Row(fields=dict(zip(heading, values, strict=False)), is_ragged=is_ragged)
        except csv.Error as error:
            if "limit" in str(error):
                raise _too_long() from error
            raise BadDataError("not-csv", f"line {reader.line_num}: {error}") from error


def json_lines(file: Path, watch: Watch, *, encoding: str) -> Rows:
    """Yield the object of each line; empty lines are passed over.

    Raises:
        BadDataError: a line is no JSON.
        NoVerdictError: a line is too long, or there is no time left.
    """
    with _open(file, encoding) as opened:
        lines = _Lines(opened, watch)
        for line in lines:
            if line.strip():
                yield _row(_decoded(line, lines.number))


def json_rows(file: Path, watch: Watch, *, encoding: str) -> Rows:
    """Yield the elements of the outermost array; an object in its place is the one row.

    Raises:
        BadDataError: it is no JSON, or something stands behind it.
        NoVerdictError: a row is too long, or there is no time left.
    """
    with _open(file, encoding) as opened:
        text = _Text(opened, watch)
        if text.next_character() == "[":
            yield from map(_row, text.elements())
        else:
            yield _row(text.value())
        if text.next_character():
            raise BadDataError("not-json", "something stands behind its end")


class _Lines:
    """The lines of a text, bounded; `number` is the last one's, which `has_ended` or not."""

    def __init__(self, opened: IO[str], watch: Watch) -> None:
        self._opened = opened
        self._watch = watch
        self.number = 0
        self.has_ended = True

    def __iter__(self) -> Iterator[str]:
        while line := self._opened.readline(_MOST_CHARACTERS_OF_A_ROW):
            if self.number % _LINES_BETWEEN_LOOKS == 0:
                self._watch.look()
            self.number += 1
            self.has_ended = line.endswith(("\n", "\r"))
            if len(line) >= _MOST_CHARACTERS_OF_A_ROW:
                raise _too_long()
            if "\0" in line:
                raise BadDataError("null-byte", f"line {self.number} holds a null byte")
            yield line


class _Text:
    """JSON text that is decoded value by value."""

    def __init__(self, opened: IO[str], watch: Watch) -> None:
        self._opened = opened
        self._watch = watch
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._at = 0
        self._has_ended = False

    def elements(self) -> Iterator[object]:
        """Yield the elements of the array that begins here, and go on behind it."""
        self._at += 1
        if self.next_character() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            follows = self.next_character()
            self._at += 1
            if follows == "]":
                return
            if follows != ",":
                raise BadDataError("not-json", "its array ends too early or is damaged")

    def value(self) -> object:
        """Return the value that begins here, and go on behind it."""
        self.next_character()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
                if end < len(self._text) or self._has_ended:  # else a number may go on
                    self._at = end
                    return value
            except RecursionError as error:
                raise _too_deep() from error
            except ValueError as error:
                if self._has_ended:
                    raise BadDataError("not-json", "it is cut or damaged") from error
            self._read_as_much_again()

    def next_character(self) -> str:
        """Go on to the next character that is no space, and return it; none at the end."""
        while True:
            rest = self._text[self._at : self._at + 1]
            if rest and rest not in _SPACE:
                return rest
            if rest:
                self._at += 1
            elif self._has_ended:
                return ""
            else:
                self._read_as_much_again()

    def _read_as_much_again(self) -> None:
        """Read as much as a row has so far, so that a long one is not decoded too often."""
        self._watch.look()
        rest = self._text[self._at :]
        if len(rest) > _MOST_CHARACTERS_OF_A_ROW:
            raise _too_long()
        more = self._opened.read(max(len(rest), CHUNK_BYTES))
        self._text, self._at = rest + more, 0
        self._has_ended = not more


def _open(file: Path, encoding: str) -> IO[str]:
    """Open it as text; a mark of the byte order at its beginning is none of the data."""
    is_utf8 = encoding.lower().replace("_", "-") in {"utf-8", "utf8"}
    return file.open(encoding="utf-8-sig" if is_utf8 else encoding, newline="")


def _decoded(line: str, number: int) -> object:
    try:
        return json.loads(line)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise BadDataError("not-json", f"line {number} is no JSON") from error


def _row(value: object) -> Row:
    """Return the row; what is no object has no columns, which makes it ragged."""
    if isinstance(value, dict):
        return Row(fields=value)
    return Row(fields={}, is_ragged=True)


def _too_long() -> NoVerdictError:
    return NoVerdictError(
        "too-large", "a row or a field is too long", hint="judge it with a command"
    )


def _too_deep() -> NoVerdictError:
    return NoVerdictError("too-large", "a row is nested too deep", hint="judge it with a command")
