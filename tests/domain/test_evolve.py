from __future__ import annotations

from functools import reduce

import pytest
from msgspec.structs import replace

from ccir.domain import events as e
from ccir.domain.evolve import evolve, fold
from ccir.domain.notices import Counts
from ccir.domain.record import canonical
from ccir.domain.run import Approval, SendingState, StepRecord, VersionRecord, unstarted
from support.events import (
    ALERTED,
    APPROVED,
    BACKUP_CHECKED,
    BACKUP_RESTORED,
    COMMAND_RAN,
    DRILL_FINISHED,
    EVERY_EVENT,
    PREVIEWED,
    SENDING,
)
from support.runs import (
    PEOPLE,
    PIN,
    PLAYBOOK,
    RULES,
    RUN,
    Said,
    given,
    later,
    lines_of,
    log_of,
    sealed,
)

REASON = sealed()
TRIAGED = e.StepFinished(step="triage", role="operations", note=REASON)


def test_a_start_opens_the_run_with_everything_it_says() -> None:
    run = given()
    assert (run.id, run.state, run.kind, run.title) == (RUN, "open", "incident", "Records for sale")
    assert (run.severity, run.pin, run.zone, run.roles) == ("sev2", PIN, "Europe/Berlin", PEOPLE)
    assert (run.started_at, run.seq, run.playbook) == (later(), 1, PLAYBOOK)
    assert run.rules == RULES


def test_a_fact_stated_anew_keeps_both_values_and_the_newer_one_counts() -> None:
    first = Said(event=e.FactRecorded(name="records", value=4, source="a guess"), by="blake")
    run = given(first, e.FactRecorded(name="records", value=4100))
    assert [(entry.seq, entry.value, entry.by) for entry in run.facts["records"]] == [
        (2, 4, "blake"),
        (3, 4100, "alex"),
    ]
    newest = run.fact("records")
    assert newest is not None
    assert newest.value == 4100


def test_a_fact_keeps_when_it_was_true_and_its_source() -> None:
    before = Said(event=e.FactRecorded(name="story", value="lost", source="a call"), at=later(-60))
    entry = given(before).fact("story")
    assert entry is not None
    assert (entry.at, entry.source) == (later(-60), "a call")


def test_a_correction_withdraws_a_value_and_the_one_before_counts_again() -> None:
    run = given(
        e.FactRecorded(name="records", value=4),
        e.FactRecorded(name="records", value=9),
        e.EventCorrected(seq=3, reason=REASON),
    )
    assert [entry.withdrawn for entry in run.facts["records"]] == [False, True]
    newest = run.fact("records")
    assert newest is not None
    assert newest.value == 4


def test_a_fact_whose_every_value_was_withdrawn_is_unknown_again() -> None:
    run = given(e.FactRecorded(name="records", value=4), e.EventCorrected(seq=2, reason=REASON))
    assert run.fact("records") is None
    assert "records" not in run.known()


def test_a_correction_of_something_else_leaves_facts_alone() -> None:
    run = given(e.FactRecorded(name="records", value=4), e.EventCorrected(seq=1, reason=REASON))
    assert run.fact("records") is not None


def test_a_second_person_stands_for_one_statement_and_all_stay_as_they_were_said() -> None:
    run = given(
        e.FactRecorded(name="awareness", value="2026-03-02T07:30:00+00:00"),
        e.FactRecorded(
            name="awareness",
            value="2026-03-02T09:00:00+00:00",
            source="the log",
            reason=REASON,
            second="counts-then",
        ),
        Said(event=e.FactConfirmed(name="awareness", seq=3), by="dana"),
    )
    first, changed = run.facts["awareness"]
    assert (first.seq, first.second, first.confirmed_by, first.reason) == (2, "none", "", None)
    assert (changed.seq, changed.second, changed.confirmed_by) == (3, "counts-then", "dana")
    assert (changed.by, changed.source, changed.reason) == ("alex", "the log", REASON)
    assert not first.awaits
    assert not changed.awaits


