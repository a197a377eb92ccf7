from __future__ import annotations

import pytest

from ccir.domain.events import (
    DecisionMade,
    EventCorrected,
    HoldPlaced,
    HoldReleased,
    RunClosed,
    RunReopened,
    SeverityChanged,
    StepReopened,
)
from support.told_run import ToldRun


def _decided(told: ToldRun, option: str, *, step: str = "decide-telling") -> DecisionMade:
    reason = told.seal(f"why {option}")
    return DecisionMade(step=step, role="counsel", option=option, reason=reason)


def test_a_decision_tells_question_choice_meaning_reason_person_and_time() -> None:
    told = ToldRun()
    told.add(_decided(told, "tell"), by="kim", at=20, later=30)
    [made] = told.report().decisions
    assert (made.title, made.step) == ("Do we tell them?", "decide-telling")
    assert (made.option, made.meaning, made.reason) == ("tell", "They are told.", "why tell")
    assert (made.by, made.at.later, made.standing) == ("Kim Weber", "entered 30 min later", "")


def test_a_decision_that_was_taken_anew_stays_and_says_so() -> None:
    told = ToldRun()
    told.add(_decided(told, "wait"))
    told.add(StepReopened(step="decide-telling", role="counsel", reason=told.seal("new facts")))
    assert [made.standing for made in told.report().decisions] == ["no longer stands"]
    told.add(_decided(told, "wait"))
    assert [made.standing for made in told.report().decisions] == ["no longer stands", ""]


def test_a_decision_that_was_called_wrong_names_the_correction() -> None:
    told = ToldRun()
    seq = told.add(_decided(told, "wait"))
    told.add(EventCorrected(seq=seq, reason=told.seal("not what I said")))
    assert told.report().decisions[0].standing == "called wrong by event 3"


@pytest.mark.parametrize("step", ["cut-off", "gone"])
def test_a_decision_on_a_step_that_asks_nothing_is_told_all_the_same(step: str) -> None:
    told = ToldRun()
    told.add(_decided(told, "tell", step=step))
    [made] = told.report().decisions
    assert (made.title, made.option, made.meaning) == (step, "tell", "")


def test_severity_legal_holds_and_closing_are_decisions_too() -> None:
    told = ToldRun()
    reason = told.seal("why")
    told.add(SeverityChanged(previous="sev2", severity="sev1", reason=reason))
    told.add(HoldPlaced(reason=reason))
    told.add(HoldReleased(reason=reason))
    told.add(RunClosed(outcome="resolved", waived=("cut-off", "await-name")))
    told.add(RunReopened(reason=reason))
    made = told.report().decisions
    assert [(each.title, each.option) for each in made] == [
        ("Severity", "sev2 → sev1"),
        ("Legal hold", "placed"),
        ("Legal hold", "released"),
        ("Closing", "closed as resolved"),
        ("Closing", "reopened"),
    ]
    assert made[3].meaning == "mandatory steps left open: cut-off, await-name"
    assert [each.reason for each in made] == ["why", "why", "why", "", "why"]
