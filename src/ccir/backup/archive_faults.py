"""What can be wrong with a folder of archives or on the way to it, and what to do about it."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from ccir.backup.interface import Outcome, Reason, ToolKit, ToolVerdict

_ELSEWHERE = "change nothing in this folder; restore from another copy, or an older backup of it"
_FAULTS: dict[Reason, tuple[ToolVerdict, str]] = {
    "pack-damaged": ("fail", _ELSEWHERE),
    "snapshot-damaged": ("fail", "look at the folder by hand: its list must name every file in it"),
    "repository-missing": (
        "fail",
        "check that the backup's disk is mounted and that the target names the right path",
    ),
    "no-snapshots": ("fail", "check when the backup last ran, and the target's tags"),
    "wrong-target": ("error", "check the target's entry in ccir.toml"),
    "cancelled": ("error", "try again"),
    "timed-out": ("error", "try again, or allow more time"),
    "no-space": ("error", "free space, or name a larger folder"),
    "permission-denied": ("error", "check the rights of this user"),
    "read-only": ("error", "check how the folder is mounted"),
    "unreachable": ("error", "check the disk or the network that the folder lies on"),
    "content-unknown": ("error", "list the snapshot's files again"),
    "unrecognised-output": ("error", "check this machine's memory and the disk written to"),
}
_REASONS: dict[int, Reason] = {
    errno.ENOSPC: "no-space",
    errno.EDQUOT: "no-space",
    errno.EFBIG: "no-space",
    errno.EACCES: "permission-denied",
    errno.EPERM: "permission-denied",
    errno.EROFS: "read-only",
}
_GONE = {errno.ENOENT, errno.ENAMETOOLONG}
_LED_ASTRAY = {errno.ENOTDIR, errno.ELOOP}
_UNFIT = {errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.ELOOP, errno.EISDIR, errno.ENAMETOOLONG}


class ArchiveError(Exception):
    """Why a call ends without a pass: a reason, and what was seen, without any file's name."""

    def __init__(self, reason: Reason, detail: str, *, hint: str = "") -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.hint = hint

    @property
    def outcome(self) -> Outcome:
        """The outcome that it stands for."""
        verdict, hint = _FAULTS[self.reason]
        return Outcome(
            verdict=verdict, reason=self.reason, detail=self.detail, hint=self.hint or hint
        )


class Watch:
    """Keeps a call within its time, and ends it once it is cancelled."""

    def __init__(self, kit: ToolKit, seconds: float) -> None:
        self._clock = kit.clock
        self._is_cancelled = kit.is_cancelled
        self._began = kit.clock.monotonic()
        self._seconds = seconds

    def look(self) -> None:
        """Go on only if there is time left and nobody gave up.

        Raises:
            ArchiveError: the call is cancelled or over its time.
        """
        if self._is_cancelled():
            raise ArchiveError("cancelled", "the call was cancelled")
        if self.spent() > self._seconds:
            raise ArchiveError("timed-out", "the folder could not be read through in time")

    def spent(self) -> float:
        """Return the seconds since the call began."""
        return self._clock.monotonic() - self._began


def judged(watch: Watch, work: Callable[[], object]) -> Outcome:
    """Do the work and return its outcome, or a pass, or what kept it from being done."""
    try:
        watch.look()
        done = work()
    except ArchiveError as error:
        done = error.outcome
    outcome = done if isinstance(done, Outcome) else Outcome(verdict="pass")
    return msgspec.structs.replace(outcome, seconds=watch.spent())


@contextmanager
def reading() -> Iterator[None]:
    """Turn what the system says while the backup is read into what it means.

    Raises:
        ArchiveError: a file is gone or behind a link, or cannot be read.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _GONE:
            raise ArchiveError("pack-damaged", "a listed file is gone") from error
        if error.errno in _LED_ASTRAY:
            detail = "a listed path leads over a link or a file"
            raise ArchiveError("snapshot-damaged", detail) from error
        reason = _REASONS.get(error.errno or 0, "unreachable")
        raise ArchiveError(reason, f"the backup cannot be read: {_said(error)}") from error


@contextmanager
def writing() -> Iterator[None]:
    """Turn what the system says while files are restored into what it means.

    Raises:
        ArchiveError: the folder to restore into cannot be written.
    """
    try:
        yield
    except OSError as error:
        usual: Reason = "wrong-target" if error.errno in _UNFIT else "unreachable"
        reason = _REASONS.get(error.errno or 0, usual)
        detail = f"the folder to restore into cannot be written: {_said(error)}"
        hint = "name a new or empty folder" if reason == "wrong-target" else ""
        raise ArchiveError(reason, detail, hint=hint) from error


def _said(error: OSError) -> str:
    """Return the system's words; the path is left out, for it names a customer's file."""
    return error.strerror or type(error).__name__
