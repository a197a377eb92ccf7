from __future__ import annotations

import datetime as dt

import pytest

from ccir.domain import events as e
from ccir.domain.board import StepView, board, due_moment, view_of
from ccir.domain.conditions import Both, Compare, Either, Literally, Name
from ccir.domain.playbook import Due, Step
from ccir.domain.run import Run
from support.runs import STEPS, Said, given, later, playbook_of, sealed, step, when

REASON = sealed()
NOW = later(30)
KNOWN_AT = "2026-03-02T07:30:00+00:00"
TRIAGED = e.StepFinished(step="triage", role="operations")


def done(name: str) -> e.StepFinished:
    return e.StepFinished(step=name, role="operations")


def at(event: e.AnyEvent, minutes: float) -> Said:
    return Said(event=event, at=later(minutes))


def failed(name: str) -> e.StepFailed:
    return e.StepFailed(step=name, role="operations", reason="broken")


def reopened(name: str) -> e.StepReopened:
    return e.StepReopened(step=name, role="operations", reason=REASON)


def seen(run: Run, name: str, now: dt.datetime = NOW) -> StepView:
    view = view_of(run, now, name)
    assert view is not None
    return view


def state(run: Run, name: str, now: dt.datetime = NOW) -> str:
    return seen(run, name, now).state


def test_the_board_shows_every_step_in_the_playbooks_order() -> None:
    assert [view.step for view in board(given(), NOW)] == list(STEPS)


def test_an_unknown_step_is_not_on_the_board() -> None:
    assert view_of(given(), NOW, "no-such") is None


# ------------------------------------------------------------------------------ progress and needs


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (e.StepStarted(step="triage", role="operations"), "active"),
        (TRIAGED, "done"),
        (e.StepSkipped(step="triage", role="operations", reason=REASON), "skipped"),
        (e.StepBlocked(step="triage", role="operations", reason=REASON), "blocked"),
        (failed("triage"), "failed"),
    ],
)
def test_what_the_log_says_about_a_step_stands(event: e.AnyEvent, expected: str) -> None:
    assert state(given(), "triage") == "ready"
    assert state(given(event), "triage") == expected
    assert state(given(event, reopened("triage")), "triage") == "ready"
    assert seen(given(event), "triage").is_settled == (expected in {"done", "skipped"})


def test_a_step_waits_for_its_needs_and_names_them() -> None:
    view = seen(given(), "preserve")
    assert (view.state, view.waits_for, view.because) == (
        "waiting",
        ("triage",),
        "waits for triage",
    )
    assert state(given(TRIAGED), "preserve") == "ready"


def test_a_skipped_step_lets_on_what_needs_it_and_a_blocked_one_does_not() -> None:
    skipped = e.StepSkipped(step="triage", role="operations", reason=REASON)
    blocked = e.StepBlocked(step="triage", role="operations", reason=REASON)
    assert state(given(skipped), "preserve") == "ready"
    assert state(given(blocked), "preserve") == "waiting"


def test_a_reopened_step_holds_up_again_what_needs_it() -> None:
    assert state(given(TRIAGED, reopened("triage")), "preserve") == "waiting"


def test_a_need_that_does_not_apply_lets_on() -> None:
    steps = playbook_of(step("first", when=when("ransom")), step("second", needs=("first",)))
    assert state(given(playbook=steps), "second") == "waiting"
    no = e.FactRecorded(name="ransom", value=False)
    assert state(given(no, playbook=steps), "second") == "ready"


def test_the_order_of_steps_in_the_file_does_not_matter() -> None:
    forth = (step("a"), step("b", needs=("a",)), step("c", needs=("b",)))
    for steps in (forth, forth[::-1]):
        run = given(done("a"), playbook=playbook_of(*steps))
        assert {view.step.id: view.state for view in board(run, NOW)} == {
            "a": "done",
            "b": "ready",
            "c": "waiting",
        }


