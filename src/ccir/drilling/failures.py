"""What a drill or a restore says of failures that are its own, not the backup's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ccir.domain.outcomes import CheckResult
from ccir.errors import CcirError


def untried(error: CcirError) -> CheckResult:
    """Return the result of work that could not even be begun."""
    return _error("preparation", error.code, error.message, hint=error.hint)


def unwritable(error: OSError) -> CheckResult:
    """Return the result of a folder that could not be written or read."""
    detail = f"{error.filename or 'the folder'}: {error.strerror or type(error).__name__}"
    return _error("restore", "unwritable", detail, hint="check the folder's disk and rights")


def proved_nothing() -> CheckResult:
    """Return the result of a drill that restored or asserted nothing."""
    detail = "nothing was restored, so nothing is proven"
    return _error("drill", "proved-nothing", detail, hint="run it again and read its checks")


def left_behind(folder: Path) -> CheckResult:
    """Return the result of a scratch folder that could not be removed."""
    detail = f"restored data is left in {folder}"
    return _error("cleanup", "cleanup-failed", detail, hint=f"remove it: rm -rf {folder}")


def too_slow(seconds: float, objective: float | None) -> CheckResult:
    """Return the result of a restore that took longer than was promised."""
    allowed = dt.timedelta(seconds=round(objective or 0))
    taken = dt.timedelta(seconds=round(seconds))
    return CheckResult(
        name="rto",
        verdict="fail",
        reason="rto-exceeded",
        detail=f"it took {taken}; the RTO is {allowed}",
        hint="find out what was slow, or promise what can be kept",
    )


def _error(name: str, reason: str, detail: str, *, hint: str) -> CheckResult:
    return CheckResult(name=name, verdict="error", reason=reason, detail=detail, hint=hint)
