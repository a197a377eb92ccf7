from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from ccir.domain import commands as c
from ccir.domain import events as e
from ccir.domain.decide import decide
from ccir.domain.events import CloseOutcome
from ccir.domain.notices import Counts
from ccir.domain.run import Run, unstarted
from ccir.errors import NotFoundError, RefusedError
from support.events import ALERTED
from support.runs import (
    PEOPLE,
    PIN,
    PLAYBOOK,
    RULES,
    STARTED,
    given,
    later,
    playbook_of,
    sealed,
    step,
)

NOW = later(hours=2)
REASON = sealed()
CLOSED = e.RunClosed(outcome="resolved")
START_RUN = c.StartRun(
    by="alex",
    kind="incident",
    title="Records for sale",
    severity="sev2",
    playbook=PIN,
    zone="Europe/Berlin",
    roles=PEOPLE,
    rules=RULES,
)


def changed(command: c.StartRun, **changes: object) -> c.StartRun:
    return msgspec.structs.replace(command, **changes)


# ------------------------------------------------------------------------------------- starting


def test_starting_records_the_start() -> None:
    assert decide(unstarted(PLAYBOOK), START_RUN, NOW) == [STARTED]


def test_starting_without_a_severity_takes_the_most_severe() -> None:
    command = changed(START_RUN, severity=None)
    [started] = decide(unstarted(PLAYBOOK), command, NOW)
    assert isinstance(started, e.RunStarted)
    assert started.severity == "sev1"


def test_starting_with_facts_records_each_after_the_start() -> None:
    command = changed(START_RUN, facts={"records": 7, "ransom": True})
    assert decide(unstarted(PLAYBOOK), command, NOW) == [
        STARTED,
        e.FactRecorded(name="records", value=7),
        e.FactRecorded(name="ransom", value=True),
    ]


def test_starting_leaves_out_roles_that_the_playbook_does_not_have() -> None:
    command = changed(START_RUN, roles=PEOPLE | {"cook": "gale"})
    assert decide(unstarted(PLAYBOOK), command, NOW) == [STARTED]


def test_starting_at_an_unknown_severity_names_the_levels() -> None:
    command = changed(START_RUN, severity="sev9")
    with pytest.raises(NotFoundError, match="'sev9' is no severity") as refused:
        decide(unstarted(PLAYBOOK), command, NOW)
    assert "sev1, sev2" in refused.value.hint


def test_a_run_starts_once() -> None:
    with pytest.raises(RefusedError, match="already started"):
        decide(given(), START_RUN, NOW)


# ---------------------------------------------------------------------------- open and closed runs

ONLY_WHILE_OPEN: tuple[c.AnyCommand, ...] = (
    c.RecordFact(by="alex", name="records", value=1),
    c.ConfirmFact(by="dana", name="awareness"),
    c.AssignRole(by="alex", role="privacy", person="erin"),
    c.HandOverRole(by="alex", role="commander", person="dana"),
    c.ChangeSeverity(by="alex", severity="sev1", reason=REASON),
    c.StartStep(by="chris", step="triage"),
    c.FinishStep(by="chris", step="triage"),
    c.SkipStep(by="chris", step="triage", reason=REASON),
    c.BlockStep(by="chris", step="triage", reason=REASON),
    c.ReopenStep(by="chris", step="triage", reason=REASON),
    c.AssignStep(by="chris", step="triage", person="erin"),
    c.RecordWork(by="chris", step="scan"),
    c.Decide(by="alex", step="isolate", option="watch", reason=REASON),
    c.CloseRun(by="alex", outcome="resolved"),
    c.ApproveNotice(by="blake", notice="staff", roles=(), account="blake"),
    c.BeginSending(by="alex", notice="staff", planned=1),
    c.StoreVersion(
        by="alex",
        notice="staff",
        digest="d",
        text=REASON,
        channel="team",
        list="l",
        recipients=1,
        rejected=0,
        duplicates=0,
        already_told=0,
        languages={},
    ),
)
ALSO_AFTER_CLOSING: tuple[c.AnyCommand, ...] = (
    c.AddNote(by="alex", text=REASON),
    c.AddEvidence(by="alex", sha256="0a" * 32, size_bytes=1, name=REASON),
    c.CorrectEvent(by="alex", seq=1, reason=REASON),
    c.PlaceHold(by="alex", reason=REASON),
    c.EndSending(by="ccir", notice="staff", version=1, ended="complete", counts=Counts()),
    c.RecordOutcome(by="ccir", outcome=ALERTED),
    c.MeetDuty(by="blake", rule="EU-GDPR-33-SA"),
    c.ExplainDelay(by="blake", rule="EU-GDPR-33-SA", reason=REASON),
    c.WaiveDuty(by="blake", rule="EU-GDPR-33-SA", reason=REASON, review_on=dt.date(2026, 4, 1)),
)


