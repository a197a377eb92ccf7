"""What a run's log says of backups: checks, drills and restores."""

from __future__ import annotations

import msgspec

from ccir.domain.events import BackupChecked, BackupRestored, DrillFinished
from ccir.domain.outcomes import CheckResult, Objective, Verdict, measured
from ccir.domain.record import Entry
from ccir.reports.telling import Moment, Teller, span


class BackupReport(msgspec.Struct, frozen=True, kw_only=True):
    """One verification, drill or restore with its measured objectives.

    `rpo` and `rto` say in words what was measured against which objective; `rpo_measured` and
    `rto_measured` tell it to programs. A snapshot from the future misses its objective too.
    """

    event: int
    kind: str
    target: str
    what: str
    at: Moment
    by: str
    step: str
    verdict: Verdict
    reason: str
    snapshot: str
    restored: str
    cleanup: str
    rpo: str
    rto: str
    rpo_missed: bool
    rto_missed: bool
    rpo_measured: Objective
    rto_measured: Objective
    checks: tuple[CheckResult, ...]


def backups(entries: tuple[Entry, ...], teller: Teller) -> tuple[BackupReport, ...]:
    """Return everything that was done with backups, in order."""
    return tuple(
        _backup(entry, entry.event, teller)
        for entry in entries
        if isinstance(entry.event, BackupChecked | DrillFinished | BackupRestored)
    )


def _backup(entry: Entry, event: _BackupEvent, teller: Teller) -> BackupReport:
    kind, what = _what(event)
    rpo, rto = _measured(event)
    return BackupReport(
        event=entry.seq,
        kind=kind,
        target=event.target,
        what=what,
        at=teller.happened(entry),
        by=teller.name(entry.by),
        step=event.step or "",
        verdict=event.verdict,
        reason=event.reason,
        snapshot=event.snapshot or "",
        restored=_restored(event),
        cleanup=event.cleanup if isinstance(event, DrillFinished) else "",
        rpo=_age(rpo),
        rto=_objective(rto),
        rpo_missed=rpo.met is False or _is_ahead(rpo),
        rto_missed=rto.met is False,
        rpo_measured=rpo,
        rto_measured=rto,
        checks=event.checks,
    )


def _what(event: _BackupEvent) -> tuple[str, str]:
    match event:
        case BackupChecked(target=target):
            return "check", f"Backup of {target} verified"
        case DrillFinished(drill=drill, target=target):
            return "drill", f"Drill {drill}: {target} restored into scratch"
        case BackupRestored(target=target, destination=destination):
            return "restore", f"{target} restored to {destination}"


def _measured(event: _BackupEvent) -> tuple[Objective, Objective]:
    match event:
        case BackupChecked(age_seconds=age, rpo_seconds=rpo):
            return measured(age, against=rpo), Objective()
        case DrillFinished(rpo=rpo, rto=rto):
            return rpo, rto
        case BackupRestored(seconds=seconds):
            return Objective(), measured(seconds, against=None)


def _restored(event: _BackupEvent) -> str:
    if isinstance(event, BackupChecked):
        return ""
    return f"{event.files:,} files, {event.bytes:,} bytes"


def _age(rpo: Objective) -> str:
    if rpo.measured_seconds is None or not _is_ahead(rpo):
        return _objective(rpo)
    return f"the snapshot is dated {span(-rpo.measured_seconds)} in the future"


def _is_ahead(rpo: Objective) -> bool:
    return rpo.measured_seconds is not None and rpo.measured_seconds < 0


def _objective(objective: Objective) -> str:
    if objective.measured_seconds is None:
        return ""
    taken = span(objective.measured_seconds)
    if objective.objective_seconds is None:
        return f"{taken}, no objective set"
    met = "met" if objective.met else "MISSED"
    return f"{taken} of {span(objective.objective_seconds)}, {met}"


_BackupEvent = BackupChecked | DrillFinished | BackupRestored
