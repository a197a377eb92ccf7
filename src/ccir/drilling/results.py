"""What was found so far while a backup is examined, and what it comes to."""

from __future__ import annotations

import msgspec

from ccir.domain.outcomes import CheckResult, decisive
from ccir.drilling.failures import proved_nothing

# The tool stumbled over what may be damage: its own check of the repository can tell.
_UNEXPLAINED = frozenset({"content-unknown", "tool-crashed", "unrecognised-output"})


def can_go_on(found: CheckResult) -> bool:
    """Tell whether it is worth asking the repository more after such a result."""
    return found.verdict != "error" or found.reason in _UNEXPLAINED


class Results:
    """What was found, in that order."""

    def __init__(self) -> None:
        self.checks: tuple[CheckResult, ...] = ()

    def note(self, found: CheckResult) -> bool:
        """Keep the result and return whether it is a pass."""
        self.checks = (*self.checks, found)
        return found.verdict == "pass"

    def worst(self) -> CheckResult:
        """Return the result that decides the whole; of a pass its detail is everything seen.

        Where nothing was found there is an error: nothing is proven.
        """
        decided = decisive(self.checks) or proved_nothing()
        if decided.verdict != "pass":
            return decided
        seen = "; ".join(check.detail for check in self.checks if check.detail)
        return msgspec.structs.replace(decided, detail=seen)
