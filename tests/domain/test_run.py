from __future__ import annotations

import pytest

from ccir.domain import events as e
from ccir.domain.events import FactValue, Second
from ccir.domain.run import Run, StepRecord, unstarted
from support.runs import PLAYBOOK, Said, given, sealed

FIRST = "2026-03-02T07:30:00+00:00"
EARLIER = "2026-03-02T06:00:00+00:00"
LATER = "2026-03-02T09:00:00+00:00"
LATEST = "2026-03-02T10:00:00+00:00"


def stated(value: str, second: Second = "none") -> e.FactRecorded:
    return e.FactRecorded(name="awareness", value=value, second=second)


def confirmed(seq: int) -> Said:
    return Said(event=e.FactConfirmed(name="awareness", seq=seq), by="dana")


def withdrawn(seq: int) -> e.EventCorrected:
    return e.EventCorrected(seq=seq, reason=sealed())


def counting(run: Run) -> FactValue | None:
    entry = run.fact("awareness")
    return None if entry is None else entry.value


def test_a_run_before_its_first_event_is_unstarted_and_knows_nothing() -> None:
    run = unstarted(PLAYBOOK)
    assert (run.state, run.seq, run.started_at) == ("unstarted", 0, None)
    assert run.record("triage") == StepRecord()
    assert run.fact("records") is None


def test_conditions_read_severity_facts_and_decisions() -> None:
    run = given(
        e.FactRecorded(name="records", value=4100),
        e.DecisionMade(step="isolate", role="commander", option="watch", reason=sealed()),
        e.StepFinished(step="triage", role="operations"),
    )
    assert run.known() == {"severity": "sev2", "records": 4100, "decision.isolate": "watch"}


# ---------------------------------------------------------------- a moment that two people change


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([stated(LATER, "counts-then")], FIRST),
        ([stated(LATER, "counts-then"), confirmed(3)], LATER),
        ([stated(EARLIER, "counts-now")], EARLIER),
        ([stated(EARLIER, "counts-now"), confirmed(3)], EARLIER),
        ([stated(EARLIER, "counts-now"), stated(LATER, "counts-then")], EARLIER),
        ([stated(EARLIER, "counts-now"), stated(LATER, "counts-then"), confirmed(4)], LATER),
        ([stated(LATER, "counts-then"), stated(EARLIER, "counts-now"), confirmed(3)], EARLIER),
        ([stated(LATER, "counts-then"), stated(LATEST, "counts-then"), confirmed(4)], LATEST),
        ([stated(LATER, "counts-then"), stated(LATEST, "counts-then"), confirmed(3)], LATER),
    ],
)
def test_an_earlier_moment_counts_at_once_and_a_later_one_when_it_is_confirmed(
    events: list[e.AnyEvent | Said], expected: str
) -> None:
    run = given(stated(FIRST), *events)
    assert counting(run) == expected
    assert run.known()["awareness"] == expected


def test_every_statement_of_a_moment_stays_in_the_order_it_was_made() -> None:
    run = given(
        stated(FIRST), stated(LATER, "counts-then"), stated(EARLIER, "counts-now"), confirmed(3)
    )
    entries = run.facts["awareness"]
    assert [(entry.seq, entry.value) for entry in entries] == [(2, FIRST), (3, LATER), (4, EARLIER)]
    assert [entry.confirmed_by for entry in entries] == ["", "dana", ""]


def test_a_change_that_is_withdrawn_leaves_the_moment_before_it() -> None:
    assert counting(given(stated(FIRST), stated(EARLIER, "counts-now"), withdrawn(3))) == FIRST
    later = (stated(FIRST), stated(LATER, "counts-then"), confirmed(3), withdrawn(3))
    assert counting(given(*later)) == FIRST


def test_a_change_that_awaits_a_second_person_counts_where_no_other_is_left() -> None:
    run = given(stated(FIRST), stated(LATER, "counts-then"), withdrawn(2))
    assert counting(run) == LATER


def test_a_moment_whose_every_statement_is_withdrawn_is_unknown() -> None:
    run = given(stated(FIRST), stated(LATER, "counts-then"), withdrawn(2), withdrawn(3))
    assert counting(run) is None
    assert "awareness" not in run.known()
