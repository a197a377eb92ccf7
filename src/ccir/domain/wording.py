"""What an event says, in one sentence for people; sealed texts are shown by whoever may."""

from __future__ import annotations

from ccir.domain import events as e
from ccir.domain.facts import written
from ccir.domain.notices import Counts


def sentence(event: e.AnyEvent) -> str:  # noqa: C901 - a case each
    """Return the event in one sentence, without a full stop and without sealed text."""
    match event:
        case e.RunStarted(playbook=pin, severity=severity):
            return f"started playbook {pin.id} {pin.version} at {severity}"
        case e.FactRecorded(name=name, value=value, source=source):
            return f"fact {name} = {written(value)}" + (f" (source: {source})" if source else "")
        case e.FactConfirmed(name=name, seq=seq):
            return f"confirmed the change of {name} in event {seq}"
        case e.DutyMet() | e.DelayExplained() | e.DutyWaived() | e.WaiverConfirmed():
            return _duty_sentence(event)
        case e.RulesRenewed(rules=pin):
            return f"clocks are held to rules {pin.version} as they are now, {pin.digest[:12]}…"
        case e.RoleAssigned(role=role, person=person):
            return f"{person} is {role}"
        case e.RoleHandedOver(role=role, previous=previous, person=person):
            return f"{role} handed over from {previous or 'nobody'} to {person}"
        case e.SeverityChanged(previous=previous, severity=severity):
            return f"severity {previous} → {severity}"
        case e.NoteAdded(privileged=privileged):
            return "privileged note" if privileged else "note"
        case e.EvidenceAdded(sha256=sha256, size_bytes=size, step=step):
            return f"evidence of {size} bytes, SHA-256 {sha256[:12]}…{_for_step(step)}"
        case e.EventCorrected(seq=seq):
            return f"event {seq} was wrong"
        case e.HoldPlaced():
            return "legal hold placed"
        case e.HoldReleased():
            return "legal hold released"
        case e.RunClosed(outcome=outcome, waived=waived):
            return f"closed as {outcome}" + (f", waived: {', '.join(waived)}" if waived else "")
        case e.RunReopened():
            return "reopened"
        case e.RolesAlerted(roles=roles, channel=channel, state=state):
            return f"called {', '.join(roles)} through {channel}: {state}"
        case e.CleanSnapshotSought():
            return _clean_sentence(event)
        case e.DrillCited(run=run, drill=drill, verdict=verdict):
            return f"cited {run}: drill {drill}, {verdict}"
        case e.DrillAlerted(drill=drill, verdict=verdict, channel=channel, state=state):
            what = "all-clear" if verdict == "pass" else verdict
            return f"told {channel} of drill {drill} ({what}): {state}"
        case e.DrillSlotsMissed(drill=drill, slots=slots):
            return f"drill {drill} missed {slots} of its slots"
        case e.BackupChecked() | e.DrillFinished() | e.BackupRestored():
            return _backup_sentence(event)
        case e.NoticePreviewed() | e.NoticeApproved() | e.NoticeDenied():
            return _version_sentence(event)
        case e.SendingStarted() | e.SendingHalted() | e.SendingReleased() | e.SendingEnded():
            return _sending_sentence(event)
        case e.RowsResolved() | e.BouncesRead() | e.RecipientsConfirmed() | e.RecipientsUnmasked():
            return _learnt_sentence(event)
        case _:
            return _step_sentence(event)


def sealed_texts(event: e.AnyEvent) -> tuple[e.Sealed, ...]:
    """Return what the event keeps outside the log, except a notice's whole text."""
    if isinstance(event, e.NoticePreviewed):
        return ()
    fields = (getattr(event, name) for name in event.__struct_fields__)
    return tuple(field for field in fields if isinstance(field, e.Sealed))


def tally(counts: Counts) -> str:
    """Return the counts that are not zero, as words."""
    shown = {name: getattr(counts, name) for name in counts.__struct_fields__}
    return ", ".join(f"{count} {name}" for name, count in shown.items() if count) or "no rows"


def _step_sentence(event: _StepEvent) -> str:  # noqa: C901 - a case each
    match event:
        case e.StepStarted(step=step, role=role):
            return f"began {step} for {role}"
        case e.StepFinished(step=step, role=role):
            return f"finished {step} for {role}"
        case e.StepSkipped(step=step):
            return f"left out {step}"
        case e.StepBlocked(step=step):
            return f"{step} is blocked"
        case e.StepFailed(step=step, reason=reason):
            return f"{step} failed: {reason}"
        case e.StepReopened(step=step):
            return f"reopened {step}"
        case e.StepAssigned(step=step, person=person):
            return f"{step} is {person}'s"
        case e.StepOverdue(step=step):
            return f"{step} fell overdue"
        case e.WaitEnded(step=step):
            return f"the wait {step} is over"
        case e.DecisionMade(step=step, option=option):
            return f"decided {step}: {option}"
        case e.CommandRan(step=step, program=program, ended=ended, exit_code=code):
            return f"{step} ran {program}: {ended if code is None else f'exit {code}'}"


