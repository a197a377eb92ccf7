"""Who is told and how it went: recipients, the states of a ledger row, and their counts."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

Told = Literal["accepted", "refused-temporary", "refused-permanent", "unknown"]
Later = Literal["delivered", "bounced", "confirmed", "superseded"]
LedgerState = Literal["planned", "claimed"] | Told | Later


class Recipient(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person to be told: one address, and what the template may use of her.

    `row` is the row of the list she came from, counted from 1 without the header. `country`,
    `subdivision` (ISO 3166) and `channel` (what she prefers) are empty where they are
    undetermined; `columns` keeps the list's own words for them.
    """

    row: int
    address: str
    name: str
    language: str
    columns: dict[str, str] = {}
    country: str = ""
    subdivision: str = ""
    channel: str = ""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of a notice's ledger are in each state.

    `accepted` rows were taken by the next server and nothing has been heard of them since;
    those of which more is known are `delivered`, `bounced` or `confirmed`. A `superseded` row
    was still planned when a newer version took its place.
    """

    planned: int = 0
    claimed: int = 0
    accepted: int = 0
    refused: int = 0
    unknown: int = 0
    delivered: int = 0
    bounced: int = 0
    confirmed: int = 0
    superseded: int = 0

    @property
    def total(self) -> int:
        """Return the number of all rows."""
        return self.left + self.told + self.refused + self.unknown + self.bounced + self.superseded

    @property
    def left(self) -> int:
        """Return the number of rows that were not attempted yet."""
        return self.planned + self.claimed

    @property
    def told(self) -> int:
        """Return the number of rows that were taken and did not come back."""
        return self.accepted + self.delivered + self.confirmed


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """How one message left: to which server, under which TLS version, when, and which bytes.

    `sent_at` is the moment before its first byte; `sha256` is of the message as it was handed
    over. `tls` is empty where the connection was not encrypted.
    """

    relay: str
    tls: str = ""
    sent_at: dt.datetime
    sha256: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the other side said about one message.

    `unknown` means the message may or may not have been taken: the answer got lost after
    the last byte. `code` is the protocol's number (an SMTP reply code) or 0; `reply` the
    server's words without the recipient's address; `retryable` says that nothing can have
    been taken, so sending again is safe. `evidence` is there where the message left whole.
    """

    state: Told
    code: int = 0
    reply: str = ""
    retryable: bool = False
    evidence: Evidence | None = None


def masked(address: str) -> str:
    """Return the address as it may be shown: first and last letter, host hidden, TLD kept."""
    local, _, host = address.rpartition("@")
    if not local:
        return f"…{address[-2:]}" if len(address) > 4 else "…"  # noqa: PLR2004 - too short to show
    name, _, tld = host.rpartition(".")
    shown = local[0] + "***" + (local[-1] if len(local) > 2 else "")  # noqa: PLR2004 - as above
    return f"{shown}@{name[:1]}***.{tld}" if name else f"{shown}@***"
