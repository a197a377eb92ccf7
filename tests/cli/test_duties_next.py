"""What is owed by law or contract stands among what comes next."""

from __future__ import annotations

from typing import Any

from support.cli import Cli


def test_an_open_duty_comes_next_with_the_way_to_meet_it(centre: Cli) -> None:
    centre("start", "data-breach", "--fact", "awareness=08:30", "--fact", "jurisdictions=de")
    [duty] = duties(centre)
    assert duty["title"].endswith("(EU-GDPR-33-SA)")
    assert duty["due_at"] == "2026-01-05T07:30:00Z"
    assert duty["role"] == "privacy-counsel"
    assert duty["do"] == "ccir notice preview authority-report"
    assert "EU-GDPR-33-SA" in centre("next").out


def test_a_duty_that_is_met_waived_or_unsure_does_not(centre: Cli) -> None:
    centre("start", "data-breach", "--fact", "awareness=08:30", "--fact", "jurisdictions=de")
    centre("clocks", "submit", "EU-GDPR-33-SA")
    assert duties(centre) == []


def test_a_late_duty_is_overdue(centre: Cli) -> None:
    centre("start", "data-breach", "--fact", "awareness=2025-12-20", "--fact", "jurisdictions=de")
    [duty] = duties(centre)
    assert duty["overdue"]
    assert duty["state"] == "late"


def test_a_duty_without_a_notice_is_met_by_a_submission(centre: Cli) -> None:
    words = ("awareness=08:30", "jurisdictions=gb")
    centre("start", "data-breach", "--fact", words[0], "--fact", words[1])
    [duty] = [each for each in duties(centre) if "GB-UKGDPR-33-ICO" in each["title"]]
    assert duty["do"] == "ccir clocks submit GB-UKGDPR-33-ICO"


def test_an_assessment_that_frees_from_a_duty_takes_a_reason(centre: Cli) -> None:
    centre("start", "data-breach", "--fact", "awareness=08:30", "--fact", "jurisdictions=de")
    answer = centre("fact", "set", "high_risk=no", status=5)
    assert "frees from duties" in answer.err
    centre("fact", "set", "high_risk=yes")
    centre("fact", "set", "high_risk=no", "--reason", "the data were encrypted")
    centre("fact", "set", "unlikely_risk_exempt=yes", status=5)
    centre("fact", "set", "unlikely_risk_exempt=yes", "--source", "counsel's memo of today")
    assert duties(centre) == []


def duties(centre: Cli) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = centre.json("next")["actions"]
    return [action for action in actions if action["kind"] == "duty"]
