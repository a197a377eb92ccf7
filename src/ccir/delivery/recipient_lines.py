"""The lines of a recipients' file, one at a time and each by itself, within bounds."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from ccir.errors import InvalidDocumentError

LIMIT_LINE_BYTES = 32 * 1024
LIMIT_ROWS = 5_000_000
_LIMIT_PIECES = 1024  # of a line too long: 32 MiB
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class UnreadableLineError(Exception):
    """A line that cannot be taken apart; its text says why in a few words."""


def read_lines(
    file: BinaryIO, *, limit_rows: int = LIMIT_ROWS
) -> Iterator[tuple[int, bytes | None]]:
    """Return each line that is not blank with its number from 1; None for one too long.

    Raises:
        InvalidDocumentError: the file is UTF-16, or has more rows than any list of people.
    """
    for number in range(1, limit_rows + 3):  # the header, the rows, the end
        line = file.readline(LIMIT_LINE_BYTES + 1)
        if not line:
            return
        if number == 1:
            line = _without_mark(line)
        is_too_long = len(line) > LIMIT_LINE_BYTES and not line.endswith(b"\n")
        if is_too_long:
            _skip_rest(file)
        if line.strip():
            yield number, None if is_too_long else line.rstrip(b"\r\n")
    raise InvalidDocumentError(
        f"the list has more than {limit_rows} rows", hint="split it into several files"
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
        rows = [*csv.reader([line.decode("utf-8")], delimiter=delimiter, strict=True)]
    except UnicodeDecodeError:
        raise UnreadableLineError("the line is not UTF-8") from None
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
