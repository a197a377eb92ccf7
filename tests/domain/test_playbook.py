from __future__ import annotations

import msgspec
import pytest

from ccir.domain.playbook import Due, Id, RuleName, RuleWord, Step
from support.runs import PLAYBOOK, STEPS


def test_steps_facts_and_notices_are_found_by_id_or_not_at_all() -> None:
    assert PLAYBOOK.step("triage") == STEPS[0]
    assert PLAYBOOK.fact("awareness") == PLAYBOOK.facts[0]
    assert PLAYBOOK.notice("staff") == PLAYBOOK.notices[1]
    assert PLAYBOOK.step("awareness") is None
    assert PLAYBOOK.fact("staff") is None
    assert PLAYBOOK.notice("triage") is None


@pytest.mark.parametrize("text", ["", "-a", "A", "a_b", "a" * 65, "a b", "é"])
def test_an_id_that_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, Id)


@pytest.mark.parametrize("after", ["end", "fact:", "fact:Awareness", "step:", "steps:a", "start "])
def test_a_due_time_counts_from_the_start_a_fact_or_a_step(after: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"within": "72h", "after": after}, Due)


@pytest.mark.parametrize(
    "before",
    ["EU-GDPR-33-SA", "clock:", "clock:eu-one", "clock:EU ONE", "fact:awareness", "clock:A"],
)
def test_a_due_time_lies_before_a_rules_clock(before: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"within": "24h", "before": before}, Due)


@pytest.mark.parametrize("rule", ["EU-GDPR-33-SA", "US-SEC-8K-105", "EU-DORA-19.1"])
def test_a_due_time_and_a_notice_name_rules_and_their_follow_ups(rule: str) -> None:
    assert msgspec.convert({"within": "24h", "before": f"clock:{rule}"}, Due).before is not None
    assert msgspec.convert(rule, RuleName) == rule


@pytest.mark.parametrize("word", ["", "Finance", "public company", "a-b", "é"])
def test_a_sector_is_a_word_of_the_rules(word: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(word, RuleWord)


def test_a_steps_arguments_are_written_under_with() -> None:
    written = msgspec.to_builtins(STEPS[2])
    assert "arguments" not in written
    assert msgspec.convert(written, Step).arguments == written["with"]