def test_needs_in_a_circle_wait_for_ever_and_nothing_hangs() -> None:
    circle = playbook_of(step("a", needs=("b",)), step("b", needs=("a",)))
    assert [view.state for view in board(given(playbook=circle), NOW)] == ["waiting", "waiting"]


def test_a_need_that_the_playbook_does_not_have_holds_nothing_up() -> None:
    assert state(given(playbook=playbook_of(step("a", needs=("gone",)))), "a") == "ready"


# -------------------------------------------------------------------------------------- conditions


def decision(option: str) -> e.DecisionMade:
    return e.DecisionMade(step="isolate", role="commander", option=option, reason=REASON)


def test_a_condition_is_true_false_or_waits_for_what_it_does_not_know() -> None:
    view = seen(given(), "tell-police")
    assert (view.state, view.missing, view.because) == (
        "waiting",
        ("ransom",),
        "needs to know ransom",
    )
    assert state(given(e.FactRecorded(name="ransom", value=True)), "tell-police") == "ready"
    no = seen(given(e.FactRecorded(name="ransom", value=False)), "tell-police")
    assert (no.state, no.because) == ("skipped", "not applicable")


def test_a_condition_on_a_decision_waits_for_that_step() -> None:
    only = playbook_of(STEPS[2], step("cut", when=STEPS[3].when))
    view = seen(given(playbook=only), "cut")
    assert (view.state, view.waits_for, view.missing) == ("waiting", ("isolate",), ())
    assert state(given(decision("cut-off"), playbook=only), "cut") == "ready"
    assert state(given(decision("watch"), playbook=only), "cut") == "skipped"


def test_a_step_looks_at_its_condition_only_when_its_needs_are_settled() -> None:
    assert seen(given(), "cut-network").waits_for == ("isolate",)
    assert state(given(TRIAGED, decision("watch")), "cut-network") == "skipped"


def test_one_known_side_can_be_enough() -> None:
    known, unknown = Name(path="ransom"), Name(path="records")
    steps = playbook_of(
        step("either", when=when("ransom or records", Either(left=known, right=unknown))),
        step("both", when=when("ransom and records", Both(left=known, right=unknown))),
    )
    yes = given(e.FactRecorded(name="ransom", value=True), playbook=steps)
    no = given(e.FactRecorded(name="ransom", value=False), playbook=steps)
    assert [view.state for view in board(yes, NOW)] == ["ready", "waiting"]
    assert [view.state for view in board(no, NOW)] == ["waiting", "skipped"]
    assert seen(yes, "both").missing == ("records",)


def test_a_fact_that_is_withdrawn_makes_its_step_wait_again() -> None:
    yes = e.FactRecorded(name="ransom", value=True)
    run = given(yes, e.EventCorrected(seq=2, reason=REASON))
    assert state(run, "tell-police") == "waiting"


def test_a_condition_that_its_facts_do_not_fit_says_so() -> None:
    odd = Compare(comparison="lt", left=Name(path="story"), right=Literally(value=3))
    run = given(
        e.FactRecorded(name="story", value="long"),
        playbook=playbook_of(step("odd", when=when("story < 3", odd))),
    )
    view = seen(run, "odd")
    assert (view.state, view.missing) == ("waiting", ())
    assert view.because == "has a condition that its facts do not fit"


# -------------------------------------------------------------------------------------- on failure


def failing(on_failure: str) -> tuple[Step, ...]:
    return (step("try", on_failure=on_failure), step("next", needs=("try",)), step("detour"))


def test_stop_holds_up_what_needs_the_failed_step() -> None:
    run = given(failed("try"), playbook=playbook_of(*failing("stop")))
    assert seen(run, "next").waits_for == ("try",)


def test_continue_goes_on_as_if_the_failed_step_were_done() -> None:
    run = given(failed("try"), playbook=playbook_of(*failing("continue")))
    assert state(run, "next") == "ready"
    assert state(run, "detour") == "ready"


