"""What an event does to a run: `evolve`, and `fold` for a whole log."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from msgspec.structs import replace

from ccir.domain import events as e
from ccir.domain.evolving_duties import with_duty, without_duty
from ccir.domain.playbook import Playbook
from ccir.domain.record import Entry
from ccir.domain.run import (
    Approval,
    Denial,
    FactEntry,
    Halted,
    Progress,
    Run,
    StepRecord,
    VersionRecord,
    unstarted,
)


def fold(playbook: Playbook, entries: Iterable[Entry]) -> Run:
    """Return the run that a log of the pinned playbook comes to."""
    return reduce(evolve, entries, unstarted(playbook))


def evolve(run: Run, entry: Entry) -> Run:
    """Return the run after one more event; nothing is changed in place."""
    return replace(_changed(run, entry), seq=entry.seq)


def _changed(run: Run, entry: Entry) -> Run:  # noqa: C901 - a case each
    event = entry.event
    match event:
        case e.RunStarted():
            return _started(run, entry, event)
        case e.FactRecorded():
            return _with_fact(run, entry, event)
        case e.FactConfirmed():
            return _with_second(run, entry, event)
        case (
            e.DutyMet()
            | e.DelayExplained()
            | e.DutyWaived()
            | e.WaiverConfirmed()
            | e.RulesRenewed()
        ):
            return with_duty(run, entry, event)
        case e.RoleAssigned(role=role, person=person):
            return replace(run, roles=run.roles | {role: person})
        case e.RoleHandedOver(role=role, person=person):
            return replace(run, roles=run.roles | {role: person})
        case e.SeverityChanged(severity=severity):
            return replace(run, severity=severity)
        case e.StepStarted(step=step):
            return _begun(run, entry, step)
        case e.StepFinished(step=step, note=note):
            return _settled(run, entry, step=step, progress="done", text=note)
        case e.StepSkipped(step=step, reason=reason):
            return _settled(run, entry, step=step, progress="skipped", text=reason)
        case e.StepBlocked(step=step, reason=reason):
            return _settled(run, entry, step=step, progress="blocked", text=reason)
        case e.StepFailed(step=step, reason=why, detail=detail):
            return _settled(run, entry, step=step, progress="failed", text=detail, reason=why)
        case e.WaitEnded(step=step):
            return _settled(run, entry, step=step, progress="done", text=None)
        case e.StepReopened(step=step):
            return _reopened(run, step)
        case e.StepAssigned(step=step, person=person):
            return _with_step(run, step, assignee=person)
        case e.StepOverdue(step=step):
            return _with_step(run, step, noted_overdue=True)
        case e.DecisionMade(step=step, option=option, reason=reason):
            decided = _settled(run, entry, step=step, progress="done", text=reason)
            return _with_step(decided, step, option=option)
        case e.EvidenceAdded(step=step):
            return run if step is None else _with_evidence(run, step)
        case e.EventCorrected(seq=seq):
            return _corrected(run, seq)
        case e.HoldPlaced() | e.HoldReleased():
            return replace(run, held=isinstance(event, e.HoldPlaced))
        case e.RunClosed(outcome=outcome, waived=waived):
            return replace(run, state="closed", outcome=outcome, waived=waived, closed_at=entry.at)
        case e.RunReopened():
            return replace(run, state="open", outcome=None, waived=(), closed_at=None)
        case (
            e.NoticePreviewed()
            | e.NoticeApproved()
            | e.NoticeDenied()
            | e.SendingStarted()
            | e.SendingHalted()
            | e.SendingReleased()
            | e.SendingEnded()
        ):
            return _with_notice(run, entry, event)
        case (
            e.NoteAdded()
            | e.CommandRan()
            | e.BackupChecked()
            | e.DrillFinished()
            | e.DrillSlotsMissed()
            | e.CleanSnapshotSought()
            | e.DrillCited()
            | e.DrillAlerted()
            | e.BackupRestored()
            | e.RolesAlerted()
            | e.RowsResolved()
            | e.BouncesRead()
            | e.RecipientsConfirmed()
            | e.RecipientsUnmasked()
        ):
            return run


def _started(run: Run, entry: Entry, event: e.RunStarted) -> Run:
    return replace(
        run,
        id=entry.run,
        state="open",
        kind=event.kind,
        title=event.title,
        severity=event.severity,
        pin=event.playbook,
        zone=event.zone,
        started_at=entry.at,
        roles=event.roles,
        rules=event.rules,
    )


def _with_fact(run: Run, entry: Entry, event: e.FactRecorded) -> Run:
    stated = FactEntry(
        seq=entry.seq,
        value=event.value,
        source=event.source,
        at=entry.at,
        by=entry.by,
        reason=event.reason,
        second=event.second,
    )
    return replace(run, facts=run.facts | {event.name: (*run.facts.get(event.name, ()), stated)})


def _with_second(run: Run, entry: Entry, event: e.FactConfirmed) -> Run:
    stated = tuple(
        replace(each, confirmed_by=entry.by) if each.seq == event.seq else each
        for each in run.facts.get(event.name, ())
    )
    return replace(run, facts=run.facts | {event.name: stated})


def _with_step(run: Run, step: str, **changes: object) -> Run:
    changed: StepRecord = replace(run.record(step), **changes)
    return replace(run, steps=run.steps | {step: changed})


def _begun(run: Run, entry: Entry, step: str) -> Run:
    """Leave behind what an earlier try came to."""
    return _with_step(
        run,
        step,
        progress="active",
        started_at=entry.at,
        settled_at=None,
        by=entry.by,
        text=None,
        reason="",
    )


def _settled(
    run: Run,
    entry: Entry,
    *,
    step: str,
    progress: Progress,
    text: e.Sealed | None,
    reason: str = "",
) -> Run:
    return _with_step(
        run,
        step,
        progress=progress,
        settled_at=entry.at,
        by=entry.by,
        text=text,
        reason=reason,
    )


def _reopened(run: Run, step: str) -> Run:
    record = run.record(step)
    again = StepRecord(assignee=record.assignee, evidence=record.evidence)
    return replace(run, steps=run.steps | {step: again})


def _with_evidence(run: Run, step: str) -> Run:
    return _with_step(run, step, evidence=run.record(step).evidence + 1)


def _corrected(run: Run, seq: int) -> Run:
    def after(entry: FactEntry) -> FactEntry:
        return replace(entry, withdrawn=True) if entry.seq == seq else entry

    facts = {name: tuple(map(after, entries)) for name, entries in run.facts.items()}
    return without_duty(replace(run, facts=facts), seq)


def _with_notice(
    run: Run,
    entry: Entry,
    event: e.NoticePreviewed | _VersionEvent,
) -> Run:
    versions = run.notices.get(event.notice, ())
    if isinstance(event, e.NoticePreviewed):
        versions = (*versions, _version(entry, event))
    else:
        versions = tuple(
            _progressed(known, entry, event) if known.version == event.version else known
            for known in versions
        )
    return replace(run, notices=run.notices | {event.notice: versions})


def _version(entry: Entry, event: e.NoticePreviewed) -> VersionRecord:
    return VersionRecord(
        notice=event.notice,
        version=event.version,
        digest=event.digest,
        text=event.text,
        channel=event.channel,
        list=event.list,
        recipients=event.recipients,
        rejected=event.rejected,
        duplicates=event.duplicates,
        already_told=event.already_told,
        languages=event.languages,
        per_second=event.per_second,
        not_before=event.not_before,
        author=entry.by,
        at=entry.at,
    )


def _progressed(  # noqa: C901 - a case each
    known: VersionRecord, entry: Entry, event: _VersionEvent
) -> VersionRecord:
    match event:
        case e.NoticeApproved(role=role):
            given = Approval(by=entry.by, role=role, account=entry.via.user, at=entry.at)
            return replace(known, approvals=(*known.approvals, given))
        case e.NoticeDenied(role=role, reason=reason):
            denial = Denial(by=entry.by, role=role, at=entry.at, reason=reason)
            return replace(known, denial=denial)
        case e.SendingHalted(halt=halt, reason=reason):
            halted = Halted(halt=halt, by=entry.by, at=entry.at, reason=reason)
            return replace(known, halted=halted)
        case e.SendingReleased():
            return replace(known, halted=None)
        case e.SendingStarted():
            return replace(known, sending="sending")
        case e.SendingEnded(counts=counts):
            return replace(known, sending="partial" if counts.left else "sent", counts=counts)


_VersionEvent = (
    e.NoticeApproved
    | e.NoticeDenied
    | e.SendingStarted
    | e.SendingHalted
    | e.SendingReleased
    | e.SendingEnded
)
