from __future__ import annotations

import pytest

from ccir.domain import commands as c
from ccir.domain import events as e
from ccir.domain.conditions import Compare, Literally, Name
from ccir.domain.decide import decide
from ccir.errors import NotFoundError, RefusedError
from support.events import BACKUP_CHECKED, COMMAND_RAN
from support.runs import given, later, playbook_of, sealed, step, when

NOW = later(30)
REASON = sealed()
TRIAGED = e.StepFinished(step="triage", role="operations")
SKIPPED = e.StepSkipped(step="triage", role="operations", reason=REASON)
ON_TRIAGE: tuple[tuple[c.AnyCommand, e.AnyEvent], ...] = (
    (c.StartStep(by="chris", step="triage"), e.StepStarted(step="triage", role="operations")),
    (
        c.FinishStep(by="chris", step="triage", note=REASON),
        e.StepFinished(step="triage", role="operations", note=REASON),
    ),
    (c.SkipStep(by="chris", step="triage", reason=REASON), SKIPPED),
    (
        c.BlockStep(by="chris", step="triage", reason=REASON),
        e.StepBlocked(step="triage", role="operations", reason=REASON),
    ),
    (
        c.AssignStep(by="chris", step="triage", person="erin"),
        e.StepAssigned(step="triage", person="erin"),
    ),
)


@pytest.mark.parametrize(("command", "event"), ON_TRIAGE)
@pytest.mark.parametrize(
    "before",
    [
        (),
        (e.StepStarted(step="triage", role="operations"),),
        (e.StepBlocked(step="triage", role="operations", reason=REASON),),
        (e.StepFailed(step="triage", role="operations", reason="broken"),),
    ],
    ids=["ready", "active", "blocked", "failed"],
)
def test_a_workable_step_is_started_finished_skipped_blocked_and_assigned(
    command: c.AnyCommand, event: e.AnyEvent, before: tuple[e.AnyEvent, ...]
) -> None:
    assert decide(given(*before), command, NOW) == [event]


@pytest.mark.parametrize(("command", "event"), ON_TRIAGE[:4])
@pytest.mark.parametrize("settled", [TRIAGED, SKIPPED], ids=["done", "skipped"])
def test_a_settled_step_is_left_alone_until_it_is_reopened(
    command: c.AnyCommand, event: e.AnyEvent, settled: e.AnyEvent
) -> None:
    with pytest.raises(RefusedError, match="step 'triage' is already") as refused:
        decide(given(settled), command, NOW)
    assert "ccir step reopen triage" in refused.value.hint
    reopened = e.StepReopened(step="triage", role="operations", reason=REASON)
    assert decide(given(settled, reopened), command, NOW) == [event]


@pytest.mark.parametrize(
    "ended",
    [
        TRIAGED,
        SKIPPED,
        e.StepBlocked(step="triage", role="operations", reason=REASON),
        e.StepFailed(step="triage", role="operations", reason="broken"),
    ],
)
def test_a_step_that_ended_is_reopened(ended: e.AnyEvent) -> None:
    command = c.ReopenStep(by="chris", step="triage", reason=REASON)
    assert decide(given(ended), command, NOW) == [
        e.StepReopened(step="triage", role="operations", reason=REASON)
    ]


def test_a_step_that_has_not_ended_is_not_reopened() -> None:
    command = c.ReopenStep(by="chris", step="triage", reason=REASON)
    for run in (given(), given(e.StepStarted(step="triage", role="operations"))):
        with pytest.raises(RefusedError, match="'triage' is not settled"):
            decide(run, command, NOW)


@pytest.mark.parametrize("command", [command for command, _ in ON_TRIAGE])
@pytest.mark.parametrize(
    ("name", "hint"),
    [("traige", "did you mean 'triage'?"), ("zzz", "`ccir step list` shows them")],
)
def test_an_unknown_step_is_refused_with_a_suggestion(
    command: c.AnyCommand, name: str, hint: str
) -> None:
    kind = type(command)
    fields = {key: getattr(command, key) for key in command.__struct_fields__} | {"step": name}
    with pytest.raises(NotFoundError, match=f"no step '{name}'") as refused:
        decide(given(), kind(**fields), NOW)
    assert refused.value.hint == hint


