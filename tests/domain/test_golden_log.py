"""Logs as released versions wrote them: they are never written anew, and must fold for ever.

A new event type comes at the end of the newest file: `lines_of(EVERY_EVENT)[-1]`.
"""

from __future__ import annotations

from pathlib import Path

from ccir.domain.board import board
from ccir.domain.events import EVENT_TYPES
from ccir.domain.evolve import fold
from ccir.domain.notices import Counts
from ccir.domain.record import digest, first_break, read_line
from ccir.domain.run import Run
from support.events import EVERY_EVENT
from support.runs import PLAYBOOK, RUN, later, lines_of

GOLDEN = Path(__file__).parent / "golden" / "log-v1.jsonl"
LINES = GOLDEN.read_bytes().splitlines(keepends=True)


def folded() -> Run:
    return fold(PLAYBOOK, map(read_line, LINES))


def test_it_holds_every_type_of_event() -> None:
    found = {read_line(line).type for line in LINES}
    assert sorted(EVENT_TYPES.keys() - found) == [], f"add one of each to {GOLDEN.name}"


def test_its_chain_is_whole_and_ends_where_it_did() -> None:
    assert first_break(LINES) is None
    assert len(LINES) >= 36
    last_of_the_first_release = LINES[35]
    assert digest(last_of_the_first_release) == (
        "694bb05c0b3a38101898efc286f35453f35f0709563e80c0ce26a2e81443fb6e"
    )


def test_the_same_events_are_still_written_as_the_same_bytes() -> None:
    assert lines_of(EVERY_EVENT) == LINES


def test_it_folds_to_the_run_it_was() -> None:
    run = folded()
    assert (run.id, run.state, run.severity, run.seq) == (RUN, "open", "sev1", len(LINES))
    assert run.roles["commander"] == "dana"
    assert not run.held
    facts = {name: entry.value for name in run.facts if (entry := run.fact(name)) is not None}
    assert facts == {
        "awareness": "2026-03-02T07:30:00+00:00",
        "records": 41000.5,
        "ransom": True,
        "data_types": ["card", "contact"],
    }
    assert [entry.withdrawn for entry in run.facts["records"]] == [True, False]
    version = run.latest("customers")
    assert version is not None
    assert (version.sending, version.counts) == ("sent", Counts(accepted=2, refused=1))
    assert [(each.by, each.role, each.account) for each in version.approvals] == [
        ("blake", "privacy", "blake")
    ]


def test_its_board_stands_as_it_stood() -> None:
    states = {view.step.id: view.state for view in board(folded(), later(hours=3))}
    assert states == {
        "triage": "done",
        "preserve": "skipped",
        "isolate": "done",
        "cut-network": "skipped",
        "tell-police": "ready",
        "await-awareness": "done",
        "check-backup": "ready",
        "find-copy": "waiting",
        "scan": "failed",
        "rebuild": "waiting",
        "cool-down": "waiting",
        "tell-customers": "ready",
        "review": "waiting",
    }
