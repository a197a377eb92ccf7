from __future__ import annotations

import pytest

from ccir.channels import smtp_replies as replies
from ccir.channels.smtp_replies import Phase
from ccir.domain.notices import Told
from support.mail import ADDRESS


@pytest.mark.parametrize(
    ("code", "phase", "state", "is_retryable"),
    [
        (550, "recipient", "refused-permanent", False),
        (450, "recipient", "refused-temporary", True),
        (252 + 100, "recipient", "refused-temporary", True),
        (451, "data", "refused-temporary", True),
        (250, "data", "refused-temporary", True),
        (554, "data", "refused-permanent", False),
        (552, "content", "refused-permanent", False),
        (451, "content", "refused-temporary", False),
        (354, "content", "unknown", False),
        (-1, "content", "unknown", False),
        (-1, "recipient", "refused-temporary", True),
    ],
)
def test_only_what_surely_took_nothing_may_be_tried_again(
    code: int, phase: Phase, *, state: Told, is_retryable: bool
) -> None:
    receipt = replies.refused((code, b"no"), address=ADDRESS, phase=phase)
    assert (receipt.state, receipt.retryable) == (state, is_retryable)
    assert receipt.code == max(code, 0)


def test_the_servers_words_are_kept_without_the_address() -> None:
    words = f"2.0.0 <{ADDRESS}> queued as Q1".encode()
    receipt = replies.accepted((250, words), address=ADDRESS)
    assert receipt.reply == "2.0.0 <g***r@c***.example> queued as Q1"


def test_a_connection_lost_before_the_end_took_nothing_and_after_it_nobody_knows() -> None:
    before, after = replies.lost_before_the_end(), replies.lost_after_the_end()
    assert (before.state, before.retryable) == ("refused-temporary", True)
    assert (after.state, after.retryable) == ("unknown", False)
