"""Recipients from a CSV file: read row by row, with a reason for every row left out.

1. The header names `email`, `name` and `language`, and free columns for templates.
2. Every row is kept, merged as a duplicate, or rejected; the three add up to what was read.
3. No reason holds an address: it may be shown and kept.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, TextIO

import msgspec

from ccir.delivery.recipient_lines import UnreadableLineError, read_lines
from ccir.delivery.recipient_rows import read_header, read_row
from ccir.domain.notices import Recipient

_DIGEST_BYTES = 16  # kept of each address, so that a million of them need little memory


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A row that names nobody who can be told; `row` counts from 1 without the header."""

    row: int
    reason: str


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the rows: read = kept + duplicates + rejected.

    `languages` counts the kept ones; `fallbacks` of them asked for a language that the notice
    is not written in, or for none, and get its first.
    """

    read: int
    kept: int
    duplicates: int
    rejected: int
    fallbacks: int
    languages: dict[str, int]


class RecipientList:
    """The recipients of a file, to be run through once; `totals` grow on the way.

    `languages` are those the notice is written in, the fallback first. `reject` is told each
    row that is left out. The caller closes the file.

    Raises:
        InvalidDocumentError: the header does not fit, or there are more rows than any list has.
    """

    def __init__(
        self, file: BinaryIO, *, languages: Sequence[str], reject: Callable[[Rejected], None]
    ) -> None:
        self._lines = read_lines(file)
        self._header = read_header(self._lines)
        self._offered = {language.lower(): language for language in languages}
        self._fallback = languages[0]
        self._reject = reject
        self._seen: set[bytes] = set()
        self._counts: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()

    @property
    def totals(self) -> Totals:
        """Return what became of the rows so far."""
        return Totals(
            read=self._counts["read"],
            kept=self._counts["kept"],
            duplicates=self._counts["duplicates"],
            rejected=self._counts["rejected"],
            fallbacks=self._counts["fallbacks"],
            languages=dict(sorted(self._languages.items())),
        )

    def __iter__(self) -> Iterator[Recipient]:
        for number, line in self._lines:
            self._counts["read"] += 1
            try:
                recipient = read_row(line, self._header, row=number - 1, languages=self._offered)
            except UnreadableLineError as error:
                self._counts["rejected"] += 1
                self._reject(Rejected(row=number - 1, reason=str(error)))
                continue
            if self._is_new(recipient.address):
                yield self._kept(recipient)

    def _is_new(self, address: str) -> bool:
        digest = hashlib.sha256(address.lower().encode()).digest()[:_DIGEST_BYTES]
        if digest in self._seen:
            self._counts["duplicates"] += 1
            return False
        self._seen.add(digest)
        return True

    def _kept(self, recipient: Recipient) -> Recipient:
        self._counts["kept"] += 1
        if not recipient.language:
            self._counts["fallbacks"] += 1
            recipient = msgspec.structs.replace(recipient, language=self._fallback)
        self._languages[recipient.language] += 1
        return recipient


def reject_writer(file: TextIO) -> Callable[[Rejected], None]:
    """Write a header and return what writes one row for each rejected one, as CSV."""
    writer = csv.writer(file)
    writer.writerow(["row", "reason"])

    def write(rejected: Rejected) -> None:
        writer.writerow([rejected.row, rejected.reason])

    return write
