"""What checking and restoring a backup work with, and what they come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from ccir.backup.interface import Deadlines
from ccir.clock import Clock
from ccir.domain.backup_events import DrillFinished
from ccir.domain.drills import Bucket, Coverage, Mode, PhaseTime, Proven
from ccir.domain.outcomes import CheckResult, Objective, Verdict
from ccir.store.backups_interface import BackupLedger

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


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept between drills, so that it need not be learnt again.

    Lists of what files must be lie below `folder`, under digests of their paths with `key`.
    """

    folder: Path
    key: bytes


class DrillKit(msgspec.Struct, frozen=True, kw_only=True):
    """What checking and restoring work with.

    Each restore gets a private folder of its own below `scratch`. No restore may touch the
    `protected` folders. `environment` is the parent's, of which programs take what they need.
    `manifests` holds a folder of manifests for each target. `past` are the earlier drills of the
    same id, oldest first; None for a drill that is played for its own sake, with no rotation.
    Without a `ledger` nobody remembers what was there, and no alarm is raised.
    """

    clock: Clock
    environment: Mapping[str, str]
    scratch: Path
    protected: tuple[Path, ...] = ()
    deadlines: Deadlines = Deadlines()
    nice: int = 0
    memory: Memory | None = None
    ledger: BackupLedger | None = None
    manifests: Path | None = None
    past: tuple[DrillFinished, ...] | None = None
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

    `cleanup` is `none` where nothing was made that had to be removed. The other fields are
    those of `ccir.domain.backup_events.DrillFinished`.
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
    mode: Mode = "full"
    older: str | None = None
    bucket: Bucket | None = None
    level: str = ""
    restored: Verdict | None = None
    validated: Verdict | None = None
    phases: tuple[PhaseTime, ...] = ()
    proven: Proven | None = None
    coverage: Coverage | None = None
    data_age_seconds: float | None = None
    control: Verdict | None = None
    kept_until: dt.datetime | None = None
    tool: str = ""
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