def name_of(command: c.AnyCommand) -> str:
    return type(command).__name__


@pytest.mark.parametrize("command", ONLY_WHILE_OPEN, ids=name_of)
def test_a_closed_run_takes_no_further_work(command: c.AnyCommand) -> None:
    with pytest.raises(RefusedError, match="INC-2026-0001 is closed") as refused:
        decide(given(CLOSED), command, NOW)
    assert "ccir reopen --run INC-2026-0001" in refused.value.hint


@pytest.mark.parametrize("command", [*ONLY_WHILE_OPEN, *ALSO_AFTER_CLOSING], ids=name_of)
def test_a_reopened_run_judges_commands_as_an_open_one(command: c.AnyCommand) -> None:
    def answer(run: Run) -> object:
        try:
            return decide(run, command, NOW)
        except (RefusedError, NotFoundError) as error:
            return error.message

    reopened = given(CLOSED, e.RunReopened(reason=REASON))
    assert answer(reopened) == answer(given())


@pytest.mark.parametrize("command", ALSO_AFTER_CLOSING, ids=name_of)
def test_what_belongs_to_the_record_is_taken_after_the_end_too(command: c.AnyCommand) -> None:
    assert decide(given(CLOSED), command, NOW) == decide(given(), command, NOW)


def test_a_hold_is_released_after_the_end_too() -> None:
    run = given(e.HoldPlaced(reason=REASON), CLOSED)
    command = c.ReleaseHold(by="alex", reason=REASON)
    assert decide(run, command, NOW) == [e.HoldReleased(reason=REASON)]


def test_a_closed_run_is_reopened_with_a_reason() -> None:
    command = c.ReopenRun(by="alex", reason=REASON)
    assert decide(given(CLOSED), command, NOW) == [e.RunReopened(reason=REASON)]


def test_an_open_run_is_not_reopened() -> None:
    with pytest.raises(RefusedError, match="is not closed"):
        decide(given(), c.ReopenRun(by="alex", reason=REASON), NOW)


def test_a_run_that_never_started_takes_nothing() -> None:
    with pytest.raises(RefusedError, match="unstarted"):
        decide(unstarted(PLAYBOOK), c.RecordFact(by="alex", name="records", value=1), NOW)


# ------------------------------------------------------------- facts, roles, severity, the record


def test_a_fact_is_recorded_with_its_source() -> None:
    command = c.RecordFact(by="blake", name="records", value=4100, source="the dump")
    assert decide(given(), command, NOW) == [
        e.FactRecorded(name="records", value=4100, source="the dump")
    ]


def test_a_misspelt_fact_gets_a_suggestion() -> None:
    with pytest.raises(NotFoundError, match="no fact 'recrods'") as refused:
        decide(given(), c.RecordFact(by="alex", name="recrods", value=1), NOW)
    assert refused.value.hint == "did you mean 'records'?"


def test_a_role_is_assigned() -> None:
    command = c.AssignRole(by="alex", role="communications", person="erin")
    assert decide(given(), command, NOW) == [e.RoleAssigned(role="communications", person="erin")]


