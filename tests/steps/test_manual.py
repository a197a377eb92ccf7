from __future__ import annotations

import pytest

from ccir.errors import RefusedError
from ccir.steps.manual import MEMBER
from support.steps import HandKit, StepBench, step


@pytest.fixture
def member() -> StepBench:
    return StepBench("manual", {"checklist": ["look", "listen"]}, {"checklist": ["look", ""]})


def test_ccir_does_not_do_a_persons_work() -> None:
    kit = HandKit()
    with pytest.raises(RefusedError, match="'the-step' is done by a person") as caught:
        MEMBER.perform(step("manual", {}), kit)
    assert caught.value.hint == "`ccir step done the-step` when it is"
    assert kit.asked == []
