from __future__ import annotations

import json

import msgspec

from ccir.domain.events import HoldPlaced, HoldReleased, NoteAdded, RunClosed, SeverityChanged
from ccir.domain.evolve import fold
from ccir.reports.model import ReportRequest, build
from support.full_run import full_run
from support.told_run import PLAYBOOK, START, ToldRun


def test_the_summary_tells_what_was_played_and_how_it_stands() -> None:
    told = ToldRun()
    told.add(SeverityChanged(previous="sev2", severity="sev1", reason=told.seal("worse")))
    summary = told.report().summary
    assert (summary.run, summary.kind, summary.title) == (
        "INC-2026-0001",
        "incident",
        "Export of records",
    )
    assert (summary.state, summary.severity, summary.severity_meaning) == ("open", "sev1", "All")
    assert (summary.playbook, summary.playbook_title) == ("data-breach 1.0.0", "Records have left")
    assert summary.digest == "d" * 64
    assert summary.organisation == "Example Contact Centre"
    assert summary.started is not None
    assert summary.started.shown == "2026-01-02 09:00 CET (08:00 UTC)"
    assert summary.written.shown == "2026-01-02 10:00 CET (09:00 UTC)"


def test_the_summary_names_the_last_line_of_the_log() -> None:
    told = ToldRun()
    summary = told.report().summary
    assert (summary.events, summary.head) == (1, told.entries[-1].hash)


def test_a_closed_run_tells_outcome_and_time() -> None:
    told = ToldRun()
    assert told.report().summary.closed is None
    told.add(RunClosed(outcome="false-alarm"), at=30)
    summary = told.report().summary
    assert summary.state == "closed as false-alarm"
    assert summary.closed is not None
    assert summary.closed.shown == "2026-01-02 09:30 CET (08:30 UTC)"


def test_a_legal_hold_is_told_while_it_lasts() -> None:
    told = ToldRun()
    told.add(HoldPlaced(reason=told.seal("litigation")))
    assert told.report().summary.held
    told.add(HoldReleased(reason=told.seal("settled")))
    assert not told.report().summary.held


def test_privileged_notes_are_counted_and_nothing_of_their_text_is_in_the_report() -> None:
    told = ToldRun()
    told.add(NoteAdded(text=told.seal("advice of counsel"), privileged=True))
    report = told.report()
    assert (report.summary.privileged_notes, report.summary.privileged) == (1, False)
    assert b"advice of counsel" not in msgspec.json.encode(report)
    assert b"advice of counsel" in msgspec.json.encode(told.report(privileged=True))


def test_a_report_is_built_from_an_empty_log_too() -> None:
    request = ReportRequest(
        run=fold(PLAYBOOK, ()), entries=(), now=START, people={}, text=lambda sealed: sealed.ref
    )
    report = build(request)
    assert (report.summary.state, report.summary.head, report.summary.started) == (
        "unstarted",
        "",
        None,
    )
    assert report.timeline == ()


def test_the_same_log_gives_the_same_report() -> None:
    assert full_run().report(at=400) == full_run().report(at=400)


def test_the_json_form_holds_every_section_with_moments_that_programs_can_read() -> None:
    document = json.loads(msgspec.json.encode(full_run().report(at=400)))
    assert [*document] == [
        "summary",
        "open_points",
        "roles",
        "people",
        "facts",
        "decisions",
        "steps",
        "backups",
        "notices",
        "register",
        "evidence",
        "timeline",
        "drills",
    ]
    assert all(document.values())
    assert document["timeline"][1]["at"] == {
        "at": "2026-01-02T08:00:00Z",
        "shown": "2026-01-02 09:00 CET (08:00 UTC)",
        "later": "entered 50 min later",
    }
