from __future__ import annotations

from pathlib import Path

import pytest

from support.documents import linted, notice, playbook, said, step

HINT = "each waits for the next: take one of them out of the other's needs"


def test_a_cycle_is_printed_as_one_at_the_need_that_closes_it(tmp_path: Path) -> None:
    text = playbook(step("a", needs="[b]"), step("b", needs="[c, a]"), step("c"))
    assert said(linted(tmp_path, text)) == [
        f"17:78: error: steps[0].needs[0]: a cycle: a → b → a ({HINT})"
    ]


def test_every_cycle_is_found(tmp_path: Path) -> None:
    text = playbook(
        step("a", needs="[b]"), step("b", needs="[a]"), step("c", needs="[c]"), step("d")
    )
    found = [finding.message for finding in linted(tmp_path, text)]
    assert found == ["a cycle: a → b → a", "a cycle: c → c"]


def test_a_step_behind_a_cycle_is_unreachable(tmp_path: Path) -> None:
    text = playbook(
        step("a", needs="[b]"),
        step("b", needs="[a]"),
        step("c", needs="[d, b]"),
        step("d"),
        step("e", needs="[c]"),
    )
    _, c, e = linted(tmp_path, text)
    assert (c.path, e.path) == ("steps[2].needs[1]", "steps[4].needs[0]")
    assert c.message == "step 'c' is unreachable: it waits for 'b', which is never settled"
    assert e.message == "step 'e' is unreachable: it waits for 'c', which is never settled"
    assert c.severity == e.severity == "error"


DECIDE = step("choose", "decision", needs="[b]", arguments="{question: Which, options: {x: X}}")
CIRCLES = {
    "a condition": (
        [step("b", on='\'decision["choose"] == "x"\''), DECIDE],
        ("steps[0].when", "b → choose → b"),
    ),
    "a wait for a step": (
        [step("a", needs="[w]"), step("w", "wait", arguments="{step: a}")],
        ("steps[0].needs[0]", "a → w → a"),
    ),
    "a wait for a time after a step": (
        [
            step("w", "wait", arguments='{until: {within: 1h, after: "step:a"}}'),
            step("a", needs="[w]"),
        ],
        ("steps[0].with.until.after", "w → a → w"),
    ),
    "a way out of a failure that the step needs": (
        [
            step("a", "backup-check", needs="[b]", on_failure="b", arguments="{target: crm}"),
            step("b"),
        ],
        ("steps[0].needs[0]", "a → b → a"),
    ),
    "a step that is its own way out": (
        [step("a", "backup-check", on_failure="a", arguments="{target: crm}")],
        ("steps[0].on_failure", "a → a"),
    ),
}


@pytest.mark.parametrize("case", CIRCLES)
def test_steps_wait_for_each_other_through(case: str, tmp_path: Path) -> None:
    steps, (path, names) = CIRCLES[case]
    [finding] = linted(tmp_path, playbook(*steps))
    assert (finding.path, finding.message) == (path, f"a cycle: {names}")


def test_a_notice_that_may_only_go_after_its_own_step_is_a_cycle(tmp_path: Path) -> None:
    text = playbook(
        step("tell", "notify", arguments="{notice: breach}"),
        notices=[notice("breach", after="tell")],
    )
    [finding] = linted(tmp_path, text)
    assert (finding.path, finding.message) == ("notices[0].after", "a cycle: tell → tell")


def test_a_way_out_may_need_the_step_that_failed(tmp_path: Path) -> None:
    text = playbook(
        step("check", "backup-check", on_failure="other-copy", arguments="{target: crm}"),
        step("other-copy", needs="[check]"),
    )
    assert linted(tmp_path, text) == []


def test_a_way_out_of_a_failure_that_never_happens_is_warned_of(tmp_path: Path) -> None:
    text = playbook(step("a", on_failure="b"), step("b"))
    [finding] = linted(tmp_path, text)
    assert (finding.path, finding.severity) == ("steps[1].id", "warning")
    assert "only for the failure of a manual step, which never fails" in finding.message


def test_a_way_out_of_a_check_is_reachable(tmp_path: Path) -> None:
    text = playbook(
        step("a", "backup-check", on_failure="b", arguments="{target: crm}"),
        step("b"),
        step("c", needs="[a]"),
    )
    assert linted(tmp_path, text) == []