def test_a_detour_becomes_ready_by_the_failure_only() -> None:
    steps = playbook_of(*failing("detour"))
    view = seen(given(playbook=steps), "detour")
    assert (view.state, view.because) == ("waiting", "comes only if try fails")
    assert state(given(failed("try"), playbook=steps), "detour") == "ready"
    assert state(given(failed("try"), done("detour"), playbook=steps), "detour") == "done"


def test_what_needs_a_failed_step_goes_on_once_the_detour_is_settled() -> None:
    steps = playbook_of(*failing("detour"))
    assert state(given(failed("try"), playbook=steps), "next") == "waiting"
    run = given(failed("try"), done("detour"), playbook=steps)
    assert state(run, "next") == "ready"


def test_a_detour_that_is_not_needed_is_skipped() -> None:
    view = seen(given(done("try"), playbook=playbook_of(*failing("detour"))), "detour")
    assert (view.state, view.because) == ("skipped", "not needed: nothing failed")


def test_a_detour_of_two_steps_waits_until_both_went_well() -> None:
    steps = playbook_of(
        step("one", on_failure="detour"), step("two", on_failure="detour"), step("detour")
    )
    view = seen(given(done("one"), playbook=steps), "detour")
    assert (view.state, view.because) == ("waiting", "comes only if one or two fails")
    assert state(given(done("one"), done("two"), playbook=steps), "detour") == "skipped"
    assert state(given(done("one"), failed("two"), playbook=steps), "detour") == "ready"


def test_a_detour_has_its_condition_too() -> None:
    steps = playbook_of(step("try", on_failure="detour"), step("detour", when=when("ransom")))
    assert seen(given(failed("try"), playbook=steps), "detour").missing == ("ransom",)


# ------------------------------------------------------------------------------------------- waits


def waiting(**until: object) -> Step:
    return step("pause", kind="wait", arguments=until)


def test_a_wait_for_a_fact_is_over_when_the_fact_is_known() -> None:
    view = seen(given(), "await-awareness")
    assert (view.state, view.missing) == ("waiting", ("awareness",))
    known = e.FactRecorded(name="awareness", value=KNOWN_AT)
    assert state(given(known), "await-awareness") == "done"


def test_a_wait_for_a_time_is_over_at_that_very_moment() -> None:
    pause = playbook_of(waiting(until={"within": "24h"}))
    run = given(playbook=pause)
    moment = later(hours=24)
    assert state(run, "pause", moment - dt.timedelta(microseconds=1)) == "waiting"
    assert state(run, "pause", moment) == "done"


def test_a_wait_for_a_time_after_a_step_starts_when_that_step_ends() -> None:
    pause = playbook_of(step("rebuild"), waiting(until={"within": "1h", "after": "step:rebuild"}))
    assert state(given(playbook=pause), "pause", later(hours=99)) == "waiting"
    run = given(at(done("rebuild"), 90), playbook=pause)
    assert state(run, "pause", later(149)) == "waiting"
    assert state(run, "pause", later(150)) == "done"


def test_a_wait_for_a_step_is_over_when_that_step_is_settled() -> None:
    pause = playbook_of(step("other"), waiting(step="other"))
    assert state(given(playbook=pause), "pause") == "waiting"
    assert state(given(failed("other"), playbook=pause), "pause") == "waiting"
    assert state(given(done("other"), playbook=pause), "pause") == "done"


def test_a_wait_for_a_step_is_over_when_that_step_does_not_apply() -> None:
    pause = playbook_of(step("other", when=when("ransom")), waiting(step="other"))
    no = e.FactRecorded(name="ransom", value=False)
    assert state(given(no, playbook=pause), "pause") == "done"


