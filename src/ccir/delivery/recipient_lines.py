"""The lines of a recipients' file, one at a time and each by itself, within bounds."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from ccir.errors import InvalidDocumentError

LIMIT_LINE_BYTES = 32 * 1024
LIMIT_ROWS = 5_000_000
_LIMIT_PIECES = 1024  # of a line too long: 32 MiB
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_ENOUGH_LINES = 100  # before the length of the rest is estimated by theirs


class UnreadableLineError(Exception):
    """A line that cannot be taken apart; its text says why in a few words."""


class FileLines:
    """Each line of a file that is not blank, with its number from 1; None for one too long.

    Raises:
        InvalidDocumentError: the file is UTF-16, or has more rows than any list of people.
    """

    def __init__(self, file: BinaryIO, *, limit_rows: int = LIMIT_ROWS) -> None:
        self._file = file
        self._limit_rows = limit_rows
        self._bytes_read = 0
        self._lines_read = 0
        self._bytes_in_all = _size(file)

    @property
    def expected(self) -> int | None:
        """Return about how many lines there are, by the length of those read; None at first."""
        if self._bytes_in_all is None or self._lines_read < _ENOUGH_LINES:
            return None
        estimate = self._bytes_in_all * self._lines_read // max(self._bytes_read, 1)
        return max(estimate, self._lines_read)

    def __iter__(self) -> Iterator[tuple[int, bytes | None]]:
        readline = self._file.readline
        for number in range(1, self._limit_rows + 3):  # the header, the rows, the end
            line = readline(LIMIT_LINE_BYTES + 1)
            if not line:
                return
            self._bytes_read += len(line)
            self._lines_read = number
            if number == 1:
                line = _without_mark(line)
            is_too_long = len(line) > LIMIT_LINE_BYTES and not line.endswith(b"\n")
            if is_too_long:
                _skip_rest(self._file)
            if not line.isspace() and line:
                yield number, None if is_too_long else line.rstrip(b"\r\n")
        refuse_more_rows(self._limit_rows)


def refuse_more_rows(limit_rows: int) -> NoReturn:
    """Refuse a list that is longer than any list of people.

    Raises:
        InvalidDocumentError: always.
    """
    raise InvalidDocumentError(
        f"the list has more than {limit_rows} rows", hint="split it into several lists"
    )


def split_fields(line: bytes | None, *, delimiter: str) -> list[str]:
    """Return the fields of one line, without the white space around them.

    Each line stands alone, so that a quotation mark left open spoils no other row.

    Raises:
        UnreadableLineError: it is too long, no UTF-8 or wrongly quoted.
    """
    if line is None:
        raise UnreadableLineError(f"the line has more than {LIMIT_LINE_BYTES} bytes")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableLineError("the line is not UTF-8") from None
    if '"' not in text and "\r" not in text:  # as nearly all are, in a third of the time
        return [field.strip(" ") for field in text.split(delimiter)]
    try:
        rows = [*csv.reader([text], delimiter=delimiter, strict=True)]
    except csv.Error:
        raise UnreadableLineError("a quotation mark is not closed, or stands alone") from None
    return [field.strip(" ") for row in rows for field in row]


def _without_mark(line: bytes) -> bytes:
    if line.startswith(_UTF_16):
        raise InvalidDocumentError(
            "the list is written in UTF-16", hint="save it again as 'CSV UTF-8'"
        )
    return line.removeprefix(_BYTE_ORDER_MARK)


def _skip_rest(file: BinaryIO) -> None:
    for _ in range(_LIMIT_PIECES):
        piece = file.readline(LIMIT_LINE_BYTES)
        if not piece or piece.endswith(b"\n"):
            return
    raise InvalidDocumentError(
        "the list has a line without an end", hint="save it as CSV with one row a line"
    )


def _size(file: BinaryIO) -> int | None:
    """Return the bytes of a real file; what is no file, or a pipe, has no size."""
    try:
        return os.fstat(file.fileno()).st_size or None
    except OSError:
        return None