# ----------------------------------------------------------------------------------------- roles


@pytest.mark.parametrize("person", ["chris", "alex", "dana", "ccir"])
def test_the_holder_the_commander_her_deputy_and_the_engine_may_work_on_a_step(
    person: str,
) -> None:
    assert decide(given(), c.StartStep(by=person, step="triage"), NOW)


def test_somebody_elses_step_is_refused_until_it_is_assigned_to_her() -> None:
    command = c.StartStep(by="blake", step="triage")
    with pytest.raises(
        RefusedError, match=r"belongs to operations \(chris\), not to blake"
    ) as refused:
        decide(given(), command, NOW)
    assert "ccir step assign triage blake" in refused.value.hint
    assert decide(given(e.StepAssigned(step="triage", person="blake")), command, NOW)


def test_a_step_of_a_role_that_nobody_holds_is_anybodys() -> None:
    made = e.DecisionMade(step="isolate", role="commander", option="watch", reason=REASON)
    command = c.StartStep(by="blake", step="tell-customers")
    assert decide(given(TRIAGED, made), command, NOW)


def test_a_new_holder_works_and_the_previous_one_does_not() -> None:
    run = given(e.RoleHandedOver(role="operations", previous="chris", person="erin"))
    assert decide(run, c.StartStep(by="erin", step="triage"), NOW)
    with pytest.raises(RefusedError, match="not to chris"):
        decide(run, c.StartStep(by="chris", step="triage"), NOW)


# ----------------------------------------------------------------------------------- not yet ready


def test_a_step_that_waits_for_another_names_it() -> None:
    with pytest.raises(RefusedError, match="not ready: it waits for triage") as refused:
        decide(given(), c.FinishStep(by="chris", step="preserve"), NOW)
    assert "ccir step show triage" in refused.value.hint


def test_a_step_that_waits_for_a_fact_names_it() -> None:
    with pytest.raises(RefusedError, match="it needs to know ransom") as refused:
        decide(given(), c.StartStep(by="blake", step="tell-police"), NOW)
    assert "ccir fact set ransom=" in refused.value.hint


def test_a_step_that_only_a_failure_makes_ready_says_so() -> None:
    with pytest.raises(RefusedError, match="comes only if check-backup fails") as refused:
        decide(given(), c.StartStep(by="chris", step="find-copy"), NOW)
    assert refused.value.hint == "`ccir next` shows what can be done now"


def test_a_step_that_does_not_apply_is_refused_as_skipped() -> None:
    run = given(e.FactRecorded(name="ransom", value=False))
    with pytest.raises(RefusedError, match="'tell-police' is already skipped"):
        decide(run, c.StartStep(by="blake", step="tell-police"), NOW)


def test_a_waiting_step_may_be_skipped_or_blocked() -> None:
    for command in (
        c.SkipStep(by="chris", step="preserve", reason=REASON),
        c.BlockStep(by="chris", step="preserve", reason=REASON),
    ):
        assert decide(given(), command, NOW)


# ------------------------------------------------------------------------------- finishing by word


def test_a_step_that_needs_evidence_is_not_done_without() -> None:
    command = c.FinishStep(by="chris", step="preserve")
    with pytest.raises(RefusedError, match="needs evidence: a disk image"):
        decide(given(TRIAGED), command, NOW)
    added = e.EvidenceAdded(sha256="0a" * 32, size_bytes=1, name=REASON, step="preserve")
    assert decide(given(TRIAGED, added), command, NOW) == [
        e.StepFinished(step="preserve", role="operations")
    ]


def test_evidence_of_another_step_does_not_count() -> None:
    added = e.EvidenceAdded(sha256="0a" * 32, size_bytes=1, name=REASON, step="triage")
    with pytest.raises(RefusedError, match="needs evidence"):
        decide(given(TRIAGED, added), c.FinishStep(by="chris", step="preserve"), NOW)