@pytest.mark.parametrize(
    ("role", "hint"),
    [
        ("privcy", "did you mean 'privacy'?"),
        ("x", "its roles: commander, deputy, privacy, operations, communications"),
    ],
)
def test_an_unknown_role_is_refused_with_what_there_is(role: str, hint: str) -> None:
    for command in (
        c.AssignRole(by="alex", role=role, person="erin"),
        c.HandOverRole(by="alex", role=role, person="erin"),
    ):
        with pytest.raises(NotFoundError, match=f"no role '{role}'") as refused:
            decide(given(), command, NOW)
        assert refused.value.hint == hint


@pytest.mark.parametrize("by", ["blake", "alex"])
def test_a_role_is_handed_over_by_its_holder_or_the_commander(by: str) -> None:
    command = c.HandOverRole(by=by, role="privacy", person="erin")
    assert decide(given(), command, NOW) == [
        e.RoleHandedOver(role="privacy", previous="blake", person="erin")
    ]


def test_a_role_is_not_handed_over_by_somebody_else() -> None:
    with pytest.raises(RefusedError, match="chris does not hold the role 'commander'") as refused:
        decide(given(), c.HandOverRole(by="chris", role="commander", person="chris"), NOW)
    assert "alex holds it" in refused.value.hint


def test_a_role_that_nobody_holds_may_be_handed_over_by_anybody() -> None:
    command = c.HandOverRole(by="chris", role="communications", person="erin")
    assert decide(given(), command, NOW) == [
        e.RoleHandedOver(role="communications", previous="", person="erin")
    ]


def test_a_change_of_severity_keeps_both_values() -> None:
    command = c.ChangeSeverity(by="alex", severity="sev1", reason=REASON)
    assert decide(given(), command, NOW) == [
        e.SeverityChanged(previous="sev2", severity="sev1", reason=REASON)
    ]


@pytest.mark.parametrize(("severity", "error"), [("sev2", RefusedError), ("severe", NotFoundError)])
def test_a_severity_has_to_be_another_known_one(
    severity: str, error: type[RefusedError | NotFoundError]
) -> None:
    with pytest.raises(error):
        decide(given(), c.ChangeSeverity(by="alex", severity=severity, reason=REASON), NOW)


def test_a_note_is_privileged_where_asked_for() -> None:
    command = c.AddNote(by="alex", text=REASON, privileged=True)
    assert decide(given(), command, NOW) == [e.NoteAdded(text=REASON, privileged=True)]


def test_evidence_belongs_to_an_existing_step_or_to_none() -> None:
    command = c.AddEvidence(by="alex", sha256="0a" * 32, size_bytes=9, name=REASON, step="preserve")
    expected = e.EvidenceAdded(sha256="0a" * 32, size_bytes=9, name=REASON, step="preserve")
    assert decide(given(), command, NOW) == [expected]
    misspelt = msgspec.structs.replace(command, step="perserve")
    with pytest.raises(NotFoundError, match="no step 'perserve'") as refused:
        decide(given(), misspelt, NOW)
    assert refused.value.hint == "did you mean 'preserve'?"


def test_what_happened_outside_is_recorded_as_it_is() -> None:
    command = c.RecordOutcome(by="ccir", outcome=ALERTED)
    assert decide(given(), command, NOW) == [ALERTED]


# ----------------------------------------------------------------------------------- corrections


def test_a_correction_points_at_the_event_that_was_wrong() -> None:
    run = given(e.RoleAssigned(role="privacy", person="gale"))
    command = c.CorrectEvent(by="alex", seq=2, reason=REASON)
    assert decide(run, command, NOW) == [e.EventCorrected(seq=2, reason=REASON)]


def test_a_correction_of_a_fact_gives_its_right_value_from_the_same_source() -> None:
    run = given(e.FactRecorded(name="records", value=4, source="the dump"))
    command = c.CorrectEvent(by="alex", seq=2, reason=REASON, value=4100)
    assert decide(run, command, NOW) == [
        e.EventCorrected(seq=2, reason=REASON),
        e.FactRecorded(name="records", value=4100, source="the dump"),
    ]


@pytest.mark.parametrize("seq", [-1, 0, 3])
def test_only_an_event_of_the_log_is_corrected(seq: int) -> None:
    run = given(e.FactRecorded(name="records", value=4))
    with pytest.raises(NotFoundError, match=f"no event {seq}"):
        decide(run, c.CorrectEvent(by="alex", seq=seq, reason=REASON), NOW)