def test_waits_that_wait_for_each_other_or_for_nothing_known_hang_nothing() -> None:
    pair = playbook_of(
        step("one", kind="wait", arguments={"step": "two"}),
        step("two", kind="wait", arguments={"step": "one"}),
        waiting(step="gone"),
    )
    assert {view.state for view in board(given(playbook=pair), NOW)} == {"waiting"}


def test_a_wait_with_needs_or_a_condition_waits_for_them_first() -> None:
    pause = playbook_of(
        step("first"),
        step("pause", kind="wait", needs=("first",), arguments={"fact": "records"}),
        step("if", kind="wait", when=when("ransom"), arguments={"fact": "records"}),
    )
    known = e.FactRecorded(name="records", value=1)
    assert seen(given(known, playbook=pause), "pause").waits_for == ("first",)
    assert seen(given(known, playbook=pause), "if").missing == ("ransom",)


# --------------------------------------------------------------------------------------------- due


def test_due_counts_from_the_start_a_fact_or_a_steps_end() -> None:
    known = e.FactRecorded(name="awareness", value=KNOWN_AT)
    run = given(known, at(done("rebuild"), 45))
    for due, expected in (
        (Due(within="1h"), later(hours=1)),
        (Due(within="72h", after="fact:awareness"), later(-30, hours=72)),
        (Due(within="90m", after="step:rebuild"), later(45 + 90)),
    ):
        assert due_moment(run, due) == expected


@pytest.mark.parametrize(
    "due",
    [
        None,
        Due(within="72h", after="fact:awareness"),
        Due(within="72h", after="fact:records"),
        Due(within="72h", after="step:rebuild"),
        Due(within="72h", after="step:no-such"),
    ],
)
def test_without_what_it_counts_from_nothing_is_due(due: Due | None) -> None:
    run = given(
        e.FactRecorded(name="records", value=7),
        e.StepFailed(step="rebuild", role="operations", reason="broken"),
    )
    assert due_moment(run, due) is None


def test_a_period_that_nobody_understands_is_due_never() -> None:
    assert due_moment(given(), Due(within="P1M2D")) is None


def test_a_moment_at_the_end_of_the_calendar_does_not_stop_the_board() -> None:
    far = e.FactRecorded(name="awareness", value="9999-12-31T23:59:00+00:00")
    assert not any(view.overdue for view in board(given(far), NOW))


def test_days_keep_the_wall_clock_of_the_organisation() -> None:
    spring = e.FactRecorded(name="awareness", value="2026-03-28T09:00:00+00:00")
    due = due_moment(given(spring), Due(within="1d", after="fact:awareness"))
    assert due == dt.datetime(2026, 3, 29, 8, 0, tzinfo=dt.UTC)


def test_a_step_is_overdue_after_its_due_time_and_not_at_it() -> None:
    due = later(hours=1)
    assert seen(given(), "triage", due).due_at == due
    assert not seen(given(), "triage", due).overdue
    assert seen(given(), "triage", due + dt.timedelta(microseconds=1)).overdue


@pytest.mark.parametrize(
    ("event", "overdue"),
    [
        (TRIAGED, False),
        (e.StepSkipped(step="triage", role="operations", reason=REASON), False),
        (e.StepStarted(step="triage", role="operations"), True),
        (e.StepBlocked(step="triage", role="operations", reason=REASON), True),
        (failed("triage"), True),
        (e.RunClosed(outcome="false-alarm"), False),
    ],
)
def test_only_open_work_of_an_open_run_is_overdue(event: e.AnyEvent, *, overdue: bool) -> None:
    assert seen(given(event), "triage", later(hours=2)).overdue is overdue


def test_a_corrected_fact_moves_what_is_due() -> None:
    run = given(
        TRIAGED,
        e.FactRecorded(name="awareness", value=KNOWN_AT),
        e.EventCorrected(seq=3, reason=REASON),
        e.FactRecorded(name="awareness", value="2026-03-02T05:00:00+00:00"),
    )
    assert seen(run, "isolate").due_at == later(hours=1)
