"""The events of backups: verified, drilled, and restored for good."""

from __future__ import annotations

import datetime as dt

from ccir.domain.drills import Bucket, Coverage, Mode, PhaseTime, Proven
from ccir.domain.event_parts import Event
from ccir.domain.outcomes import CheckResult, Objective, Verdict


class BackupChecked(Event, frozen=True, kw_only=True):
    """A backup was verified; seconds everywhere, `age_seconds` of the newest snapshot."""

    target: str
    verdict: Verdict
    reason: str
    snapshot: str | None
    age_seconds: float | None
    rpo_seconds: float | None
    checks: tuple[CheckResult, ...]
    step: str | None = None


class DrillFinished(Event, frozen=True, kw_only=True):
    """A backup was restored, or streamed and read, and judged; seconds everywhere.

    `older` is the snapshot that the rotation took besides the newest. `restored` and
    `validated` judge the restore and what came back apart, None where it did not come to that.
    `level` is the highest that was reached of `ccir.domain.drills.LEVELS`. `control` is how the
    negative control went, None where none was due: `pass` means that damage was found.
    `kept_until` is when a scratch folder that was kept is removed. `definition` is the SHA-256
    of the drill as it was played. One that was left out is `skipped`, and due again at
    `skipped_until`, where that is given, else after its period.
    """

    drill: str
    target: str
    verdict: Verdict
    reason: str
    snapshot: str | None
    files: int
    bytes: int
    rpo: Objective
    rto: Objective
    checks: tuple[CheckResult, ...]
    cleanup: str
    step: str | None = None
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
    definition: str = ""
    skipped_until: dt.datetime | None = None


class BackupRestored(Event, frozen=True, kw_only=True):
    """A backup was restored to be kept: recovery, not rehearsal."""

    target: str
    verdict: Verdict
    reason: str
    snapshot: str | None
    destination: str
    files: int
    bytes: int
    seconds: float
    checks: tuple[CheckResult, ...]
    step: str | None = None