def test_a_statement_awaits_a_second_person_only_where_it_changed_a_moment() -> None:
    run = given(
        e.FactRecorded(name="records", value=4),
        e.FactRecorded(name="awareness", value="2026-03-02T05:00:00+00:00", second="counts-now"),
        e.FactRecorded(name="awareness", value="2026-03-02T09:00:00+00:00", second="counts-then"),
    )
    entries = (*run.facts["records"], *run.facts["awareness"])
    assert [entry.awaits for entry in entries] == [False, True, True]


def test_roles_go_to_the_person_named_last() -> None:
    run = given(
        e.RoleAssigned(role="communications", person="erin"),
        e.RoleHandedOver(role="commander", previous="alex", person="dana"),
    )
    assert run.roles == PEOPLE | {"communications": "erin", "commander": "dana"}


def test_the_severity_is_the_one_set_last() -> None:
    run = given(e.SeverityChanged(previous="sev2", severity="sev1", reason=REASON))
    assert run.severity == "sev1"


def test_a_begun_step_is_active_since_then() -> None:
    run = given(Said(event=e.StepStarted(step="triage", role="operations"), by="chris"))
    assert run.record("triage") == StepRecord(progress="active", started_at=later(1), by="chris")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (TRIAGED, StepRecord(progress="done", text=REASON)),
        (
            e.StepSkipped(step="triage", role="operations", reason=REASON),
            StepRecord(progress="skipped", text=REASON),
        ),
        (
            e.StepBlocked(step="triage", role="operations", reason=REASON),
            StepRecord(progress="blocked", text=REASON),
        ),
        (
            e.StepFailed(step="triage", role="operations", reason="no-tool", detail=REASON),
            StepRecord(progress="failed", text=REASON, reason="no-tool"),
        ),
        (e.WaitEnded(step="triage"), StepRecord(progress="done")),
        (
            e.DecisionMade(step="triage", role="operations", option="yes", reason=REASON),
            StepRecord(progress="done", text=REASON, option="yes"),
        ),
    ],
)
def test_a_step_that_ended_keeps_when_who_and_why(event: e.AnyEvent, expected: StepRecord) -> None:
    run = given(Said(event=event, by="chris"))
    assert run.record("triage") == replace(expected, settled_at=later(1), by="chris")


def test_a_step_begun_again_leaves_its_failure_behind() -> None:
    failed = e.StepFailed(step="scan", role="operations", reason="no-tool", detail=REASON)
    run = given(failed, e.StepStarted(step="scan", role="operations"))
    assert run.record("scan") == StepRecord(progress="active", started_at=later(2), by="alex")


def test_a_step_that_ends_well_after_a_failure_has_no_reason_left() -> None:
    failed = e.StepFailed(step="triage", role="operations", reason="no-tool")
    assert given(failed, TRIAGED).record("triage").reason == ""


def test_a_reopened_step_keeps_its_person_and_its_evidence_only() -> None:
    run = given(
        e.StepAssigned(step="triage", person="erin"),
        e.EvidenceAdded(sha256="0a" * 32, size_bytes=1, name=REASON, step="triage"),
        e.EvidenceAdded(sha256="0b" * 32, size_bytes=1, name=REASON, step="triage"),
        e.StepOverdue(step="triage", due_at=later(60)),
        TRIAGED,
        e.StepReopened(step="triage", role="operations", reason=REASON),
    )
    assert run.record("triage") == StepRecord(assignee="erin", evidence=2)


def test_a_decision_taken_back_is_unknown_again() -> None:
    made = e.DecisionMade(step="isolate", role="commander", option="watch", reason=REASON)
    assert given(made).known()["decision.isolate"] == "watch"
    reopened = e.StepReopened(step="isolate", role="commander", reason=REASON)
    assert "decision.isolate" not in given(made, reopened).known()


def test_an_overdue_step_is_noted_and_goes_on() -> None:
    run = given(e.StepOverdue(step="triage", due_at=later(60)))
    assert run.record("triage") == StepRecord(noted_overdue=True)


