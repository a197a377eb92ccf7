"""A run in which everything happens that a report tells, and its numbers."""

from __future__ import annotations

import datetime as dt

from ccir.domain import events as e
from ccir.domain.holds import Hold
from ccir.domain.notices import Counts
from ccir.domain.outcomes import CheckResult, Verdict
from support.drill_course import drilled, long_course
from support.duty_clocks import duty_clock, rule
from support.events import FULL_DRILL
from support.told_run import START, ToldRun

REVIEW = dt.date(2026, 2, 15)


_FAILED = CheckResult(
    name="structure", verdict="fail", reason="repository-damaged", detail="pack 3f is missing"
)


def previewed(told: ToldRun, *, version: int = 1, digest: str = "a" * 64) -> e.NoticePreviewed:
    """Return a version of the letter to customers."""
    return e.NoticePreviewed(
        notice="customers",
        version=version,
        digest=digest,
        text=told.seal("the letter"),
        channel="mail",
        list=f"list-{version}",
        recipients=40,
        rejected=2,
        duplicates=1,
        already_told=0,
        languages={"en": 30, "de": 10},
    )


def approved(*, version: int = 1, role: str = "commander") -> e.NoticeApproved:
    """Return an approval of that version."""
    return e.NoticeApproved(notice="customers", version=version, digest="a" * 64, role=role)


def ended(counts: Counts, *, version: int = 1, detail: str = "") -> e.SendingEnded:
    """Return the end of a sending."""
    return e.SendingEnded(
        notice="customers", version=version, ended="complete", counts=counts, detail=detail
    )


def checked(*, verdict: Verdict = "fail", age: float | None = 90_000) -> e.BackupChecked:
    """Return a verification of the CRM's backup against an RPO of a day."""
    return e.BackupChecked(
        target="crm",
        verdict=verdict,
        reason="" if verdict == "pass" else "repository-damaged",
        snapshot="1690ffe7" * 8,
        age_seconds=age,
        rpo_seconds=86_400,
        checks=(_FAILED,),
        step="cut-off",
    )


def restored() -> e.BackupRestored:
    """Return a restore that was to be kept."""
    return e.BackupRestored(
        target="crm",
        verdict="pass",
        reason="",
        snapshot=None,
        destination="recovered/crm",
        files=61,
        bytes=1_456_624,
        seconds=95,
        checks=(),
    )


def full_run(*, kind: str = "incident", note: str = "Seen in the sign-in log") -> ToldRun:
    """Return a run that holds an event of nearly every kind; `note` is written in all places."""
    told = ToldRun(kind=kind)
    said = told.seal
    told.add(e.FactRecorded(name="awareness", value="2026-01-02T07:10:00+00:00"), later=50)
    wrong = told.add(e.FactRecorded(name="records", value=10), by="kim", at=2)
    told.add(e.FactRecorded(name="records", value=4100, source=note), by="kim", at=3)
    told.add(e.EventCorrected(seq=wrong, reason=said("a typing error")), at=4)
    told.add(e.RoleAssigned(role="counsel", person="kim"), at=5)
    told.add(e.RoleHandedOver(role="commander", previous="alex", person="robin"), at=6)
    told.add(e.NoteAdded(text=said(note)), by="kim", at=7)
    told.add(e.NoteAdded(text=said("for counsel only"), privileged=True), by="kim", at=8)
    told.add(e.NoteAdded(text=said(None)), by="kim", at=9)
    told.add(e.StepStarted(step="cut-off", role="commander"), by="robin", at=10)
    told.add(e.StepOverdue(step="cut-off", due_at=told.entries[0].at), by=e.SYSTEM, at=120)
    told.add(e.EvidenceAdded(sha256="e" * 64, size_bytes=67, name=said(note), step="cut-off"))
    told.add(e.StepFinished(step="cut-off", role="commander", note=said(note)), by="robin", at=150)
    told.add(e.StepFailed(step="tidy", role="commander", reason="timed-out", detail=said(note)))
    told.add(_decided("wait", said(note)), by="kim", at=160)
    told.add(e.StepReopened(step="decide-telling", role="counsel", reason=said(note)), at=161)
    told.add(_decided("tell", said(note)), by="kim", at=170)
    told.add(checked(), at=171)
    told.add(drilled(), at=172)
    told.add(restored(), at=173)
    told.add(previewed(told), by="kim", at=174)
    told.add(approved(), by="robin", at=175)
    told.add(approved(role="counsel"), by="kim", at=176, user="kim")
    told.add(e.SendingStarted(notice="customers", version=1, planned=40), at=177)
    told.add(ended(Counts(accepted=37, refused=2, unknown=1), detail=note), at=178)
    told.add(e.RolesAlerted(roles=("counsel",), channel="pager", state="accepted", detail=note))
    told.add(e.SeverityChanged(previous="sev2", severity="sev1", reason=said(note)), at=180)
    told.add(e.HoldPlaced(reason=said(note)), by="kim", at=181)
    _duties(told, note)
    _proofs(told)
    return told


def _proofs(told: ToldRun) -> None:
    told.add(FULL_DRILL, at=191)
    cited = e.DrillCited(
        run="DR-2026-0007",
        seq=4,
        hash="3e" * 32,
        drill="nightly",
        target="crm",
        verdict="pass",
        reason="",
        snapshot=None,
        finished_at=START,
    )
    told.add(cited, at=192)
    sought = e.CleanSnapshotSought(
        target="crm",
        verdict="pass",
        reason="",
        snapshot="1690ffe7" * 8,
        taken_at=START,
        lost_seconds=90_000,
        examined=3,
        step="cut-off",
    )
    told.add(sought, at=193)
    told.drills = long_course()


def _duties(told: ToldRun, note: str) -> None:
    said = told.seal
    earlier = e.FactRecorded(
        name="awareness", value="2026-01-02T06:50:00+00:00", reason=said(note), second="counts-now"
    )
    told.add(e.FactConfirmed(name="awareness", seq=told.add(earlier, at=182)), by="kim", at=183)
    told.add(e.FactRecorded(name="likely_consequences", value=note), at=184)
    told.add(e.FactRecorded(name="what_we_are_doing", value=note), at=185)
    told.add(e.FactRecorded(name="risk_exempt", value=True, source=note), at=186)
    met = e.DutyMet(rule="LATE", reference=said(note), evidence="e" * 64, reason=said(note))
    told.add(met, by="kim", at=187)
    told.add(e.DutyMet(rule="MET", notice="customers"), by=e.SYSTEM, at=188)
    told.add(e.DutyWaived(rule="WAIVED", reason=said(note), review_on=REVIEW), at=189)
    told.add(e.WaiverConfirmed(rule="WAIVED"), by="kim", at=190)
    due = (told.entries[0].at, REVIEW)
    hold = Hold(since=REVIEW, until=None)
    told.clocks = (
        duty_clock(rule("LATE", recipient=note), "late", due=due),
        duty_clock(rule("MET"), "met", due=due),
        duty_clock(rule("WAIVED"), "waived", because="decided"),
        duty_clock(rule("HELD"), "held", hold=hold),
        duty_clock(rule("OPEN"), due=(REVIEW, REVIEW)),
        duty_clock(
            rule("EXEMPT", harm_test="risk_exempt"), "not-applicable", because="exempt: risk"
        ),
    )


def _decided(option: str, reason: e.Sealed) -> e.DecisionMade:
    return e.DecisionMade(step="decide-telling", role="counsel", option=option, reason=reason)
