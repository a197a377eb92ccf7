from __future__ import annotations

import pytest

from ccir.domain.outcomes import Verdict
from ccir.steps.restore import MEMBER
from support.steps import HandKit, StepBench, step

ARGUMENTS: dict[str, object] = {"drill": "monthly"}


@pytest.fixture
def member() -> StepBench:
    return StepBench("restore", ARGUMENTS, {"drill": "../monthly"})


@pytest.mark.parametrize(
    ("verdict", "reason", "failed", "exit_status"),
    [
        ("pass", "", "", 0),
        ("fail", "rpo-exceeded", "rpo-exceeded", 1),
        ("fail", "", "fail", 1),
        ("error", "unreachable", "unreachable", 3),
        ("skipped", "", "skipped", 0),
        ("stale", "", "stale", 1),
    ],
)
def test_only_a_pass_makes_the_step_done(
    verdict: Verdict, reason: str, *, failed: str, exit_status: int
) -> None:
    kit = HandKit()
    kit.verdict, kit.reason = verdict, reason
    outcome = MEMBER.perform(step("restore", ARGUMENTS), kit)
    assert (outcome.reason, outcome.exit_status) == (failed, exit_status)
    (event,) = outcome.events
    assert getattr(event, "verdict", None) == verdict
    assert kit.asked == [("run_drill", "monthly", "the-step")]
