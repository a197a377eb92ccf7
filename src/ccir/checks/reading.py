"""What checks that read restored files share: bounds, and verdicts raised where they are found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import msgspec

from ccir.checks.interface import CheckKit, find_inside, is_inside
from ccir.domain.outcomes import CheckResult, decisive
from ccir.domain.periods import Period, parse_period
from ccir.errors import UnavailableError

CHUNK_BYTES = 1 << 18
_BAD = "do not rely on this snapshot; restore an older one and look into the backup"


# The clocks of the machine that writes and of the one that backs up may differ so much.
SKEW = dt.timedelta(minutes=5)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen of a good file, and when the newest datum in it was written, in UTC."""

    detail: str
    newest_at: dt.datetime | None = None


class BadDataError(Exception):
    """What is wrong with the restored data: a stable code, and what was seen.

    `newest_at` is when the newest datum was written, where that is known all the same.
    """

    def __init__(self, reason: str, detail: str, *, newest_at: dt.datetime | None = None) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.newest_at = newest_at


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
    name: str, judge: Callable[[Path], str | Seen], *, folder: Path, pattern: str
) -> CheckResult:
    """Judge every file that the pattern names; the worst result counts.

    `judge` returns what it saw of a good file, and raises `BadDataError`, `NoVerdictError`,
    `UnavailableError` or `OSError` of any other. The newest datum is that of all files.
    """
    if not is_inside(pattern):
        detail = f"the path '{pattern}' leads out of the restored folder"
        return no_verdict(name, "path-outside", detail, hint="write it relative, without '..'")
    files = find_inside(folder, pattern)
    if not files:
        return bad(name, "file-missing", f"{pattern} was not restored")
    results = tuple(_judged(name, file, judge) for file in files)
    worst = decisive(results)
    told = results[0] if worst is None or worst.verdict == "pass" else worst
    moments = [result.newest_at for result in results if result.newest_at is not None]
    return msgspec.structs.replace(told, newest_at=max(moments, default=None))


def verdict_of(name: str, judge: Callable[[], CheckResult]) -> CheckResult:
    """Return what `judge` returns, or the verdict that it raises.

    An `OSError` is no verdict; its file is not told.
    """
    try:
        return judge()
    except NoVerdictError as error:
        return no_verdict(name, error.reason, error.detail, hint=error.hint)
    except OSError as error:
        detail = f"a file cannot be read: {error.strerror or type(error).__name__}"
        return no_verdict(name, "unreadable", detail, hint="run the drill again")


def snapshot_time(kit: CheckKit) -> dt.datetime:
    """Return when the snapshot was made.

    Raises:
        NoVerdictError: it is not known.
    """
    if kit.taken_at is None:
        detail = "when the snapshot was made is not known"
        raise NoVerdictError("no-snapshot-time", detail, hint="run the drill again")
    return kit.taken_at


def period_of(text: str) -> Period:
    """Return the period that a drill's argument names.

    Raises:
        NoVerdictError: it names none, or nothing.
    """
    period = parse_period(text)
    if period is None or not period.amount:
        raise NoVerdictError("bad-arguments", f"'{text}' is no period", hint="write it as 26h")
    return period


def age(length: dt.timedelta) -> str:
    """Return a length of time in days, hours and minutes; a negative one is none."""
    days, minutes = divmod(max(int(length.total_seconds()) // 60, 0), 24 * 60)
    return f"{days} d " * bool(days) + f"{minutes // 60} h {minutes % 60:02} min"


def bad(name: str, reason: str, detail: str, *, hint: str = _BAD) -> CheckResult:
    """Return the result that the restored data is bad."""
    return CheckResult(name=name, verdict="fail", reason=reason, detail=detail, hint=hint)


def no_verdict(name: str, reason: str, detail: str, *, hint: str) -> CheckResult:
    """Return the result that nothing is proven."""
    return CheckResult(name=name, verdict="error", reason=reason, detail=detail, hint=hint)


def _judged(name: str, file: Path, judge: Callable[[Path], str | Seen]) -> CheckResult:
    try:
        found = judge(file)
        seen = Seen(detail=found) if isinstance(found, str) else found
        detail = f"{file.name}: {seen.detail}"
        return CheckResult(name=name, verdict="pass", detail=detail, newest_at=seen.newest_at)
    except BadDataError as error:
        result = bad(name, error.reason, f"{file.name}: {error.detail}")
        return msgspec.structs.replace(result, newest_at=error.newest_at)
    except NoVerdictError as error:
        return no_verdict(name, error.reason, f"{file.name}: {error.detail}", hint=error.hint)
    except UnavailableError as error:
        return no_verdict(name, "tool-missing", error.message, hint=error.hint)
    except OSError as error:
        detail = f"{file.name}: {error.strerror or type(error).__name__}"
        return no_verdict(name, "unreadable", detail, hint="run the drill again")
