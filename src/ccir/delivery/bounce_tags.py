"""The tag in a message's envelope sender, by which a mail that comes back is known.

1. A tag is `NUMBER.ROW.MARK`: the ledger's number of the notice, the list's row, and the first
   ten digits of a keyed hash of both. It goes out as `bounces+TAG@host`
   (https://cr.yp.to/proto/verp.txt, variable envelope return path).
2. Nobody without this installation's key can make the tag of a row: whoever writes to the
   mailbox for bounces may guess 2^40 times for one row.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable

import msgspec

from ccir.domain.ledger import LedgerRow

MARK_DIGITS = 10
LIMIT_TAGS = 20
# Some servers write what follows the + in capitals, and a forwarder may put a = for the @.
_TAG = re.compile(r"\+(?P<number>[0-9]{1,12})\.(?P<row>[0-9]{1,12})\.(?P<mark>[0-9a-f]{10})[@=]")

Sign = Callable[[bytes], str]


class Tagged(msgspec.Struct, frozen=True):
    """Which row a mail came back for: the ledger's number of its notice, and the list's row."""

    number: int
    row: int


class BounceTags:
    """Makes and verifies tags with a keyed hash, `sign`, that answers in hexadecimal."""

    def __init__(self, sign: Sign) -> None:
        self._sign = sign

    def tagging(self, number: int) -> Callable[[LedgerRow], str]:
        """Return what makes the tags of a notice's rows; `number` is the ledger's."""

        def tag(row: LedgerRow) -> str:
            return f"{number}.{row.row}.{self._mark(number, row.row)}"

        return tag

    def verified(self, tags: Iterable[str]) -> Tagged | None:
        """Return what the first genuine one of the tags says; None without one."""
        for tag in tags:
            number, row, mark = tag.split(".")
            if hmac.compare_digest(mark, self._mark(int(number), int(row))):
                return Tagged(int(number), int(row))
        return None

    def _mark(self, number: int, row: int) -> str:
        return self._sign(f"tag {number}.{row}".encode())[:MARK_DIGITS]


def tags_in(words: Iterable[str]) -> tuple[str, ...]:
    """Return what looks like a tag in these header fields, genuine or not, each once."""
    found = (
        f"{match['number']}.{match['row']}.{match['mark']}"
        for field in words
        for match in _TAG.finditer(field.lower())
    )
    return tuple(dict.fromkeys(found))[:LIMIT_TAGS]
