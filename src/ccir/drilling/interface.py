"""What checking and restoring a backup work with, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from ccir.backup.interface import Deadlines
from ccir.clock import Clock
from ccir.domain.outcomes import CheckResult, Objective, Verdict

Cleanup = Literal["cleaned", "kept", "failed", "none"]


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """What is being done now, and how much of how much of it, in bytes, is done."""

    name: str
    done: int | None = None
    total: int | None = None


def _nobody_listens(stage: Stage) -> None:
    del stage


def _never() -> bool:
    return False


class DrillKit(msgspec.Struct, frozen=True, kw_only=True):
    """What checking and restoring work with.

    Each restore gets a private folder of its own below `scratch`. No restore may touch the
    `protected` folders. `environment` is the parent's, of which programs take what they need.
    """

    clock: Clock
    environment: Mapping[str, str]
    scratch: Path
    protected: tuple[Path, ...] = ()
    deadlines: Deadlines = Deadlines()
    is_cancelled: Callable[[], bool] = _never
    progress: Callable[[Stage], None] = _nobody_listens


class BackupResult(msgspec.Struct, frozen=True, kw_only=True):
    """What checking a backup came to; `age_seconds` of the newest snapshot.

    The age is None where it is not known: without a snapshot, or with one from the future.
    """

    verdict: Verdict
    reason: str = ""
    snapshot: str | None = None
    age_seconds: float | None = None
    rpo_seconds: float | None = None
    checks: tuple[CheckResult, ...] = ()
    detail: str = ""
    hint: str = ""


class DrillResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a drill came to: how much came back, how old it was, how long it took.

    `cleanup` is `none` where nothing was made that had to be removed.
    """

    drill: str
    target: str
    verdict: Verdict
    reason: str = ""
    snapshot: str | None = None
    files: int = 0
    bytes: int = 0
    rpo: Objective = Objective()
    rto: Objective = Objective()
    checks: tuple[CheckResult, ...] = ()
    cleanup: Cleanup = "none"
    detail: str = ""
    hint: str = ""


class RestoreResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a restore for good came to; `seconds` is how long the tool wrote."""

    verdict: Verdict
    destination: Path
    reason: str = ""
    snapshot: str | None = None
    files: int = 0
    bytes: int = 0
    seconds: float = 0.0
    checks: tuple[CheckResult, ...] = ()
    detail: str = ""
    hint: str = ""
