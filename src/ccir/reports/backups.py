"""What a run's log says of backups: checks, drills, drills as proof, searches and restores."""

from __future__ import annotations

import msgspec

from ccir.domain.drills import Mode
from ccir.domain.events import (
    BackupChecked,
    BackupRestored,
    CleanSnapshotSought,
    DrillCited,
    DrillFinished,
)
from ccir.domain.outcomes import CheckResult, Objective, Verdict, measured
from ccir.domain.record import Entry
from ccir.reports.drill_details import DrillDetails, drill_details
from ccir.reports.drill_series import NOT_WHOLE
from ccir.reports.telling import Moment, Teller, span


class CitedReport(msgspec.Struct, frozen=True, kw_only=True):
    """Where a drill that is named as proof stands: its run, and its event's number and hash."""

    run: str
    event: int
    hash: str
    finished: Moment


class BackupReport(msgspec.Struct, frozen=True, kw_only=True):
    """One verification, drill, drill as proof, search or restore with its measured objectives.

    `rpo` and `rto` say in words what was measured against which objective; `rpo_measured` and
    `rto_measured` tell it to programs. A snapshot from the future misses its objective too.
    `lost` tells what going back to the clean snapshot that was found would lose.
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
    drill: DrillDetails | None = None
    cited: CitedReport | None = None
    lost: str = ""


def backups(entries: tuple[Entry, ...], teller: Teller) -> tuple[BackupReport, ...]:
    """Return everything that was done with backups, in order."""
    return tuple(
        _backup(entry, entry.event, teller)
        for entry in entries
        if isinstance(entry.event, _BackupEvent)
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
        step="" if isinstance(event, DrillCited) else event.step or "",
        verdict=event.verdict,
        reason=event.reason,
        snapshot=event.snapshot or "",
        restored=_restored(event),
        cleanup=event.cleanup if isinstance(event, DrillFinished) else "",
        rpo=_age(rpo),
        rto=_objective(rto) + _no_rto(event, rto),
        rpo_missed=rpo.met is False or _is_ahead(rpo),
        rto_missed=rto.met is False,
        rpo_measured=rpo,
        rto_measured=rto,
        checks=() if isinstance(event, DrillCited | CleanSnapshotSought) else event.checks,
        drill=drill_details(event, teller) if isinstance(event, DrillFinished) else None,
        cited=_cited(event, teller) if isinstance(event, DrillCited) else None,
        lost=_lost(event) if isinstance(event, CleanSnapshotSought) else "",
    )


def _what(event: _BackupEvent) -> tuple[str, str]:
    match event:
        case BackupChecked(target=target):
            return "check", f"Backup of {target} verified"
        case DrillFinished(drill=drill, target=target):
            return "drill", f"Drill {drill}: {target} {_DONE[event.mode]}"
        case DrillCited(drill=drill, target=target, run=run):
            return "citation", f"Drill {drill} of {run} named as proof for {target}"
        case CleanSnapshotSought(target=target):
            return "search", f"The last clean snapshot of {target} sought"
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
        case DrillCited() | CleanSnapshotSought():
            return Objective(), Objective()


def _restored(event: _BackupEvent) -> str:
    if isinstance(event, DrillFinished | BackupRestored):
        return f"{event.files:,} files, {event.bytes:,} bytes"
    return ""


def _cited(event: DrillCited, teller: Teller) -> CitedReport:
    finished = teller.moment(event.finished_at)
    return CitedReport(run=event.run, event=event.seq, hash=event.hash, finished=finished)


def _lost(event: CleanSnapshotSought) -> str:
    looked = f"{event.examined} snapshots looked at"
    if event.lost_seconds is None:
        return f"{looked}, none of them clean"
    lost = span(event.lost_seconds) if event.lost_seconds else "nothing"
    return f"{looked}; {lost} would be lost by going back to it"


def _no_rto(event: _BackupEvent, rto: Objective) -> str:
    why = NOT_WHOLE[event.mode] if isinstance(event, DrillFinished) else ""
    return f" ({why}: no RTO)" if why and rto.measured_seconds is not None else ""


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


_BackupEvent = BackupChecked | DrillFinished | BackupRestored | DrillCited | CleanSnapshotSought
_DONE: dict[Mode, str] = {
    "full": "restored into scratch",
    "sample": "restored in part into scratch",
    "stream": "read, not restored",
}
