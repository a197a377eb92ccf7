from __future__ import annotations

import msgspec
import pytest

from ccir.domain.drills import Coverage, Mode
from ccir.domain.events import DrillFinished
from ccir.domain.outcomes import Verdict
from ccir.reports.drill_details import Detail, coverage_in_words, drill_details
from support.drill_course import drilled
from support.events import FULL_DRILL
from support.told_run import ToldRun


def told(event: DrillFinished) -> dict[str, str]:
    return {each.name: each.words for each in drill_details(event, ToldRun().teller).told}


def test_all_that_a_drill_recorded_is_told() -> None:
    assert told(FULL_DRILL) == {
        "Mode": (
            "sample: a restore of a sample, number 4 of 10; "
            "besides the newest snapshot the older one 60fc60fc"
        ),
        "Level": "L6: the application's own checks pass",
        "Restore": "pass",
        "Validation": "pass",
        "Proven byte for byte": "4 files, 8.0 KiB",
        "Coverage": (
            "40 % of the bytes, 16 of 40 files in 30 days; 5 of 7 snapshots; "
            "the longest wait is 2 d; whole after 6 more drills"
        ),
        "Newest datum": "1 h 10 min old",
        "Negative control": "fail: damage that was made on purpose was not found",
        "Phases": "locate 0.5 s, restore 8.2 s, validate 3.2 s",
        "Files kept until": "2026-03-03 09:00 CET (08:00 UTC)",
        "Tool": "restic 0.14.0",
        "Drill as played": f"SHA-256 {'d0' * 32}",
    }


def test_an_older_log_tells_the_mode_alone() -> None:
    found = drill_details(drilled(), ToldRun().teller)
    assert found.told == (Detail(name="Mode", words="full: a restore of everything"),)
    assert (found.level, found.level_meaning, found.kept_until) == ("", "", None)


def test_programs_are_told_the_same() -> None:
    found = drill_details(FULL_DRILL, ToldRun().teller)
    assert (found.mode, found.level, found.control) == ("sample", "L6", "fail")
    assert found.level_meaning == "the application's own checks pass"
    assert found.coverage == FULL_DRILL.coverage
    assert found.kept_until is not None
    assert found.kept_until.at == FULL_DRILL.kept_until


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("full", "full: a restore of everything"),
        ("sample", "sample: a restore of a sample"),
        ("stream", "stream: everything read, nothing written"),
    ],
)
def test_a_mode_is_told_in_words(mode: Mode, words: str) -> None:
    assert told(msgspec.structs.replace(drilled(), mode=mode))["Mode"] == words


def test_restore_and_validation_are_judged_apart() -> None:
    event = msgspec.structs.replace(drilled(), restored="pass", validated="fail")
    found = {each.name: each for each in drill_details(event, ToldRun().teller).told}
    assert (found["Restore"].is_bad, found["Validation"].is_bad) == (False, True)


@pytest.mark.parametrize(
    ("verdict", "is_bad"), [("pass", False), ("fail", True), ("error", True), ("skipped", True)]
)
def test_a_control_that_did_not_find_its_damage_is_no_good_news(
    verdict: Verdict, *, is_bad: bool
) -> None:
    event = msgspec.structs.replace(drilled(), control=verdict)
    [control] = [
        each
        for each in drill_details(event, ToldRun().teller).told
        if each.name == "Negative control"
    ]
    assert control.words.startswith(f"{verdict}: ")
    assert control.is_bad == is_bad


def test_a_level_of_a_newer_ccir_is_told_as_it_is() -> None:
    assert told(msgspec.structs.replace(drilled(), level="L9"))["Level"] == "L9: not known"


def test_coverage_of_nothing_has_no_share() -> None:
    empty = Coverage(
        days=30,
        files=0,
        bytes=0,
        verified_files=0,
        verified_bytes=0,
        snapshots=1,
        snapshots_visited=0,
    )
    assert coverage_in_words(empty) == "0 of 0 files in 30 days; 0 of 1 snapshots"
