"""Which level of proof a drill reached: the highest of `ccir.domain.drills.LEVELS`."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ccir.domain.outcomes import CheckResult

_BY_CHECK = {
    "repository": "L0",
    "structure": "L1",
    "data": "L2",
    "restore": "L3",
    "content-proof": "L4",
    "manifest": "L5",
}
_COUNTED = "file-count"
_APPLICATION = "L6"


def level_of(checks: Sequence[CheckResult], *, applied: Collection[str]) -> str:
    """Return the highest level whose check passed, empty where none did.

    `applied` are the kinds of check that the drill's own plan names; the level of the application
    is reached where it names some besides counts and manifests, and all of them passed.
    """
    reached = [_BY_CHECK[each.name] for each in checks if _passed(each) and each.name in _BY_CHECK]
    application = {*applied} - {*_BY_CHECK, _COUNTED}
    own = [each for each in checks if each.name in application]
    if own and all(map(_passed, own)):
        reached.append(_APPLICATION)
    return max(reached, default="")


def _passed(check: CheckResult) -> bool:
    return check.verdict == "pass"
