from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from ccir.domain.drill_history import Due
from ccir.domain.outcomes import Verdict
from ccir.engine.drill_letters import Told, first_sentence, result_letter, stale_letter
from ccir.steps.interface import Judged
from support.events import DRILL_FINISHED
from support.runs import later

TOLD = Told(run="DR-2026-0002", passed_at=later(0), errors=0, zone=ZoneInfo("Europe/Berlin"))


def text_of(verdict: Verdict, *, reason: str = "", detail: str = "", told: Told = TOLD) -> str:
    event = replace(DRILL_FINISHED, verdict=verdict, reason=reason)
    letter = result_letter(Judged(event=event, detail=detail, hint="look. And look."), told)
    return f"{letter.subject}\n{letter.text}"


def test_a_failure_is_told_with_its_reason_what_to_do_and_when_it_passed() -> None:
    text = text_of("fail", reason="rto-exceeded", detail="It took 40 min. Far more than 15.")
    assert text == (
        "[DR-2026-0002 fail] drill monthly-crm of crm\n"
        "Drill monthly-crm of crm: fail (rto-exceeded)\n"
        "It took 40 min.\n"
        "What to do: look.\n"
        "Passed last: 2026-03-02 09:00 CET (08:00 UTC)\n"
        "Run: DR-2026-0002\n"
    )


def test_errors_are_told_with_how_many_they_are() -> None:
    told = replace(TOLD, errors=3, passed_at=None)
    text = text_of("error", reason="repository-locked", told=told)
    assert "error (repository-locked), 3 times in a row\nWhat to do" in text
    assert "Passed last: never\n" in text


def test_a_pass_is_the_all_clear() -> None:
    assert text_of("pass") == (
        "[DR-2026-0002 pass] drill monthly-crm passes again\n"
        "Drill monthly-crm of crm passes again: all clear.\n"
        "Run: DR-2026-0002\n"
    )


def test_a_stale_drill_is_told_with_why() -> None:
    due = Due(
        drill="crm",
        every="24h",
        last=None,
        due_at=None,
        is_due=True,
        missed=2,
        first_missed_at=later(0),
        reason="overdue",
    )
    text = stale_letter(due, TOLD, target="records").text
    assert "Drill crm of records: stale (overdue)\n" in text
    assert "2 of its slots (every 24h) were missed, the first 2026-03-02 09:00 CET" in text
    text = stale_letter(replace(due, reason="unproven"), TOLD, target="records").text
    assert "It is played now; it has not passed for more than two of its periods (24h).\n" in text
    assert "`ccir drill history crm`" in text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", ""),
        (" One. Two.", "One."),
        ("one line\nand another", "one line"),
        ("version 1.2 is there", "version 1.2 is there"),
        ("x" * 999, "x" * 300),
    ],
)
def test_of_a_detail_the_first_sentence_is_told(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_card_numbers_are_never_told() -> None:
    assert "4111" not in first_sentence("found 4111 1111 1111 1111 in it")
