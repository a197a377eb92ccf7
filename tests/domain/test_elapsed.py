from __future__ import annotations

import datetime as dt

from ccir.domain import events as e
from ccir.domain.elapsed import elapsed
from support.runs import Said, given, later, playbook_of, sealed, step

TRIAGED = e.StepFinished(step="triage", role="operations")
OVERDUE = e.StepOverdue(step="triage", due_at=later(hours=1))
AWARE = e.FactRecorded(name="awareness", value="2026-03-02T08:00:00+00:00")


def test_nothing_happens_by_itself_before_its_time() -> None:
    assert elapsed(given(), later(hours=1)) == []


def test_a_step_falls_overdue_at_its_due_time_whenever_it_is_noticed() -> None:
    for hours in (2, 200):
        assert elapsed(given(), later(hours=hours)) == [(later(hours=1), OVERDUE)]


def test_an_overdue_step_is_recorded_once() -> None:
    assert elapsed(given(OVERDUE), later(hours=9)) == []


def test_a_reopened_step_can_fall_overdue_again() -> None:
    reopened = e.StepReopened(step="triage", role="operations", reason=sealed())
    run = given(OVERDUE, TRIAGED, reopened)
    assert elapsed(run, later(hours=9)) == [(later(hours=1), OVERDUE)]


def test_a_step_that_ended_in_time_does_not_fall_overdue() -> None:
    assert elapsed(given(TRIAGED), later(hours=9)) == []


def test_nothing_happens_by_itself_in_a_closed_run() -> None:
    assert elapsed(given(e.RunClosed(outcome="false-alarm")), later(hours=9)) == []


def test_a_wait_for_a_time_ends_at_that_time() -> None:
    pause = step("pause", kind="wait", arguments={"until": {"within": "24h"}})
    run = given(playbook=playbook_of(pause))
    assert elapsed(run, later(hours=23)) == []
    assert elapsed(run, later(hours=30)) == [(later(hours=24), e.WaitEnded(step="pause"))]


def test_a_wait_for_a_fact_ends_when_it_is_noticed() -> None:
    run = given(AWARE)
    assert elapsed(run, later(5)) == [(later(5), e.WaitEnded(step="await-awareness"))]
    assert elapsed(given(AWARE, e.WaitEnded(step="await-awareness")), later(6)) == []


def test_what_happened_comes_in_the_order_of_time() -> None:
    run = given(Said(event=AWARE, at=later(1)), TRIAGED)
    happened = elapsed(run, later(hours=300))
    assert [type(event).__name__ for _, event in happened] == [
        "StepOverdue",
        "StepOverdue",
        "WaitEnded",
    ]
    moments = [moment for moment, _ in happened]
    assert moments == sorted(moments) == [later(hours=4), later(hours=72), later(hours=300)]
    assert all(moment.tzinfo is dt.UTC for moment in moments)
