from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from support.cli import Answer, Cli
from support.duty_centre import AWARE, breached, log_of


class Terminal(io.StringIO):
    """What a person types, line after line; at its end she presses Ctrl-D."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def breach(tmp_path: Path) -> Cli:
    """A breach in Germany that asks for two facts: whose records they are, and how bad it is."""
    return breached(tmp_path, AWARE, "jurisdictions=DE", more="")


def asked(cli: Cli, patch: pytest.MonkeyPatch, *lines: str, source: str = "counsel") -> Answer:
    patch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))
    return cli("fact", "ask", "--source", source)


def stated(cli: Cli) -> dict[str, object]:
    facts = cli.json("status")["facts"]
    return {name: fact["value"] for name, fact in facts.items() if name != "awareness"}


def test_without_a_terminal_the_questions_are_listed(
    breach: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    listed = breach("fact", "ask")
    assert "we_are_processor: Do any of the affected records belong" in listed.out
    assert "needed by EU-GDPR-33-2-CTRL" in listed.out
    assert "2 facts are missing: `ccir fact ask` asks for them in turn" in listed.out
    assert listed.err == ""
    assert breach("fact", "ask", "--list").out == listed.out


def test_at_a_terminal_the_list_has_to_be_asked_for(
    breach: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("yes\n"))
    assert "2 facts are missing" in breach("fact", "ask", "--list").out
    document = breach.json("fact", "ask")
    assert [each["name"] for each in document["questions"]] == ["we_are_processor", "high_risk"]
    assert set(document["questions"][0]) == {"name", "kind", "question", "rules", "due"}
    assert set(stated(breach)) == {"jurisdictions"}


def test_many_readers_are_cut_in_the_list(tmp_path: Path) -> None:
    listed = " ".join(breached(tmp_path, AWARE, more="")("fact", "ask", "--list").out.split())
    assert "jurisdictions: In which countries" in listed
    assert " more " in listed.partition("needed by")[2][:120]


def test_answers_are_recorded_one_by_one(breach: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = asked(breach, monkeypatch, "yes", " Yes ")
    assert "[1/2] Do any of the affected records belong to a client company" in answer.err
    assert "  we_are_processor: yes or no; empty for later, q to end" in answer.err
    assert "2 facts recorded: `ccir clocks` shows what follows from them" in answer.err
    assert answer.out == "", "questions are no result"
    assert stated(breach) == {"jurisdictions": ["DE"], "we_are_processor": True, "high_risk": True}
    assert breach.json("status")["facts"]["high_risk"]["source"] == "counsel"


def test_an_empty_answer_leaves_the_question_for_later(
    breach: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "1 facts recorded" in asked(breach, monkeypatch, "", "yes").err
    assert set(stated(breach)) == {"jurisdictions", "high_risk"}
    assert [each["name"] for each in breach.json("fact", "ask")["questions"]] == [
        "we_are_processor"
    ]


def test_a_question_mark_tells_who_needs_the_answer(
    breach: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = asked(breach, monkeypatch, "?", "?", "no", "q")
    assert answer.err.count("needed by EU-GDPR-33-2-CTRL") == 2
    assert stated(breach)["we_are_processor"] is False


def test_a_wrong_answer_is_asked_again_a_few_times(
    breach: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = asked(breach, monkeypatch, "perhaps", "no", "maybe", "soon", "later", "yes")
    assert "'perhaps' does not fit the fact 'we_are_processor': expected yes or no" in answer.err
    assert "'later' does not fit the fact 'high_risk': expected true or false" in answer.err
    assert "1 facts recorded" in answer.err
    assert set(stated(breach)) == {"jurisdictions", "we_are_processor"}, (
        "the third try was the last"
    )


def test_an_answer_that_frees_from_a_duty_takes_a_reason(
    breach: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ("no", "no", "", "no", "all data were encrypted")
    answer = asked(breach, monkeypatch, *lines, source="")
    assert answer.err.count("frees from duties to tell somebody; why?") == 2, "empty: asked again"
    assert stated(breach)["high_risk"] is False
    [said] = log_of(breach, "FactRecorded")[-1]["said"]
    assert said == "all data were encrypted"


@pytest.mark.parametrize("end", [("q",), ("QUIT",), ()])
def test_a_person_may_end_at_any_time_and_keeps_what_she_answered(
    end: tuple[str, ...], breach: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = asked(breach, monkeypatch, "yes", *end)
    assert "1 facts recorded" in answer.err
    assert set(stated(breach)) == {"jurisdictions", "we_are_processor"}


def test_a_card_number_is_not_recorded_as_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli = breached(tmp_path, AWARE, more="")
    answer = asked(cli, monkeypatch, "4111 1111 1111 1111", "DE", "q")
    assert "payment card number" in answer.err
    assert stated(cli) == {"jurisdictions": ["DE"]}
