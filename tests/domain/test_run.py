from __future__ import annotations

from ccir.domain import events as e
from ccir.domain.run import StepRecord, unstarted
from support.runs import PLAYBOOK, given, sealed


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
