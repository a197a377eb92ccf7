"""Which addresses a list has named so far: sixteen bytes and a row number of each."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ccir.delivery.recipient_addresses import mailbox
from ccir.domain.notices import Recipient

LIMIT_VARIANTS_SHOWN = 100
_DIGEST_BYTES = 16


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A row whose address looks like another spelling of an earlier row's mailbox."""

    row: int
    of: int


class Seen:
    """Remembers each address by its keyed hash, and finds other spellings of its mailbox.

    `variants` holds the first ones, `variants_count` counts all.
    """

    def __init__(self, key_of: Callable[[str], str]) -> None:
        self._key_of = key_of
        self._rows: dict[bytes, int] = {}  # negative where the row is not kept
        self._mailboxes: dict[bytes, int] = {}  # only those whose address is spelt otherwise
        self.variants: list[Variant] = []
        self.variants_count = 0

    def first(self, key: str) -> int | None:
        """Return the row that named the address first, negative where it is not kept."""
        return self._rows.get(_digest(key))

    def add(self, key: str, recipient: Recipient, *, is_kept: bool) -> None:
        """Remember an address that was not seen yet."""
        digest, row = _digest(key), recipient.row
        self._rows[digest] = row if is_kept else -row
        box = mailbox(recipient.address)
        if box != recipient.address.lower():
            digest = _digest(self._key_of(box))
            self._compare(row, self._rows.get(digest) or self._mailboxes.get(digest))
            self._mailboxes.setdefault(digest, row)
        elif self._mailboxes:
            self._compare(row, self._mailboxes.get(digest))

    def withdraw(self, key: str) -> None:
        """Mark an address as not kept any more."""
        digest = _digest(key)
        self._rows[digest] = -abs(self._rows[digest])

    def _compare(self, row: int, earlier: int | None) -> None:
        if earlier is None:
            return
        self.variants_count += 1
        if len(self.variants) < LIMIT_VARIANTS_SHOWN:
            self.variants.append(Variant(row=row, of=abs(earlier)))


def _digest(key: str) -> bytes:
    return bytes.fromhex(key)[:_DIGEST_BYTES]
