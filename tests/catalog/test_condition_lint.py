from __future__ import annotations

from pathlib import Path

import pytest

from support.documents import linted, playbook, step

DECIDE = step(
    "choose", "decision", arguments="{question: Which, options: {cut-all: All, watch: None}}"
)
BROKEN = {
    "record > 5": "there is no fact 'record' (did you mean 'records'?)",
    "seveity == 'sev1'": "there is no fact 'seveity' (did you mean 'severity'?)",
    'decision["chose"] == "watch"': "there is no decision 'chose' (did you mean 'choose'?)",
    'decision["other"] == "watch"': "there is no decision 'other' (known: choose)",
    'decision["choose"] == "wach"': (
        "the decision 'choose' is never 'wach' (did you mean 'watch'?)"
    ),
    'decision["choose"] in ["watch", "cut-al"]': (
        "the decision 'choose' is never 'cut-al' (did you mean 'cut-all'?)"
    ),
    "not ('sev3' == severity and records > 1)": (
        "'severity' is never 'sev3' (did you mean 'sev2'?)"
    ),
    "entry_route != 'fishing'": "'entry_route' is never 'fishing' (did you mean 'phishing'?)",
    "vendor_involved == 'yes'": (
        "'vendor_involved' is a boolean, never the text 'yes' (name the fact alone, or after 'not')"
    ),
    "records > '100'": "'records' is a number, never the text '100' (take the quotes away)",
    "false": "step 'a' is unreachable: its condition never holds "
    "(mend the condition, or take the step out)",
    "false and records > 1": "step 'a' is unreachable: its condition never holds "
    "(mend the condition, or take the step out)",
}


@pytest.mark.parametrize("condition", BROKEN)
def test_a_condition_is_refused_with_what_to_write(condition: str, tmp_path: Path) -> None:
    line = step("a", on=f'"{condition.replace(chr(34), chr(92) + chr(34))}"')
    [finding] = linted(tmp_path, playbook(line, DECIDE, step("other")))
    assert f"{finding.message} ({finding.hint})" == BROKEN[condition]
    assert (finding.path, finding.line, finding.severity) == ("steps[0].when", 17, "error")


SOUND = [
    "records > 100 and not vendor_involved",
    "severity in ['sev1', 'sev2'] or entry_route == 'vendor'",
    "decision['choose'] != 'watch'",
    "affected_host == 'whatever'",
    "awareness > '2026-01-01'",
    "false or records",
    "true",
]


@pytest.mark.parametrize("condition", SOUND)
def test_a_sound_condition_is_let_through(condition: str, tmp_path: Path) -> None:
    line = step("a", on=f'"{condition}"')
    assert linted(tmp_path, playbook(line, DECIDE)) == []


def test_everything_wrong_with_a_condition_is_said_at_once(tmp_path: Path) -> None:
    line = step("a", on="\"gone and severity == 'sev9' and decision['nope'] == 'x'\"")
    found = [finding.message for finding in linted(tmp_path, playbook(line, DECIDE))]
    assert found == [
        "there is no decision 'nope'",
        "there is no fact 'gone'",
        "'severity' is never 'sev9'",
    ]


def test_options_that_could_not_be_read_rule_nothing_out(tmp_path: Path) -> None:
    broken = step("choose", "decision", arguments="{question: Which, options: [x]}")
    text = playbook(step("a", on="\"decision['choose'] == 'x'\""), broken)
    assert [finding.path for finding in linted(tmp_path, text)] == ["steps[1].with.options"]
