from __future__ import annotations

import pytest

from ccir.channels.apprise_results import FAILURE, SUCCESS, receipt
from ccir.domain.notices import Told

URL = "https://hooks.chat.example/services/T0KENS%2FSECRET?room=everybody"
TIMEOUT = 5


@pytest.mark.parametrize(
    ("status", "line", "state", "code"),
    [
        (SUCCESS, "", "accepted", 0),
        (FAILURE, "Failed to send: Unauthorized, error=401.", "refused-permanent", 401),
        (FAILURE, "Failed to send: error=404", "refused-permanent", 404),
        (FAILURE, "Failed to send: error=429", "refused-temporary", 429),
        (FAILURE, "Failed to send: error=408", "unknown", 408),
        (FAILURE, "Failed to send: error=503", "unknown", 503),
        (FAILURE, "first error=404, then error=500", "unknown", 0),
        (FAILURE, "A connection error occurred", "unknown", 0),
        (FAILURE, "error=4040", "unknown", 0),
        (TIMEOUT, "gave up: error=404", "unknown", 0),
        (3, "", "unknown", 0),
    ],
)
def test_only_a_proven_refusal_is_one(status: int, line: str, *, state: Told, code: int) -> None:
    answer = receipt(status, [line], url=URL, service="Chat")
    assert (answer.state, answer.code) == (state, code)
    assert answer.retryable == (code == 429)


def test_silence_is_told_as_such() -> None:
    assert receipt(SUCCESS, [], url=URL, service="Chat").reply == "Chat took it"
    assert receipt(FAILURE, [], url=URL, service="Chat").reply == "Chat did not say why"


def test_no_part_of_the_url_that_could_be_a_token_is_kept() -> None:
    lines = [f"POST {URL} failed", "token T0KENS/SECRET for everybody", "services says no"]
    reply = receipt(FAILURE, lines, url=URL, service="Chat").reply
    for part in ("T0KENS", "SECRET", "everybody", "hooks.chat.example"):
        assert part not in reply
    assert "says no" in reply


def test_a_part_of_the_url_within_another_leaves_nothing_of_it() -> None:
    line = "room secretroom, password secret"
    reply = receipt(FAILURE, [line], url="json://x/secret/secretroom", service="Chat").reply
    assert reply == "room ***, password ***"
