"""Recipients from a CSV file: a header, then one person a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from ccir.delivery.recipient_columns import REQUIRED, checked_columns
from ccir.delivery.recipient_lines import FileLines, UnreadableLineError, split_fields
from ccir.errors import InvalidDocumentError

_DELIMITERS = (",", ";", "\t")  # spreadsheets write ; where the comma is the decimal mark


class CsvRows:
    """The rows of a CSV file.

    Raises:
        InvalidDocumentError: it is UTF-16, or its header is missing, lacks a column, or has one
            that no template can name.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = FileLines(file)
        self._lines = iter(self._file)
        header = _header(self._lines)
        self._delimiter = max(_DELIMITERS, key=lambda mark: (header or b"").count(mark.encode()))
        try:
            fields = split_fields(header, delimiter=self._delimiter)
        except UnreadableLineError as error:
            raise InvalidDocumentError(
                f"the list's header cannot be read: {error}", hint="save it as CSV in UTF-8"
            ) from error
        self._columns = checked_columns(fields)

    @property
    def expected(self) -> int | None:
        """Return about how many rows there are; see `RowSource.expected`."""
        return self._file.expected

    def __iter__(self) -> Iterator[tuple[int, dict[str, str] | str]]:
        columns, delimiter, count = self._columns, self._delimiter, len(self._columns)
        for number, line in self._lines:
            try:
                fields = split_fields(line, delimiter=delimiter)
            except UnreadableLineError as error:
                yield number - 1, str(error)
                continue
            if len(fields) == count:
                yield number - 1, dict(zip(columns, fields, strict=True))
            else:
                yield number - 1, f"the row has {len(fields)} fields, the header {count}"


def _header(lines: Iterator[tuple[int, bytes | None]]) -> bytes | None:
    for number, line in lines:
        if number == 1:
            return line
        break
    raise InvalidDocumentError(
        "the list has no header", hint=f"its first line must be {','.join(REQUIRED)}"
    )
