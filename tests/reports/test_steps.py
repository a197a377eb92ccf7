from __future__ import annotations

import pytest

from ccir.domain import events as e
from ccir.reports.steps import StepReport
from support.full_run import full_run
from support.told_run import PLAYBOOK, ToldRun


def _step(told: ToldRun, name: str, *, at: float = 60) -> StepReport:
    steps = [step for phase in told.report(at=at).steps for step in phase.steps]
    return next(step for step in steps if step.step == name)


def test_every_step_stands_in_its_phase_in_the_playbooks_order() -> None:
    phases = ToldRun().report().steps
    assert [phase.title for phase in phases] == ["Contain", "Tell"]
    assert [step.step for phase in phases for step in phase.steps] == [
        step.id for step in PLAYBOOK.steps
    ]


def test_a_finished_step_tells_who_when_and_what_was_said() -> None:
    told = ToldRun()
    told.add(e.StepAssigned(step="cut-off", person="kim"))
    told.add(e.StepStarted(step="cut-off", role="commander"), at=10)
    told.add(
        e.StepFinished(step="cut-off", role="commander", note=told.seal("closed")),
        by="robin",
        at=20,
        later=40,
    )
    step = _step(told, "cut-off")
    assert (step.state, step.by, step.said) == ("done", "Robin Weiss", "closed")
    assert step.assignee == "Kim Weber"
    assert step.ended is not None
    assert step.ended.later == "entered 40 min later"
    assert not step.late


@pytest.mark.parametrize(("at", "late"), [(120, False), (121, True)])
def test_a_step_that_ended_after_it_was_due_is_late(at: float, *, late: bool) -> None:
    told = ToldRun()
    told.add(e.StepFinished(step="cut-off", role="commander"), at=at)
    step = _step(told, "cut-off", at=400)
    assert (step.late, step.overdue) == (late, False)


@pytest.mark.parametrize(("at", "late"), [(120, False), (180, True)])
def test_a_step_that_closing_left_open_is_late_if_it_was_due_before(
    at: float, *, late: bool
) -> None:
    told = ToldRun()
    told.add(e.RunClosed(outcome="resolved", waived=("cut-off",)), at=at)
    step = _step(told, "cut-off", at=400)
    assert (step.late, step.waived, step.overdue) == (late, True, False)


def test_a_step_that_is_open_after_its_time_is_overdue() -> None:
    assert _step(ToldRun(), "cut-off", at=121).overdue
    assert not _step(ToldRun(), "cut-off", at=119).overdue


def test_a_failed_step_tells_its_code_and_what_was_seen() -> None:
    told = ToldRun()
    told.add(
        e.StepFailed(
            step="tidy", role="commander", reason="timed-out", detail=told.seal("no answer")
        )
    )
    step = _step(told, "tidy")
    assert (step.state, step.reason, step.said) == ("failed", "timed-out", "no answer")


def test_a_waiting_step_tells_why() -> None:
    step = _step(ToldRun(), "await-name")
    assert (step.state, step.said, step.ended) == (
        "waiting",
        "waits for its time or event",
        None,
    )


def test_a_reopened_step_has_not_ended() -> None:
    told = ToldRun()
    told.add(e.StepFinished(step="cut-off", role="commander"), at=10)
    told.add(e.StepReopened(step="cut-off", role="commander", reason=told.seal("again")), at=20)
    step = _step(told, "cut-off")
    assert (step.state, step.ended, step.by) == ("ready", None, "")


def test_a_decision_tells_its_option_and_evidence_is_counted() -> None:
    told = full_run()
    assert _step(told, "decide-telling").option == "tell"
    assert _step(told, "cut-off").evidence == 1
