"""One event of every type, in an order that could have happened."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain import events as e
from ccir.domain.drills import Bucket, Coverage, PhaseTime, Proven
from ccir.domain.notices import Counts
from ccir.domain.outcomes import CheckResult, measured
from support.runs import STARTED, Said, later, sealed

PASSED = CheckResult(name="sqlite", verdict="pass", detail="the file opens")
FAILED = CheckResult(
    name="file-count",
    verdict="fail",
    reason="too-few-files",
    detail="3 of at least 4 files",
    hint="look for an older snapshot",
)
SNAPSHOT = "5f0c" * 16

BACKUP_CHECKED = e.BackupChecked(
    target="crm",
    verdict="fail",
    reason="too-few-files",
    snapshot=SNAPSHOT,
    age_seconds=3600.5,
    rpo_seconds=86400.0,
    checks=(PASSED, FAILED),
    step="check-backup",
)
COMMAND_RAN = e.CommandRan(
    step="scan",
    program="scanner",
    ended="exited",
    exit_code=2,
    seconds=1.25,
    output=sealed("output"),
)
DRILL_FINISHED = e.DrillFinished(
    drill="monthly-crm",
    target="crm",
    verdict="pass",
    reason="",
    snapshot=SNAPSHOT,
    files=4,
    bytes=8192,
    rpo=measured(3600.5, against=86400.0),
    rto=measured(12.0, against=None),
    checks=(PASSED,),
    cleanup="removed",
)
FULL_DRILL = msgspec.structs.replace(
    DRILL_FINISHED,
    verdict="error",
    reason="cannot-fail",
    checks=(msgspec.structs.replace(PASSED, newest_at=later(hours=-1)),),
    cleanup="kept",
    mode="sample",
    older="60fc" * 16,
    bucket=Bucket(number=3, of=10),
    level="L6",
    restored="pass",
    validated="pass",
    phases=(
        PhaseTime(name="locate", seconds=0.5),
        PhaseTime(name="restore", seconds=8.25),
        PhaseTime(name="validate", seconds=3.25),
    ),
    proven=Proven(files=4, bytes=8192),
    coverage=Coverage(
        days=30,
        files=40,
        bytes=81920,
        verified_files=16,
        verified_bytes=32768,
        snapshots=7,
        snapshots_visited=5,
        oldest_unverified_seconds=172_800.0,
        runs_until_full=6,
    ),
    data_age_seconds=4_200.5,
    control="fail",
    kept_until=later(hours=24),
    tool="restic 0.14.0",
    definition="d0" * 32,
    skipped_until=later(hours=48),
)
BACKUP_RESTORED = e.BackupRestored(
    target="crm",
    verdict="pass",
    reason="",
    snapshot=SNAPSHOT,
    destination="restored/crm",
    files=4,
    bytes=8192,
    seconds=12.5,
    checks=(PASSED,),
    step="rebuild",
)
ALERTED = e.RolesAlerted(roles=("privacy", "deputy"), channel="team", state="accepted")
PREVIEWED = e.NoticePreviewed(
    notice="customers",
    version=1,
    digest="cd" * 32,
    text=sealed("Dear customer"),
    channel="mail",
    list="list-1",
    recipients=3,
    rejected=1,
    duplicates=1,
    already_told=0,
    languages={"de": 2, "en": 1},
)
APPROVED = e.NoticeApproved(notice="customers", version=1, digest="cd" * 32, role="privacy")
SENDING = e.SendingStarted(notice="customers", version=1, planned=3)
SENT = e.SendingEnded(
    notice="customers", version=1, ended="complete", counts=Counts(accepted=2, refused=1)
)
DUE_TRIAGE = later(hours=1)

EVERY_EVENT: tuple[e.AnyEvent | Said, ...] = (
    STARTED,
    Said(
        event=e.FactRecorded(
            name="awareness", value="2026-03-02T07:30:00+00:00", source="the help desk"
        ),
        at=later(-30),
        by="blake",
    ),
    e.FactRecorded(name="records", value=4100),
    e.EventCorrected(seq=3, reason=sealed("a slip of the pen")),
    e.FactRecorded(name="records", value=41000.5),
    e.FactRecorded(name="ransom", value=True),
    e.FactRecorded(name="data_types", value=["card", "contact"]),
    e.RoleAssigned(role="communications", person="erin"),
    e.RoleHandedOver(role="commander", previous="alex", person="dana"),
    e.SeverityChanged(previous="sev2", severity="sev1", reason=sealed("cards too")),
    e.NoteAdded(text=sealed("called the bank"), privileged=True),
    e.StepAssigned(step="triage", person="farah"),
    e.StepStarted(step="triage", role="operations"),
    Said(event=e.StepOverdue(step="triage", due_at=DUE_TRIAGE), at=DUE_TRIAGE, by=e.SYSTEM),
    e.StepBlocked(step="triage", role="operations", reason=sealed("no way in")),
    e.StepFinished(step="triage", role="operations", note=sealed("done after all")),
    e.StepReopened(step="triage", role="operations", reason=sealed("one more system")),
    e.StepFinished(step="triage", role="operations"),
    e.EvidenceAdded(sha256="0a" * 32, size_bytes=12, name=sealed("disk.img"), step="preserve"),
    e.StepSkipped(step="preserve", role="operations", reason=sealed("the disk is gone")),
    Said(event=e.WaitEnded(step="await-awareness"), by=e.SYSTEM),
    e.DecisionMade(
        step="isolate", role="commander", option="watch", reason=sealed("calls must go on")
    ),
    COMMAND_RAN,
    e.StepFailed(step="scan", role="operations", reason="command-failed", detail=sealed("2")),
    BACKUP_CHECKED,
    DRILL_FINISHED,
    BACKUP_RESTORED,
    ALERTED,
    Said(event=PREVIEWED, by="erin"),
    Said(event=APPROVED, by="blake", account="blake"),
    SENDING,
    SENT,
    e.HoldPlaced(reason=sealed("a claim")),
    e.HoldReleased(reason=sealed("settled out of court")),
    e.RunClosed(outcome="duplicate", reason=sealed("see INC-2026-0002"), waived=("rebuild",)),
    e.RunReopened(reason=sealed("not the same after all")),
    e.FactRecorded(
        name="awareness",
        value="2026-03-02T09:00:00+00:00",
        source="the log",
        reason=sealed("the help desk's clock was wrong"),
        second="counts-then",
    ),
    Said(event=e.FactConfirmed(name="awareness", seq=37), by="dana"),
    e.DelayExplained(rule="EU-GDPR-33-SA", reason=sealed("nobody knew whose records they were")),
    Said(
        event=e.DutyMet(
            rule="EU-GDPR-33-SA",
            reference=sealed("case 4711"),
            evidence="0a" * 32,
            reason=sealed("the portal was down"),
        ),
        at=later(30),
        by="blake",
    ),
    e.DutyMet(rule="EU-GDPR-34-DS", notice="customers"),
    Said(
        event=e.DutyWaived(
            rule="EU-GDPR-33-2-CTRL",
            reason=sealed("no client's records"),
            review_on=dt.date(2026, 4, 1),
        ),
        by="blake",
    ),
    Said(event=e.WaiverConfirmed(rule="EU-GDPR-33-2-CTRL"), by="dana"),
    e.RulesRenewed(
        rules=e.Pin(id="rules", version="1.2.0", digest="1b" * 32),
        reason=sealed("a contract was added"),
    ),
    e.DrillSlotsMissed(drill="monthly-crm", slots=2, since=later(hours=-48)),
    e.CleanSnapshotSought(
        target="crm",
        verdict="pass",
        reason="",
        snapshot="9f" * 32,
        taken_at=later(hours=-72),
        lost_seconds=86_400.0,
        examined=4,
    ),
    e.DrillCited(
        run="DR-2026-0007",
        seq=4,
        hash="3e" * 32,
        drill="monthly-crm",
        target="crm",
        verdict="pass",
        reason="",
        snapshot=SNAPSHOT,
        finished_at=later(hours=-20),
    ),
    FULL_DRILL,
    e.DrillAlerted(
        drill="monthly-crm",
        verdict="fail",
        reason="rto-exceeded",
        channel="team",
        state="accepted",
        detail="200 OK",
    ),
    msgspec.structs.replace(
        PREVIEWED, version=2, per_second=14.0, not_before=later(hours=30), recipients=1, rejected=0
    ),
    e.NoticeDenied(
        notice="customers",
        version=2,
        digest="cd" * 32,
        role="privacy",
        reason=sealed("it names a supplier"),
    ),
    e.SendingHalted(
        notice="customers", version=1, halt="paused", reason=sealed("the relay puts all off")
    ),
    e.SendingReleased(notice="customers", version=1),
    e.RowsResolved(
        notice="customers",
        version=1,
        decision="told",
        basis="relay-log",
        rows=1,
        reason=sealed("queue id 4F1"),
    ),
    e.BouncesRead(notice="customers", version=1, bounced=1, delivered=2, ignored=4),
    e.RecipientsConfirmed(notice="customers", version=1, rows=2, late=1, by_link=True),
    e.RecipientsUnmasked(
        notice="customers", version=1, rows=1, role="privacy", reason=sealed("a letter came back")
    ),
)
BY_TYPE: dict[str, e.AnyEvent] = {
    type(event).__name__: event
    for event in (given.event if isinstance(given, Said) else given for given in EVERY_EVENT)
}
