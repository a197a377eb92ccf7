"""Acknowledgements: what a link's token holds, who is late, and how a roll-call stands.

1. A token is a version, a random id, the moment when it expires, and a code that only this
   installation can make; its 39 bytes are 52 characters of base64url, without spare bits.
2. Who confirms after her time is late; her confirmation counts all the same.
3. Who can be told by nothing that was tried is unreachable, which is not the same as silent.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

from ccir.domain.notices import LedgerState

Answer = Literal["read", "safe", "working", "help"]
"""`working` is safe and can work, `help` needs help, `read` has read the notice."""

How = Literal["link", "person"]
Standing = Literal["confirmed", "late", "not-confirmed", "unreachable", "not-sent"]

ID_BYTES = 16
CODE_BYTES = 16
CONTENT_BYTES = 1 + ID_BYTES + 6  # the layout's version, the id, the expiry in seconds
TOKEN_CHARACTERS = (CONTENT_BYTES + CODE_BYTES) * 4 // 3

ANSWERS: tuple[Answer, ...] = get_args(Answer)
ROLL_CALL_ANSWERS: tuple[Answer, ...] = ("safe", "working", "help")
NOTICE_ANSWERS: tuple[Answer, ...] = ("read",)

_LAYOUT = b"\x01"
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_CHARACTERS}}}")
_REACHED: frozenset[LedgerState] = frozenset({"accepted", "delivered", "confirmed"})
_UNSENT: frozenset[LedgerState] = frozenset({"planned", "claimed", "superseded"})


class TokenContent(msgspec.Struct, frozen=True, kw_only=True):
    """What a token says: whose it is, and until when it may be used."""

    id: bytes
    expires_at: dt.datetime


def token_content(content: TokenContent) -> bytes:
    """Return the bytes that a token's code is made over; the expiry is kept to the second."""
    return _LAYOUT + content.id + int(content.expires_at.timestamp()).to_bytes(6, "big")


def token_text(content: bytes, code: bytes) -> str:
    """Return a token as it stands in a link."""
    return base64.urlsafe_b64encode(content + code).decode("ascii")


def split_token(text: str) -> tuple[bytes, bytes] | None:
    """Return a token's content and code, which nobody has compared yet; None where it is none."""
    if _TOKEN.fullmatch(text) is None:  # the decoder would take + and / for - and _
        return None
    octets = base64.urlsafe_b64decode(text)
    return octets[:CONTENT_BYTES], octets[CONTENT_BYTES:]


def read_content(content: bytes) -> TokenContent | None:
    """Return what a content says whose code was found right; None of another layout."""
    if content[:1] != _LAYOUT or len(content) != CONTENT_BYTES:
        return None
    seconds = int.from_bytes(content[1 + ID_BYTES :], "big")
    return TokenContent(
        id=content[1 : 1 + ID_BYTES], expires_at=dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
    )


def is_late(confirmed_at: dt.datetime, due_at: dt.datetime | None) -> bool:
    """Return whether a confirmation came after its time; without a time none is late."""
    return due_at is not None and confirmed_at > due_at


def standing(
    states: Iterable[LedgerState], *, confirmed_at: dt.datetime | None, late: bool
) -> Standing:
    """Return how a recipient stands, from the states of her rows in all rounds."""
    found = frozenset(states)
    if confirmed_at is not None:
        return "late" if late else "confirmed"
    if "confirmed" in found:  # somebody closed her row by an acknowledgement of another kind
        return "confirmed"
    if found & _REACHED:
        return "not-confirmed"
    return "not-sent" if found & _UNSENT else "unreachable"


def is_settled(how: Standing) -> bool:
    """Return whether a recipient has confirmed, so that nobody asks her again."""
    return how in {"confirmed", "late"}


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How many recipients stand how, and what those who confirmed have answered."""

    confirmed: int = 0
    late: int = 0
    not_confirmed: int = 0
    unreachable: int = 0
    not_sent: int = 0
    answers: dict[str, int] = {}

    @property
    def total(self) -> int:
        """Return the number of all recipients."""
        return self.confirmed + self.late + self.not_confirmed + self.unreachable + self.not_sent


class Counting:
    """Counts recipients one by one, for a `Tally` at the end."""

    def __init__(self) -> None:
        self._standings: Counter[Standing] = Counter()
        self._answers: Counter[str] = Counter()

    def add(self, how: Standing, answer: Answer | None) -> None:
        """Count one recipient."""
        self._standings[how] += 1
        if answer is not None:
            self._answers[answer] += 1

    @property
    def tally(self) -> Tally:
        """Return how many were counted so far."""
        counts = self._standings
        return Tally(
            confirmed=counts["confirmed"],
            late=counts["late"],
            not_confirmed=counts["not-confirmed"],
            unreachable=counts["unreachable"],
            not_sent=counts["not-sent"],
            answers={each: self._answers[each] for each in ANSWERS if self._answers[each]},
        )
