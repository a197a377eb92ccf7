"""Recipients from JSON lines: one object a line, with the columns of a CSV file as its keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from ccir.delivery.recipient_lines import LIMIT_LINE_BYTES, FileLines, UnreadableLineError
from ccir.delivery.recipient_values import values_of

_DECODER = msgspec.json.Decoder(dict[str, object])


class JsonRows:
    """The rows of a file of JSON lines; a key that an object lacks is an empty column there."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = FileLines(file)

    @property
    def expected(self) -> int | None:
        """Return about how many rows there are; see `RowSource.expected`."""
        return self._file.expected

    def __iter__(self) -> Iterator[tuple[int, dict[str, str] | str]]:
        for number, line in self._file:
            try:
                yield number, {**_NOTHING, **_values(line)}
            except UnreadableLineError as error:
                yield number, str(error)


_NOTHING = {"email": "", "name": "", "language": ""}


def _values(line: bytes | None) -> dict[str, str]:
    if line is None:
        raise UnreadableLineError(f"the line has more than {LIMIT_LINE_BYTES} bytes")
    try:
        named = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise UnreadableLineError("the line is no JSON object") from None
    return values_of(named)
