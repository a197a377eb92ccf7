"""Who is told and how it went: recipients, the states of a ledger row, and their counts."""

from __future__ import annotations

from typing import Literal

import msgspec

LedgerState = Literal[
    "planned", "claimed", "accepted", "refused-temporary", "refused-permanent", "unknown"
]
Told = Literal["accepted", "refused-temporary", "refused-permanent", "unknown"]


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """A person to be told: one address, and what the template may use of her.

    `row` is the row of the list she came from, counted from 1 without the header.
    """

    row: int
    address: str
    name: str
    language: str
    columns: dict[str, str] = {}


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of a notice's ledger are in each state."""

    planned: int = 0
    claimed: int = 0
    accepted: int = 0
    refused: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """Return the number of all rows."""
        return self.planned + self.claimed + self.accepted + self.refused + self.unknown


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the other side said about one message.

    `unknown` means the message may or may not have been taken: the answer got lost after
    the last byte. `code` is the protocol's number (an SMTP reply code) or 0; `reply` the
    server's words without the recipient's address; `retryable` says that nothing can have
    been taken, so sending again is safe.
    """

    state: Told
    code: int = 0
    reply: str = ""
    retryable: bool = False


def masked(address: str) -> str:
    """Return the address as it may be shown: first and last letter, host hidden, TLD kept."""
    local, _, host = address.rpartition("@")
    if not local:
        return f"…{address[-2:]}" if len(address) > 4 else "…"  # noqa: PLR2004 - too short to show
    name, _, tld = host.rpartition(".")
    shown = local[0] + "***" + (local[-1] if len(local) > 2 else "")  # noqa: PLR2004 - as above
    return f"{shown}@{name[:1]}***.{tld}" if name else f"{shown}@***"
