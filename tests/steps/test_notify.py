from __future__ import annotations

import pytest

from ccir.steps.interface import Sent, StepOutcome
from ccir.steps.notify import MEMBER
from support.steps import HandKit, StepBench, step


@pytest.fixture
def member() -> StepBench:
    return StepBench("notify", {"notice": "customers"}, {"notice": "No Id"})


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [
        (
            Sent(complete=True, flawless=True, detail="3 accepted"),
            StepOutcome(detail="3 accepted"),
        ),
        (
            Sent(complete=True, flawless=False, detail="1 refused", hint="look"),
            StepOutcome(detail="1 refused", hint="look", exit_status=1),
        ),
        (
            Sent(complete=False, flawless=True, detail="2 left", hint="again"),
            StepOutcome(reason="sending-incomplete", detail="2 left", hint="again", exit_status=3),
        ),
    ],
)
def test_only_a_notice_that_every_row_was_tried_for_is_done(
    sent: Sent, outcome: StepOutcome
) -> None:
    kit = HandKit()
    kit.sent = sent
    assert MEMBER.perform(step("notify", {"notice": "customers"}), kit) == outcome
    assert kit.asked == [("send_notice", "customers")]