@pytest.mark.parametrize(
    ("name", "way"),
    [("check-backup", "ccir step run check-backup"), ("isolate", "ccir decide isolate OPTION")],
)
def test_a_step_that_works_by_itself_is_not_done_by_word(name: str, way: str) -> None:
    with pytest.raises(RefusedError, match="done by its own work, not by word") as refused:
        decide(given(TRIAGED), c.FinishStep(by="alex", step=name), NOW)
    assert way in refused.value.hint


# -------------------------------------------------------------------------------- recorded work


def test_work_that_succeeded_ends_with_the_steps_end() -> None:
    command = c.RecordWork(by="ccir", step="scan", outcomes=(COMMAND_RAN,), detail=REASON)
    assert decide(given(), command, NOW) == [
        COMMAND_RAN,
        e.StepFinished(step="scan", role="operations", note=REASON),
    ]


def test_work_that_failed_keeps_its_reason() -> None:
    command = c.RecordWork(
        by="ccir", step="scan", outcomes=(COMMAND_RAN,), reason="command-failed", detail=REASON
    )
    assert decide(given(), command, NOW) == [
        COMMAND_RAN,
        e.StepFailed(step="scan", role="operations", reason="command-failed", detail=REASON),
    ]


def test_work_that_goes_on_leaves_the_step_active() -> None:
    command = c.RecordWork(by="ccir", step="scan", outcomes=(COMMAND_RAN,), pending=True)
    assert decide(given(), command, NOW) == [COMMAND_RAN]


def test_work_that_comes_after_the_steps_end_is_recorded_and_changes_nothing_else() -> None:
    run = given(e.StepSkipped(step="scan", role="operations", reason=REASON))
    command = c.RecordWork(
        by="ccir", step="scan", outcomes=(COMMAND_RAN, BACKUP_CHECKED), reason="command-failed"
    )
    assert decide(run, command, NOW) == [COMMAND_RAN, BACKUP_CHECKED]


# ------------------------------------------------------------------------------------ decisions


def test_a_decision_takes_one_of_its_options() -> None:
    command = c.Decide(by="alex", step="isolate", option="cut-off", reason=REASON)
    assert decide(given(TRIAGED), command, NOW) == [
        e.DecisionMade(step="isolate", role="commander", option="cut-off", reason=REASON)
    ]


@pytest.mark.parametrize(
    ("option", "hint"),
    [
        ("cutoff", "did you mean 'cut-off'? its options: cut-off, watch"),
        ("zzz", "its options: cut-off, watch"),
    ],
)
def test_an_unknown_option_is_refused_with_the_options(option: str, hint: str) -> None:
    command = c.Decide(by="alex", step="isolate", option=option, reason=REASON)
    with pytest.raises(NotFoundError, match=f"no option '{option}'") as refused:
        decide(given(TRIAGED), command, NOW)
    assert refused.value.hint == hint


def test_only_a_decision_is_decided() -> None:
    command = c.Decide(by="alex", step="triage", option="cut-off", reason=REASON)
    with pytest.raises(RefusedError, match="'triage' is no decision"):
        decide(given(), command, NOW)


def test_a_decision_waits_for_its_needs_and_is_made_once() -> None:
    command = c.Decide(by="alex", step="isolate", option="cut-off", reason=REASON)
    with pytest.raises(RefusedError, match="waits for triage"):
        decide(given(), command, NOW)
    made = e.DecisionMade(step="isolate", role="commander", option="watch", reason=REASON)
    with pytest.raises(RefusedError, match="already done"):
        decide(given(TRIAGED, made), command, NOW)


def test_a_condition_that_its_facts_do_not_fit_is_told_as_such() -> None:
    odd = Compare(comparison="lt", left=Name(path="story"), right=Literally(value=3))
    run = given(
        e.FactRecorded(name="story", value="long"),
        playbook=playbook_of(step("odd", when=when("story < 3", odd))),
    )
    with pytest.raises(RefusedError, match="it has a condition that its facts do not fit"):
        decide(run, c.StartStep(by="chris", step="odd"), NOW)