def test_a_hold_stands_until_it_is_released() -> None:
    placed = e.HoldPlaced(reason=REASON)
    assert given(placed).held
    assert not given(placed, e.HoldReleased(reason=REASON)).held


def test_a_closed_run_keeps_its_outcome_and_what_was_waived_until_it_is_reopened() -> None:
    closed = e.RunClosed(outcome="false-alarm", reason=REASON, waived=("triage",))
    run = given(closed)
    assert (run.state, run.outcome, run.waived, run.closed_at) == (
        "closed",
        "false-alarm",
        ("triage",),
        later(1),
    )
    again = given(closed, e.RunReopened(reason=REASON))
    assert (again.state, again.outcome, again.waived, again.closed_at) == ("open", None, (), None)


@pytest.mark.parametrize(
    "event",
    [
        e.NoteAdded(text=REASON),
        e.EvidenceAdded(sha256="0a" * 32, size_bytes=1, name=REASON),
        COMMAND_RAN,
        BACKUP_CHECKED,
        DRILL_FINISHED,
        BACKUP_RESTORED,
        ALERTED,
    ],
)
def test_what_is_only_told_changes_nothing_but_the_number(event: e.AnyEvent) -> None:
    assert given(event) == replace(given(), seq=2)


# ---------------------------------------------------------------------------------------- notices


def version(run_events: tuple[e.AnyEvent | Said, ...], number: int = 1) -> VersionRecord:
    return given(*run_events).notices["customers"][number - 1]


def test_a_preview_adds_a_version_with_its_author() -> None:
    stored = version((Said(event=PREVIEWED, by="erin"),))
    assert stored == VersionRecord(
        notice="customers",
        version=1,
        digest="cd" * 32,
        text=PREVIEWED.text,
        channel="mail",
        list="list-1",
        recipients=3,
        rejected=1,
        duplicates=1,
        already_told=0,
        languages={"de": 2, "en": 1},
        author="erin",
        at=later(1),
    )


def test_an_approval_is_kept_with_person_role_account_and_time() -> None:
    approval = Said(event=APPROVED, by="blake", account="bl")
    assert version((PREVIEWED, approval)).approvals == (
        Approval(by="blake", role="privacy", account="bl", at=later(2)),
    )


def test_what_happens_to_one_version_leaves_the_others_alone() -> None:
    events = (PREVIEWED, replace(PREVIEWED, version=2), APPROVED, SENDING)
    assert version(events, 1).sending == "sending"
    assert version(events, 2).approvals == ()
    assert version(events, 2).sending == "idle"
    latest = given(*events).latest("customers")
    assert latest is not None
    assert latest.version == 2


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        (Counts(accepted=2, refused=1), "sent"),
        (Counts(accepted=2, unknown=1), "sent"),
        (Counts(accepted=2, planned=1), "partial"),
        (Counts(accepted=2, claimed=1), "partial"),
    ],
)
def test_a_sending_is_over_when_no_row_is_left(counts: Counts, state: SendingState) -> None:
    ended = e.SendingEnded(notice="customers", version=1, ended="stopped", counts=counts)
    stored = version((PREVIEWED, SENDING, ended))
    assert (stored.sending, stored.counts) == (state, counts)


def test_a_notice_without_a_preview_has_no_version() -> None:
    assert given().latest("customers") is None


# -------------------------------------------------------------------------------------------- fold


def test_fold_is_evolve_event_by_event() -> None:
    entries = log_of(*EVERY_EVENT[1:])
    assert fold(PLAYBOOK, entries) == reduce(evolve, entries, unstarted(PLAYBOOK))


def test_every_event_moves_the_run_on_and_leaves_the_run_before_it_as_it_was() -> None:
    run = unstarted(PLAYBOOK)
    for entry in log_of(*EVERY_EVENT[1:]):
        before = canonical(run)
        after = evolve(run, entry)
        assert canonical(run) == before
        assert after.seq == entry.seq
        run = after
    assert run.seq == len(EVERY_EVENT) == len(lines_of(EVERY_EVENT))
