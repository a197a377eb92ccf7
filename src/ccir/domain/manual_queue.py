"""Recipients that nobody is told before a person decided, and what became of them."""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

from ccir.domain.notices import Recipient

QueueReason = Literal["deceased", "legal-hold", "minor", "opt-out"]
QUEUE_REASONS: Final[tuple[QueueReason, ...]] = get_args(QueueReason)


class Queued(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient who waits for a decision, and why; the gravest reason comes first."""

    recipient: Recipient
    reasons: tuple[QueueReason, ...]


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier row of a list that a later row of the same address puts in doubt."""

    row: int
    reasons: tuple[QueueReason, ...]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decided of one recipient: she is told all the same, or left out.

    `key` is the keyed hash of her address. It holds for these reasons only: a row that gets
    another one waits again.
    """

    key: str
    reasons: tuple[QueueReason, ...]
    is_included: bool


ListItem = Recipient | Queued | Withdrawn
"""What a list is made of, in the order of its rows."""
