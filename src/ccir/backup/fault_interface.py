"""What can be wrong with a repository: how it is judged, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ccir.backup.interface import Outcome, Reason, ToolVerdict
from ccir.errors import CcirError


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """A reason code and the words that speak for it."""

    reason: Reason
    line: str = ""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be wrong: its reason code, how it is judged, and what to do about it."""

    reason: Reason
    verdict: ToolVerdict
    detail: str
    hint: str


class Faults:
    """All that can be wrong with one kind of repository, by reason code."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._faults = {each.reason: each for each in faults}

    def of(self, reason: Reason) -> Fault:
        """Return the fault of that reason code."""
        return self._faults[reason]

    def outcome(self, sighting: Sighting) -> Outcome:
        """Return the outcome that was seen, with the words that speak for it."""
        found, words = self.of(sighting.reason), sighting.line.strip()
        return Outcome(
            verdict=found.verdict,
            reason=found.reason,
            detail=f"{found.detail}: {words}" if words else found.detail,
            hint=found.hint,
        )

    def instead(self, outcome: Outcome, reason: Reason) -> Outcome:
        """Return the outcome with another reason's verdict, keeping how the tool ended."""
        found = self.of(reason)
        return msgspec.structs.replace(
            outcome,
            verdict=found.verdict,
            reason=found.reason,
            detail=found.detail,
            hint=found.hint,
        )

    def refused(self, reason: Reason, error: CcirError) -> Outcome:
        """Return the outcome of a tool that could not be started."""
        verdict = self.of(reason).verdict
        return Outcome(verdict=verdict, reason=reason, detail=error.message, hint=error.hint)


def damage(reason: Reason, detail: str) -> Fault:
    """Return a fault that proves the backup bad."""
    hint = "change nothing in this repository; restore from another copy, repair a copy of this one"
    return Fault(reason=reason, verdict="fail", detail=detail, hint=hint)


def trouble(reason: Reason, detail: str, hint: str) -> Fault:
    """Return a fault that leaves no verdict."""
    return Fault(reason=reason, verdict="error", detail=detail, hint=hint)
