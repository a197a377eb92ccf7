"""What checks that read restored files share: bounds, and verdicts raised where they are found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ccir.checks.interface import CheckKit, find_inside, is_inside
from ccir.domain.outcomes import CheckResult, decisive
from ccir.errors import UnavailableError

CHUNK_BYTES = 1 << 18
_BAD = "do not rely on this snapshot; restore an older one and look into the backup"


class BadDataError(Exception):
    """What is wrong with the restored data: a stable code, and what was seen."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class NoVerdictError(Exception):
    """Why nothing could be proven: a stable code, what was seen, and what to do now."""

    def __init__(self, reason: str, detail: str, *, hint: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.hint = hint


class Watch:
    """Keeps a check within its time, and ends it once it is cancelled."""

    def __init__(self, kit: CheckKit) -> None:
        self._kit = kit
        self._until = kit.clock.monotonic() + kit.deadline_seconds

    def left(self) -> float:
        """Return the seconds that are left, which may be none."""
        return max(self._until - self._kit.clock.monotonic(), 0.0)

    def is_cancelled(self) -> bool:
        """Tell whether the person gave up."""
        return self._kit.is_cancelled()

    def look(self) -> None:
        """Go on only if there is time left and nobody gave up.

        Raises:
            NoVerdictError: the check is cancelled or over its time.
        """
        if self.is_cancelled():
            raise NoVerdictError("cancelled", "it was not judged to the end", hint="try again")
        if self._kit.clock.monotonic() > self._until:
            raise NoVerdictError("timed-out", "it took too long", hint="allow more time")


def judge_files(
    name: str, judge: Callable[[Path], str], *, folder: Path, pattern: str
) -> CheckResult:
    """Judge every file that the pattern names; the worst result counts.

    `judge` returns what it saw of a good file, and raises `BadDataError`, `NoVerdictError`,
    `UnavailableError` or `OSError` of any other.
    """
    if not is_inside(pattern):
        detail = f"the path '{pattern}' leads out of the restored folder"
        return no_verdict(name, "path-outside", detail, hint="write it relative, without '..'")
    files = find_inside(folder, pattern)
    if not files:
        return bad(name, "file-missing", f"{pattern} was not restored")
    results = tuple(_judged(name, file, judge) for file in files)
    worst = decisive(results)
    return results[0] if worst is None or worst.verdict == "pass" else worst


def bad(name: str, reason: str, detail: str) -> CheckResult:
    """Return the result that the restored data is bad."""
    return CheckResult(name=name, verdict="fail", reason=reason, detail=detail, hint=_BAD)


def no_verdict(name: str, reason: str, detail: str, *, hint: str) -> CheckResult:
    """Return the result that nothing is proven."""
    return CheckResult(name=name, verdict="error", reason=reason, detail=detail, hint=hint)


def _judged(name: str, file: Path, judge: Callable[[Path], str]) -> CheckResult:
    try:
        return CheckResult(name=name, verdict="pass", detail=f"{file.name}: {judge(file)}")
    except BadDataError as error:
        return bad(name, error.reason, f"{file.name}: {error.detail}")
    except NoVerdictError as error:
        return no_verdict(name, error.reason, f"{file.name}: {error.detail}", hint=error.hint)
    except UnavailableError as error:
        return no_verdict(name, "tool-missing", error.message, hint=error.hint)
    except OSError as error:
        detail = f"{file.name}: {error.strerror or type(error).__name__}"
        return no_verdict(name, "unreadable", detail, hint="run the drill again")