def _backup_sentence(event: e.BackupChecked | e.DrillFinished | e.BackupRestored) -> str:
    verdict = event.verdict + (f" ({event.reason})" if event.reason else "")
    snapshot = f", snapshot {event.snapshot[:8]}" if event.snapshot else ""
    match event:
        case e.BackupChecked(target=target):
            return f"backup {target} checked: {verdict}{snapshot}"
        case e.DrillFinished(drill=drill, files=files, bytes=size, mode=mode):
            done = "read" if mode == "stream" else "restored"
            return f"drill {drill}: {verdict}{snapshot}, {files} files, {size} bytes {done}"
        case e.BackupRestored(target=target, files=files, destination=destination):
            return f"restored {target} to {destination}: {verdict}{snapshot}, {files} files"


def _version_sentence(event: e.NoticePreviewed | e.NoticeApproved | e.NoticeDenied) -> str:
    named = f"notice {event.notice} version {event.version}"
    match event:
        case e.NoticePreviewed(recipients=recipients, channel=channel, digest=digest):
            return f"{named}: {recipients} recipients through {channel}, digest {digest[:12]}…"
        case e.NoticeApproved(role=role):
            return f"{named} approved" + (f" as {role}" if role else "")
        case e.NoticeDenied(role=role):
            return f"{named} refused" + (f" as {role}" if role else "")


def _sending_sentence(
    event: e.SendingStarted | e.SendingHalted | e.SendingReleased | e.SendingEnded,
) -> str:
    named = f"notice {event.notice} version {event.version}"
    match event:
        case e.SendingStarted(planned=planned):
            return f"{named}: began to send to {planned}"
        case e.SendingHalted(halt=halt):
            return f"{named}: sending is {halt}"
        case e.SendingReleased():
            return f"{named}: sending may go on"
        case e.SendingEnded(ended=ended, counts=counts):
            return f"{named}: sending {ended}: {tally(counts)}"


def _learnt_sentence(event: e.NoticeLearnt) -> str:
    named = f"notice {event.notice} version {event.version}"
    match event:
        case e.RowsResolved(decision=decision, basis=basis, rows=rows):
            return f"{named}: {rows} in doubt resolved as {decision} by {basis}"
        case e.BouncesRead(bounced=bounced, delivered=delivered):
            return f"{named}: reports read: {bounced} bounced, {delivered} delivered"
        case e.RecipientsConfirmed(rows=rows, late=late):
            return f"{named}: {rows} confirmed" + (f", {late} of them late" if late else "")
        case e.RecipientsUnmasked(rows=rows):
            return f"{named}: {rows} recipients were shown in full"


def _duty_sentence(
    event: e.DutyMet | e.DelayExplained | e.DutyWaived | e.WaiverConfirmed,
) -> str:
    match event:
        case e.DutyMet(rule=rule, notice=notice):
            return f"{rule} is met" + (f" by notice {notice}" if notice else "")
        case e.DelayExplained(rule=rule):
            return f"why {rule} is late"
        case e.DutyWaived(rule=rule, review_on=review_on):
            return f"decided not to tell ({rule}), review on {review_on}"
        case e.WaiverConfirmed(rule=rule):
            return f"confirmed the decision not to tell ({rule})"


def _clean_sentence(event: e.CleanSnapshotSought) -> str:
    looked = f"{event.examined} snapshots of {event.target} looked at"
    if event.snapshot is None:
        return f"{looked}: none is clean ({event.reason})"
    taken = "" if event.taken_at is None else f" of {event.taken_at:%Y-%m-%d %H:%M} UTC"
    return f"{looked}: the last clean one is {event.snapshot[:8]}{taken}"


def _for_step(step: str | None) -> str:
    return f" for {step}" if step else ""


_StepEvent = (
    e.StepStarted
    | e.StepFinished
    | e.StepSkipped
    | e.StepBlocked
    | e.StepFailed
    | e.StepReopened
    | e.StepAssigned
    | e.StepOverdue
    | e.WaitEnded
    | e.DecisionMade
    | e.CommandRan
)
