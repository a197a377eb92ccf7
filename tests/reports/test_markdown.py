from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ccir.domain.events import HoldPlaced, NoteAdded
from ccir.reports.markdown import markdown
from ccir.reports.telling import ERASED
from ccir.reports.timeline import PRIVILEGED
from support.full_run import full_run
from support.told_run import ToldRun

_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_MARKS = ["__a__", "*a*", "`", "~~", "|", "\\", "[a](b)", "<i>", "&lt;", "# ", "1. ", "- ", "\n"]
_MARKUP = st.lists(st.sampled_from([*_MARKS, "a", " ", "\x00"]), max_size=12).map("".join)


def _tags(text: str) -> list[str]:
    return re.findall(r"</?\w+", _READER.render(text))


def _lines(text: str, opening: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(opening)]


def test_the_report_tells_every_section_in_order() -> None:
    text = markdown(full_run().report(at=400))
    assert _lines(text, "# ") == ["# INC-2026-0001: Export of records"]
    assert _lines(text, "## ") == [
        "## Summary",
        "## Open points",
        "## People",
        "## Facts",
        "## Decisions",
        "## Steps",
        "## Backups",
        "## Drills over time",
        "## Notices",
        "## Breach register",
        "## Evidence",
        "## Timeline",
    ]


def test_every_table_is_a_table_and_stands_under_its_own_heading() -> None:
    text = markdown(full_run().report(at=400))
    tables = len(re.findall(r"^\|(---\|)+$", text, flags=re.MULTILINE))
    assert _tags(text).count("<table") == tables
    opened = [line for line in text.splitlines() if line.startswith(("#", "|---"))]
    for above, line in pairwise(opened):
        assert not (line.startswith("|") and above.startswith("|"))


def test_each_event_is_one_row_of_the_timeline() -> None:
    told = full_run()
    timeline = markdown(told.report(at=400)).partition("## Timeline")[2]
    rows = re.findall(r"^\| (\d+) \|", timeline, flags=re.MULTILINE)
    assert rows == [str(number) for number in range(1, len(told.entries) + 1)]


def test_what_an_auditor_looks_for_is_there() -> None:
    told = full_run()
    text = markdown(told.report(at=400, simulated=frozenset({"kim"})))
    for words in (
        f"`{told.entries[-1].hash}`",
        "Kim Weber (simulated)",
        "(entered 50 min later)",
        "**no longer stands**",
        "**called wrong by event 5**",
        "done, **late**",
        "**failed** (timed-out)",
        "Recovery point (RPO): **1 d 1 h of 1 d, MISSED**",
        "Backup of crm verified: **FAIL** (repository-damaged)",
        "Recipients: 40 (37 accepted, 2 refused, 1 unknown); left out: 2 rejected, 1 doubled",
        "Approved by Robin Weiss as commander, account root@desk",
        ERASED,
    ):
        assert words in text


def test_approvals_through_one_account_stand_out() -> None:
    report = full_run().report(at=400, one_account=frozenset({"customers"}))
    assert "Approvals: **asserted, one account**" in markdown(report)


def test_an_exercise_and_a_legal_hold_are_told_at_the_top() -> None:
    told = full_run(kind="exercise")
    told.add(HoldPlaced(reason=told.seal("litigation")))
    top = markdown(told.report()).partition("## Summary")[0]
    assert "**EXERCISE: " in top
    assert "**LEGAL HOLD: " in top
    plain = markdown(ToldRun().report())
    assert "EXERCISE" not in plain
    assert "LEGAL HOLD" not in plain


def test_overdue_points_stand_out() -> None:
    text = markdown(ToldRun().report(at=200))
    assert _lines(text, "- **OVERDUE** step `cut-off`")
    assert "**2 OVERDUE**" in text
    assert "OVERDUE" not in markdown(ToldRun().report(at=60))


def test_a_privileged_note_is_left_out_or_announced() -> None:
    told = ToldRun()
    told.add(NoteAdded(text=told.seal("advice of counsel"), privileged=True))
    without, with_it = (markdown(told.report(privileged=each)) for each in (False, True))
    assert PRIVILEGED in without
    assert "advice of counsel" not in without
    assert "advice of counsel" in with_it
    assert "**PRIVILEGED: " in with_it.partition("## Summary")[0]


def test_times_are_in_utc_alone_where_the_organisation_is() -> None:
    assert "| Times | in UTC |" in markdown(ToldRun(zone="UTC").report())
    assert "| Times | in Europe/Berlin and in UTC |" in markdown(ToldRun().report())


def test_a_run_in_which_nothing_happened_says_so_in_words() -> None:
    text = markdown(ToldRun().report())
    for words in ("None was recorded.", "None was taken.", "None was verified or restored."):
        assert words in text


@cache
def _usual() -> str:
    return markdown(full_run(note="usual").report(at=400, privileged=True))


@settings(max_examples=40)  # each writes a whole report
@given(st.one_of(st.text(max_size=30), _MARKUP))
def test_nothing_that_people_wrote_is_markup(note: str) -> None:
    usual = _usual()
    text = markdown(full_run(note=f"x{note}x").report(at=400, privileged=True))
    assert _tags(text) == _tags(usual)
    assert len(text.splitlines()) == len(usual.splitlines())
