"""Logs as earlier versions wrote them: they are never written anew, and must fold for ever.

A new event type comes at the end of the newest file: `lines_of(EVERY_EVENT)[-1]`. Where a type
gets a new field, a new file is begun: `lines_of(EVERY_EVENT)`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ccir.domain.board import board
from ccir.domain.events import EVENT_TYPES, Pin
from ccir.domain.evolve import fold
from ccir.domain.notices import Counts
from ccir.domain.record import digest, first_break, read_line
from ccir.domain.run import Denial, Run, Submission, Waiver
from support.events import EVERY_EVENT
from support.runs import PLAYBOOK, RUN, later, lines_of, sealed

FOLDER = Path(__file__).parent / "golden"
DUTIES = "log-v1-duties.jsonl"
DRILLS = "log-v1-drills.jsonl"
NEWEST = "log-v1-notices.jsonl"
# Each file with the number of a line that is the last of a version, and that line's digest.
LAST_LINES = {
    "log-v1.jsonl": (36, "694bb05c0b3a38101898efc286f35453f35f0709563e80c0ce26a2e81443fb6e"),
    DUTIES: (46, "9132d99b7e61ff0b974a1579145ae4a572996d440bfb0456e497d33589b7d23d"),
    DRILLS: (49, "350dd35ea01ba5d7d54050bc996fd3897e0dea50d91a18ff83b8aeb5c9965fa9"),
    NEWEST: (57, "372c9c9f8459a9ab103c1949341b1c023d8243fb49f382fa08b2cdccf9d27d78"),
}
EVENTS_BEFORE_DUTIES = 36
EVENTS_BEFORE_DRILLS = 46
EVENTS_BEFORE_NOTICES = 49


def lines(name: str) -> list[bytes]:
    return (FOLDER / name).read_bytes().splitlines(keepends=True)


def folded(name: str) -> Run:
    return fold(PLAYBOOK, map(read_line, lines(name)))


def facts(run: Run) -> dict[str, object]:
    return {name: entry.value for name in run.facts if (entry := run.fact(name)) is not None}


def test_every_file_is_one_that_is_checked() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(LAST_LINES)


def test_the_newest_holds_every_type_of_event() -> None:
    found = {read_line(line).type for line in lines(NEWEST)}
    assert sorted(EVENT_TYPES.keys() - found) == [], f"add one of each to {NEWEST}"


@pytest.mark.parametrize("name", LAST_LINES)
def test_its_chain_is_whole_and_ends_where_it_did(name: str) -> None:
    number, expected = LAST_LINES[name]
    assert first_break(lines(name)) is None
    assert digest(lines(name)[number - 1]) == expected


def test_the_same_events_are_still_written_as_the_same_bytes() -> None:
    assert lines_of(EVERY_EVENT) == lines(NEWEST)


@pytest.mark.parametrize("name", LAST_LINES)
def test_it_folds_to_the_run_it_was(name: str) -> None:
    run = folded(name)
    assert (run.id, run.state, run.severity, run.seq) == (RUN, "open", "sev1", len(lines(name)))
    assert run.roles["commander"] == "dana"
    assert not run.held
    assert {key: value for key, value in facts(run).items() if key != "awareness"} == {
        "records": 41000.5,
        "ransom": True,
        "data_types": ["card", "contact"],
    }
    assert [entry.withdrawn for entry in run.facts["records"]] == [True, False]
    version = run.notices["customers"][0]
    assert (version.sending, version.counts) == ("sent", Counts(accepted=2, refused=1))
    assert [(each.by, each.role, each.account) for each in version.approvals] == [
        ("blake", "privacy", "blake")
    ]


def test_a_log_from_before_duties_has_none_and_no_moment_that_awaits_anybody() -> None:
    run = folded("log-v1.jsonl")
    assert (run.rules, run.submissions, run.delays, run.waivers) == (None, {}, {}, {})
    assert facts(run)["awareness"] == "2026-03-02T07:30:00+00:00"
    entries = [entry for each in run.facts.values() for entry in each]
    assert not any(entry.awaits or entry.reason for entry in entries)


def test_a_log_from_before_duties_says_what_its_events_say_today() -> None:
    before = [read_line(line).event for line in lines("log-v1.jsonl")]
    now = [read_line(line).event for line in lines(NEWEST)]
    assert before[1:] == now[1:EVENTS_BEFORE_DUTIES]


def test_a_log_from_before_drills_said_more_says_what_its_events_say_today() -> None:
    before = [read_line(line).event for line in lines(DUTIES)]
    now = [read_line(line).event for line in lines(NEWEST)]
    assert before == now[:EVENTS_BEFORE_DRILLS]


def test_a_log_from_before_much_was_said_of_notices_says_what_its_events_say_today() -> None:
    before = [read_line(line).event for line in lines(DRILLS)]
    now = [read_line(line).event for line in lines(NEWEST)]
    assert before == now[:EVENTS_BEFORE_NOTICES]


def test_a_refused_version_and_a_sending_that_went_on_fold_to_what_they_are() -> None:
    first, second = folded(NEWEST).notices["customers"]
    assert (first.halt, first.denial, first.per_second, first.not_before) == ("", None, None, None)
    assert second.denial == Denial(
        by="alex", role="privacy", at=later(50), reason=sealed("it names a supplier")
    )
    assert (second.per_second, second.not_before) == (14.0, later(hours=30))


def test_duties_fold_to_what_was_submitted_explained_and_waived() -> None:
    run = folded(NEWEST)
    assert run.rules == Pin(id="rules", version="1.2.0", digest="1b" * 32)
    assert facts(run)["awareness"] == "2026-03-02T09:00:00+00:00"
    assert run.submissions == {
        "EU-GDPR-33-SA": (
            Submission(
                seq=40,
                at=later(30),
                by="blake",
                reference=sealed("case 4711"),
                evidence="0a" * 32,
            ),
        ),
        "EU-GDPR-34-DS": (Submission(seq=41, at=later(40), by="alex", notice="customers"),),
    }
    assert run.delays == {"EU-GDPR-33-SA": sealed("the portal was down")}
    waiver = run.waivers["EU-GDPR-33-2-CTRL"]
    assert isinstance(waiver, Waiver)
    assert (waiver.by, waiver.confirmed_by) == ("blake", "dana")


@pytest.mark.parametrize("name", LAST_LINES)
def test_its_board_stands_as_it_stood(name: str) -> None:
    states = {view.step.id: view.state for view in board(folded(name), later(hours=3))}
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
