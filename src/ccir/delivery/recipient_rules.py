"""What decides whether a row of a list is told: who was told before, and what a person decided."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence

import msgspec

from ccir.domain.manual_queue import Decision, QueueReason

OPT_OUT: QueueReason = "opt-out"


class Fate(msgspec.Struct, frozen=True):
    """What becomes of a row: told, left out, or waiting for a person because of `reasons`."""

    is_told: bool = False
    reasons: tuple[QueueReason, ...] = ()


class ListRules(msgspec.Struct, frozen=True, kw_only=True):
    """What a list's rows are judged by.

    `languages` are those the notice is written in, the fallback first; `key_of` gives an
    address's keyed hash in hexadecimal, `told` holds those whom an earlier version may have told.
    A notice that `is_owed` to the people concerned reaches also who opted out. `included` reasons
    put nobody into the queue; `decisions` are by key.
    """

    languages: Sequence[str]
    key_of: Callable[[str], str]
    told: Container[str] = frozenset()
    is_owed: bool = False
    included: frozenset[QueueReason] = frozenset()
    decisions: Mapping[str, Decision] = {}

    def fate(self, key: str, flags: tuple[QueueReason, ...]) -> Fate:
        """Return what becomes of a row with these flags."""
        if not flags:
            return TOLD
        if OPT_OUT in flags and not self.is_owed:
            return LEFT_OUT
        reasons = tuple(flag for flag in flags if flag not in self.included)
        if not reasons:
            return TOLD
        decision = self.decisions.get(key)
        if decision is None or not {*reasons} <= {*decision.reasons}:
            return Fate(reasons=reasons)
        return TOLD if decision.is_included else LEFT_OUT


TOLD = Fate(is_told=True)
LEFT_OUT = Fate()
