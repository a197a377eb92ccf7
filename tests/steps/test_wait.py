from __future__ import annotations

import pytest

from ccir.steps.interface import StepOutcome
from ccir.steps.wait import MEMBER
from support.steps import HandKit, StepBench, step


@pytest.fixture
def member() -> StepBench:
    return StepBench("wait", {"until": {"within": "4h"}}, {"until": {"within": "a while"}})


def test_a_wait_goes_on_and_nothing_is_asked() -> None:
    kit = HandKit()
    outcome = MEMBER.perform(step("wait", {"fact": "awareness"}), kit)
    assert outcome == StepOutcome(pending=True, detail="'the-step' is still waiting")
    assert kit.asked == []
