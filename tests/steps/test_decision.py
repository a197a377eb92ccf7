from __future__ import annotations

import pytest

from ccir.errors import RefusedError
from ccir.steps.decision import MEMBER
from support.steps import HandKit, StepBench, step


@pytest.fixture
def member() -> StepBench:
    options = {"pay": "pay the ransom", "restore": "restore from backups"}
    return StepBench("decision", {"question": "Pay?", "options": options}, {"options": options})


def test_ccir_decides_nothing() -> None:
    kit = HandKit()
    with pytest.raises(RefusedError, match="'the-step' is a decision") as caught:
        MEMBER.perform(step("decision", {}), kit)
    assert caught.value.hint == "`ccir decide the-step OPTION --reason …`"
    assert kit.asked == []
