"""What a run's log says of backups: checks, drills and restores."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain.events import BackupChecked, BackupRestored, DrillFinished
from ccir.domain.outcomes import CheckResult, Objective, measured
from ccir.domain.record import Entry
from ccir.reports.timeline import Teller


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """One verification, drill or restore with its measured objectives."""

    event: int
    what: str
    at: str
    by: str
    verdict: str
    reason: str
    snapshot: str
    restored: str
    rpo: str
    rto: str
    checks: tuple[CheckResult, ...]


def backups(entries: tuple[Entry, ...], teller: Teller) -> tuple[Backup, ...]:
    """Return everything that was done with backups, in order."""
    return tuple(
        _backup(entry, entry.event, teller)
        for entry in entries
        if isinstance(entry.event, BackupChecked | DrillFinished | BackupRestored)
    )


def _backup(
    entry: Entry, event: BackupChecked | DrillFinished | BackupRestored, teller: Teller
) -> Backup:
    rpo, rto, restored = _measured(event)
    return Backup(
        event=entry.seq,
        what=_what(event),
        at=teller.at(entry.at),
        by=teller.name(entry.by),
        verdict=event.verdict,
        reason=event.reason,
        snapshot=event.snapshot or "",
        restored=restored,
        rpo=_objective(rpo),
        rto=_objective(rto),
        checks=event.checks,
    )


def _what(event: BackupChecked | DrillFinished | BackupRestored) -> str:
    match event:
        case BackupChecked(target=target):
            return f"backup of {target} verified"
        case DrillFinished(drill=drill, target=target):
            return f"drill {drill} on {target}"
        case BackupRestored(target=target, destination=destination):
            return f"{target} restored to {destination}"


def _measured(
    event: BackupChecked | DrillFinished | BackupRestored,
) -> tuple[Objective, Objective, str]:
    match event:
        case BackupChecked(age_seconds=age, rpo_seconds=rpo):
            return measured(age, against=rpo), Objective(), ""
        case DrillFinished(rpo=rpo, rto=rto, files=files, bytes=size):
            return rpo, rto, f"{files} files, {size} bytes"
        case BackupRestored(seconds=seconds, files=files, bytes=size):
            return Objective(), measured(seconds, against=None), f"{files} files, {size} bytes"


def _objective(objective: Objective) -> str:
    if objective.measured_seconds is None:
        return ""
    taken = _span(objective.measured_seconds)
    if objective.objective_seconds is None:
        return f"{taken}, no objective"
    met = "met" if objective.met else "MISSED"
    return f"{taken} of {_span(objective.objective_seconds)}, {met}"


def _span(seconds: float) -> str:
    return str(dt.timedelta(seconds=round(seconds)))
