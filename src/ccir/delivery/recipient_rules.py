"""What decides whether a row of a list is told: who was told before, and what a person decided."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Literal

import msgspec

from ccir.domain.manual_queue import Decision, QueueReason

Bar = Literal["already_told", "suppressed", "left_out"]
OPT_OUT: QueueReason = "opt-out"


class Fate(msgspec.Struct, frozen=True):
    """What becomes of a row: told, left out, or waiting for a person because of `reasons`."""

    is_told: bool = False
    reasons: tuple[QueueReason, ...] = ()


class ListRules(msgspec.Struct, frozen=True, kw_only=True):
    """What a list's rows are judged by.

    `languages` are those the notice is written in, the fallback first; `key_of` gives an
    address's keyed hash in hexadecimal, `told` holds those whom an earlier version may have told,
    `suppressed` those who are not written to any more. With `only` nobody else is told.
    A notice that `is_owed` to the people concerned reaches also who opted out. `included` reasons
    put nobody into the queue; `decisions` are by key.
    """

    languages: Sequence[str]
    key_of: Callable[[str], str]
    told: Container[str] = frozenset()
    suppressed: Container[str] = frozenset()
    only: Container[str] | None = None
    is_owed: bool = False
    included: frozenset[QueueReason] = frozenset()
    decisions: Mapping[str, Decision] = {}

    def bar(self, key: str) -> Bar | None:
        """Return why a row is not told, whatever its flags; None where nothing is in the way."""
        if key in self.told:
            return "already_told"
        if key in self.suppressed:
            return "suppressed"
        return "left_out" if self.only is not None and key not in self.only else None

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
