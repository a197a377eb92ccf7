from __future__ import annotations

import pytest
from msgspec.structs import replace

from ccir.domain import events as e
from ccir.domain.notices import Counts
from ccir.domain.run import Run
from ccir.domain.views import Action, next_actions, notice_view, playbook_roles
from support.events import APPROVED, PREVIEWED, SENDING
from support.runs import PEOPLE, Said, given, later, playbook_of, sealed, step

NOW = later(30)
TRIAGED = e.StepFinished(step="triage", role="operations")
AWARE = e.FactRecorded(name="awareness", value="2026-03-02T08:00:00+00:00")
DECIDED = e.DecisionMade(step="isolate", role="commander", option="watch", reason=sealed())
BY_BLAKE = Said(event=APPROVED, by="blake")
BY_ALEX = Said(event=APPROVED, by="alex")


def action(run: Run, kind: str, word: str) -> Action:
    [found] = [
        each
        for each in next_actions(run, NOW)
        if each.kind == kind and word in (each.do, each.step)
    ]
    return found


def test_a_workable_step_is_offered_with_its_role_state_and_due_time() -> None:
    assert action(given(), "step", "triage") == Action(
        kind="step",
        step="triage",
        role="operations",
        title="Triage",
        state="ready",
        due_at=later(hours=1),
        do="ccir step done triage",
    )


def test_active_failed_and_blocked_steps_are_offered_and_waiting_or_settled_ones_are_not() -> None:
    run = given(
        TRIAGED,
        e.StepStarted(step="preserve", role="operations"),
        e.StepFailed(step="scan", role="operations", reason="broken"),
        e.StepBlocked(step="check-backup", role="operations", reason=sealed()),
    )
    states = {each.step: each.state for each in next_actions(run, NOW) if each.kind == "step"}
    assert states == {
        "preserve": "active",
        "isolate": "ready",
        "scan": "failed",
        "check-backup": "blocked",
    }


@pytest.mark.parametrize(
    ("name", "do"),
    [
        ("preserve", "ccir step done preserve"),
        ("isolate", "ccir decide isolate OPTION --reason …"),
        ("check-backup", "ccir step run check-backup"),
    ],
)
def test_a_step_is_offered_with_the_command_that_does_it(name: str, do: str) -> None:
    assert action(given(TRIAGED), "step", name).do == do


@pytest.mark.parametrize(
    ("so_far", "do"),
    [
        ((), "ccir notice preview customers"),
        ((PREVIEWED,), "ccir notice approve customers"),
        ((PREVIEWED, BY_BLAKE), "ccir notice approve customers"),
        ((PREVIEWED, BY_BLAKE, BY_ALEX), "ccir step run tell-customers"),
    ],
)
def test_a_notify_step_is_offered_with_the_next_thing_on_its_way(
    so_far: tuple[e.AnyEvent | Said, ...], do: str
) -> None:
    assert action(given(TRIAGED, DECIDED, *so_far), "step", "tell-customers").do == do


def test_a_notify_step_of_an_unknown_notice_still_has_a_next_thing() -> None:
    tell = step("tell", kind="notify", arguments={"notice": "gone"})
    run = given(playbook=playbook_of(tell))
    assert action(run, "step", "tell").do == "ccir notice preview gone"


def test_what_is_due_first_comes_first_and_what_is_never_due_last() -> None:
    actions = next_actions(given(TRIAGED, DECIDED, AWARE), later(hours=1))
    moments = [each.due_at for each in actions]
    dated = [moment for moment in moments if moment is not None]
    assert dated == sorted(dated) != []
    assert moments == [*dated, *[None] * (len(moments) - len(dated))]
    assert None in moments


def test_an_overdue_step_is_marked() -> None:
    [late] = [each for each in next_actions(given(), later(hours=2)) if each.step == "triage"]
    assert late.overdue


def test_a_required_fact_is_asked_for_with_its_question() -> None:
    found = action(given(), "fact", "ccir fact set awareness=…")
    assert (found.title, found.role, found.state) == (
        "Since when is it known?",
        "commander",
        "missing",
    )
    run = given(AWARE)
    assert not [each for each in next_actions(run, NOW) if "awareness" in each.do]


def test_a_fact_that_a_condition_waits_for_is_asked_of_that_steps_role() -> None:
    found = action(given(), "fact", "ccir fact set ransom=…")
    assert (found.step, found.role, found.title) == (
        "tell-police",
        "privacy",
        "Is money asked for?",
    )


def test_a_fact_is_asked_for_once() -> None:
    facts = [each.do for each in next_actions(given(), NOW) if each.kind == "fact"]
    assert sorted(facts) == ["ccir fact set awareness=…", "ccir fact set ransom=…"]


def test_a_fact_that_the_playbook_lacks_is_asked_for_by_name() -> None:
    pause = step("pause", kind="wait", arguments={"fact": "gone"})
    run = given(playbook=playbook_of(pause, facts=()))
    assert action(run, "fact", "pause").title == "gone"


def test_a_role_that_nobody_holds_is_to_be_assigned() -> None:
    found = action(given(), "role", "ccir role assign communications PERSON")
    assert (found.role, found.title) == ("commander", "Nobody is Communications lead")
    run = given(e.RoleAssigned(role="communications", person="erin"))
    assert not [each for each in next_actions(run, NOW) if each.kind == "role"]


def test_a_closed_run_has_nothing_to_do() -> None:
    assert next_actions(given(e.RunClosed(outcome="duplicate")), NOW) == ()


def test_every_role_of_the_playbook_is_shown_with_who_holds_it() -> None:
    assert playbook_roles(given()) == PEOPLE | {"communications": None}


def ended(**counts: int) -> e.SendingEnded:
    return e.SendingEnded(notice="customers", version=1, ended="x", counts=Counts(**counts))


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((), "none"),
        ((PREVIEWED,), "previewed"),
        ((PREVIEWED, BY_BLAKE), "previewed"),
        ((PREVIEWED, BY_BLAKE, BY_ALEX), "approved"),
        ((PREVIEWED, BY_BLAKE, BY_ALEX, replace(PREVIEWED, version=2)), "previewed"),
        ((PREVIEWED, BY_BLAKE, BY_ALEX, SENDING), "sending"),
        ((PREVIEWED, BY_BLAKE, BY_ALEX, SENDING, ended(planned=1)), "partial"),
        ((PREVIEWED, BY_BLAKE, BY_ALEX, SENDING, ended(accepted=3)), "sent"),
    ],
)
def test_a_notice_goes_from_none_to_sent(events: tuple[e.AnyEvent | Said, ...], state: str) -> None:
    run = given(AWARE, *events)
    notice = run.playbook.notices[0]
    view = notice_view(run, notice, later(hours=73))
    assert (view.state, view.due_at) == (state, later(hours=72))
    assert view.overdue is (state != "sent")
    assert not notice_view(run, notice, later(hours=72)).overdue


def test_a_notice_of_a_closed_run_or_without_a_due_time_is_not_overdue() -> None:
    closed = given(AWARE, e.RunClosed(outcome="duplicate"))
    customers, staff = closed.playbook.notices
    assert not notice_view(closed, customers, later(hours=99)).overdue
    assert notice_view(given(AWARE), staff, later(hours=99)).due_at is None
    assert not notice_view(given(AWARE), staff, later(hours=99)).overdue
