"""Recipients from a list: read row by row, with a reason for every row that is not told.

1. Every row has `email`, `name` and `language`, and free columns for templates.
2. Every row is kept, merged as a duplicate, rejected, queued for a person's decision, left out,
   told already, or not written to any more; these add up to what was read.
3. An address that comes again is merged. Where the later row has a flag that the first one lacks,
   the two contradict each other, and the first one is withdrawn.
4. Spellings of one mailbox that differ in a +tag, or in dots at Gmail, are both kept and shown.
5. No reason holds an address: it may be shown and kept.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TextIO

import msgspec

from ccir.delivery.recipient_columns import RowSource
from ccir.delivery.recipient_lines import UnreadableLineError
from ccir.delivery.recipient_rows import RowReader
from ccir.delivery.recipient_rules import ListRules
from ccir.delivery.recipient_seen import Seen, Variant
from ccir.domain.manual_queue import ListItem, Queued, QueueReason, Withdrawn
from ccir.domain.notices import Recipient


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A row that names nobody who can be told; `row` counts from 1 without the header."""

    row: int
    reason: str


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the rows that were read; every row is counted once.

    read = kept + duplicates + rejected + the sum of `queued` + left_out + already_told + suppressed

    - `kept` rows are told by this version.
    - `duplicates` have the address of an earlier row, whatever became of that one.
    - `rejected` rows name nobody who can be told.
    - `queued` rows wait for a person, counted under their gravest reason; also a first row that a
      duplicate contradicts.
    - `left_out` are those who opted out of a notice that nobody owes, whom a person left out, and
      whom this version does not mean.
    - `already_told` are those whom an earlier version may have told.
    - `suppressed` are those whose address is no longer written to.

    Beside the sum: `fallbacks` of the kept and queued asked for a language that the notice is not
    written in, or for none, and get its first; `variants` rows look like another spelling of an
    earlier row's mailbox; `odd_phones` numbers are none.
    """

    read: int
    kept: int
    duplicates: int
    rejected: int
    fallbacks: int
    queued: dict[str, int] = {}
    left_out: int = 0
    already_told: int = 0
    suppressed: int = 0
    variants: int = 0
    odd_phones: int = 0


class RecipientList:
    """The recipients of a list, to be run through once; `totals` grow on the way.

    `reject` is told each row that is rejected. What holds the rows is closed by the caller.
    """

    def __init__(
        self, source: RowSource, rules: ListRules, *, reject: Callable[[Rejected], None]
    ) -> None:
        self._source = source
        self._rules = rules
        self._reader = RowReader({language.lower(): language for language in rules.languages})
        self._reject = reject
        self._seen = Seen(rules.key_of)
        self._counts: Counter[str] = Counter()
        self._queued: Counter[str] = Counter()

    @property
    def totals(self) -> Totals:
        """Return what became of the rows so far."""
        counts = self._counts
        return Totals(
            read=counts["read"],
            kept=counts["kept"],
            duplicates=counts["duplicates"],
            rejected=counts["rejected"],
            fallbacks=counts["fallbacks"],
            queued=dict(sorted((+self._queued).items())),
            left_out=counts["left_out"],
            already_told=counts["already_told"],
            suppressed=counts["suppressed"],
            variants=self._seen.variants_count,
            odd_phones=self._reader.odd_phones,
        )

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Return the first rows that look like another spelling of an earlier row's mailbox."""
        return tuple(self._seen.variants)

    @property
    def progress(self) -> tuple[int, int | None]:
        """Return how many rows were read, and about how many there are."""
        return self._counts["read"], self._source.expected

    def __iter__(self) -> Iterator[ListItem]:
        counts = self._counts
        for row, found in self._source:
            counts["read"] += 1
            if isinstance(found, str):
                self._turn_away(row, found)
                continue
            try:
                recipient, flags = self._reader.read(found, row=row)
            except UnreadableLineError as error:
                self._turn_away(row, str(error))
                continue
            item = self._judged(recipient, flags)
            if item is not None:
                yield item

    def _turn_away(self, row: int, reason: str) -> None:
        self._counts["rejected"] += 1
        self._reject(Rejected(row=row, reason=reason))

    def _judged(self, recipient: Recipient, flags: tuple[QueueReason, ...]) -> ListItem | None:
        key = self._rules.key_of(recipient.address)
        first = self._seen.first(key)
        if first is not None:
            self._counts["duplicates"] += 1
            return self._withdrawn(key, first, flags=flags) if flags else None
        fate = self._rules.fate(key, flags)
        bar = self._rules.bar(key)
        is_kept = fate.is_told and bar is None
        self._seen.add(key, recipient, is_kept=is_kept)
        if is_kept:
            self._counts["kept"] += 1
            return self._in_language(recipient)
        if bar is not None:
            self._counts[bar] += 1
        elif not fate.reasons:
            self._counts["left_out"] += 1
        else:
            self._queued[fate.reasons[0]] += 1
            return Queued(recipient=self._in_language(recipient), reasons=fate.reasons)
        return None

    def _withdrawn(
        self, key: str, first: int, *, flags: tuple[QueueReason, ...]
    ) -> Withdrawn | None:
        """Return the first row withdrawn, where it was kept and a later one's flags forbid that."""
        fate = self._rules.fate(key, flags)
        if first < 0 or fate.is_told:
            return None
        self._seen.withdraw(key)
        self._counts["kept"] -= 1
        if fate.reasons:
            self._queued[fate.reasons[0]] += 1
        else:
            self._counts["left_out"] += 1
        return Withdrawn(row=first, reasons=fate.reasons)

    def _in_language(self, recipient: Recipient) -> Recipient:
        if recipient.language:
            return recipient
        self._counts["fallbacks"] += 1
        return msgspec.structs.replace(recipient, language=self._rules.languages[0])


def reject_writer(file: TextIO) -> Callable[[Rejected], None]:
    """Write a header and return what writes one row for each rejected one, as CSV."""
    writer = csv.writer(file)
    writer.writerow(["row", "reason"])

    def write(rejected: Rejected) -> None:
        writer.writerow([rejected.row, rejected.reason])

    return write
