from __future__ import annotations

import pytest

from ccir.domain.events import CleanSnapshotSought
from ccir.domain.outcomes import Verdict
from ccir.steps.last_clean import MEMBER
from support.steps import HandKit, StepBench, step

ARGUMENTS: dict[str, object] = {"target": "main"}


@pytest.fixture
def member() -> StepBench:
    return StepBench("last-clean", ARGUMENTS, {"target": "main", "limit": 0})


@pytest.mark.parametrize(
    ("verdict", "reason", "failed", "exit_status"),
    [
        ("pass", "", "", 0),
        ("fail", "no-clean-snapshot", "no-clean-snapshot", 1),
        ("error", "no-verdict", "no-verdict", 3),
        ("skipped", "", "skipped", 0),
    ],
)
def test_only_a_clean_snapshot_makes_the_step_done(
    verdict: Verdict, reason: str, *, failed: str, exit_status: int
) -> None:
    kit = HandKit()
    kit.verdict, kit.reason = verdict, reason
    outcome = MEMBER.perform(step("last-clean", ARGUMENTS), kit)
    assert (outcome.reason, outcome.exit_status) == (failed, exit_status)
    (event,) = outcome.events
    assert isinstance(event, CleanSnapshotSought)
    assert (event.verdict, event.step) == (verdict, "the-step")


def test_it_looks_at_thirty_snapshots_unless_told_otherwise() -> None:
    kit = HandKit()
    MEMBER.perform(step("last-clean", ARGUMENTS), kit)
    told: dict[str, object] = {"target": "main", "drill": "monthly", "limit": 5}
    MEMBER.perform(step("last-clean", told), kit)
    assert kit.asked == [
        ("seek_clean", "main", "the-step", None, 30),
        ("seek_clean", "main", "the-step", "monthly", 5),
    ]
