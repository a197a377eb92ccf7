"""Addresses that are no longer written to, known by keyed hashes only, and why."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal, get_args

import msgspec

SuppressionReason = Literal["dead-address", "complaint", "by-hand"]
SUPPRESSION_REASONS: Final[tuple[SuppressionReason, ...]] = get_args(SuppressionReason)

ALWAYS: Final[frozenset[SuppressionReason]] = frozenset({"dead-address", "by-hand"})
"""What keeps every notice away from an address; a complaint keeps away only what nobody owes."""


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """One address that is no longer written to.

    `key` is its keyed hash. `run` and `notice` are what it was learnt from, the notice empty
    where a person added it.
    """

    key: str
    reason: SuppressionReason
    at: dt.datetime
    run: str
    notice: str = ""