def test_only_a_fact_takes_a_right_value() -> None:
    run = given(e.FactRecorded(name="records", value=4), e.NoteAdded(text=REASON))
    with pytest.raises(RefusedError, match="event 3 is no fact"):
        decide(run, c.CorrectEvent(by="alex", seq=3, reason=REASON, value=5), NOW)


# ------------------------------------------------------------------------------------ legal hold


def test_a_hold_is_placed_once() -> None:
    command = c.PlaceHold(by="alex", reason=REASON)
    assert decide(given(), command, NOW) == [e.HoldPlaced(reason=REASON)]
    with pytest.raises(RefusedError, match="already under legal hold"):
        decide(given(e.HoldPlaced(reason=REASON)), command, NOW)


def test_only_a_hold_that_stands_is_released() -> None:
    command = c.ReleaseHold(by="alex", reason=REASON)
    assert decide(given(e.HoldPlaced(reason=REASON)), command, NOW) == [
        e.HoldReleased(reason=REASON)
    ]
    with pytest.raises(RefusedError, match="not under legal hold"):
        decide(given(), command, NOW)


# --------------------------------------------------------------------------------------- closing

TWO_STEPS = playbook_of(step("triage"), step("tidy", mandatory=False), step("report"))
TRIAGED = e.StepFinished(step="triage", role="operations")


def test_resolved_needs_every_mandatory_step() -> None:
    run = given(TRIAGED, playbook=TWO_STEPS)
    with pytest.raises(RefusedError, match="1 mandatory steps are open: report"):
        decide(run, c.CloseRun(by="alex", outcome="resolved", reason=REASON), NOW)


@pytest.mark.parametrize(
    "last",
    [
        e.StepFinished(step="report", role="operations"),
        e.StepSkipped(step="report", role="operations", reason=REASON),
    ],
)
def test_a_run_whose_mandatory_steps_are_settled_closes_as_resolved(last: e.AnyEvent) -> None:
    run = given(TRIAGED, last, playbook=TWO_STEPS)
    assert decide(run, c.CloseRun(by="alex", outcome="resolved"), NOW) == [
        e.RunClosed(outcome="resolved")
    ]


@pytest.mark.parametrize(
    "last",
    [
        e.StepStarted(step="report", role="operations"),
        e.StepBlocked(step="report", role="operations", reason=REASON),
        e.StepFailed(step="report", role="operations", reason="broken"),
    ],
)
def test_an_active_blocked_or_failed_step_keeps_a_run_from_being_resolved(
    last: e.AnyEvent,
) -> None:
    run = given(TRIAGED, last, playbook=TWO_STEPS)
    with pytest.raises(RefusedError, match="report"):
        decide(run, c.CloseRun(by="alex", outcome="resolved"), NOW)


OTHER_OUTCOMES: tuple[CloseOutcome, ...] = ("false-alarm", "duplicate")


@pytest.mark.parametrize("outcome", OTHER_OUTCOMES)
def test_another_outcome_waives_the_open_mandatory_steps_with_a_reason(
    outcome: CloseOutcome,
) -> None:
    run = given(playbook=TWO_STEPS)
    with pytest.raises(RefusedError, match="waives 2 open mandatory steps") as refused:
        decide(run, c.CloseRun(by="alex", outcome=outcome), NOW)
    assert refused.value.hint == "give --reason"
    assert decide(run, c.CloseRun(by="alex", outcome=outcome, reason=REASON), NOW) == [
        e.RunClosed(outcome=outcome, reason=REASON, waived=("triage", "report"))
    ]


def test_another_outcome_with_nothing_open_needs_no_reason_and_waives_nothing() -> None:
    run = given(TRIAGED, e.StepFinished(step="report", role="operations"), playbook=TWO_STEPS)
    assert decide(run, c.CloseRun(by="alex", outcome="false-alarm"), NOW) == [
        e.RunClosed(outcome="false-alarm")
    ]
