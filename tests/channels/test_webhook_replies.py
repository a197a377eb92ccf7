from __future__ import annotations

import pytest

from ccir.channels.webhook_replies import (
    is_about_the_channel,
    lost_after_the_end,
    lost_before_the_end,
    receipt,
)
from ccir.channels.webhook_wire import Reply
from ccir.domain.notices import Told


def reply(status: int, *, retry_after: str = "") -> Reply:
    return Reply(
        status=status, digest="0123456789abcdef" * 4, retry_after=retry_after, is_last=False
    )


@pytest.mark.parametrize(
    ("state", "statuses"),
    [
        ("accepted", (200, 201, 202, 204, 299)),
        ("refused-permanent", (400, 406, 410, 413, 422, 499)),
        ("refused-temporary", (408, 425, 429, 500, 501, 502, 503, 504, 599)),
        ("unknown", (100, 101, 103, 199, 409, 600, 999)),
    ],
)
def test_a_status_says_what_became_of_the_message(state: Told, statuses: tuple[int, ...]) -> None:
    for status in statuses:
        told = receipt(reply(status))
        assert (told.state, told.code) == (state, status)
        assert told.retryable == (state == "refused-temporary")


def test_the_words_hold_the_status_and_a_digest_and_nothing_of_the_reply() -> None:
    assert receipt(reply(200)).reply == "HTTP 200, reply with SHA-256 0123456789abcdef…"


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 399, 401, 403, 404, 405, 407])
def test_what_every_message_would_be_told_is_about_the_channel(status: int) -> None:
    assert is_about_the_channel(reply(status))


@pytest.mark.parametrize("status", [200, 400, 408, 410, 422, 429, 500])
def test_what_one_message_is_told_is_not(status: int) -> None:
    assert not is_about_the_channel(reply(status))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("30", ", try again after 30 s"),
        (" 3600 ", ", try again after 3600 s"),
        ("3601", ""),
        ("99999999999", ""),
        ("-1", ""),
        ("Fri, 31 Dec 1999 23:59:59 GMT", ""),
        ("grace@customers.example", ""),
    ],
)
def test_a_short_wait_that_is_asked_for_is_noted(given: str, shown: str) -> None:
    assert receipt(reply(503, retry_after=given)).reply.partition("…")[2] == shown


def test_only_before_the_last_byte_a_lost_connection_leaves_no_doubt() -> None:
    assert (lost_before_the_end().state, lost_before_the_end().retryable) == (
        "refused-temporary",
        True,
    )
    assert (lost_after_the_end().state, lost_after_the_end().retryable) == ("unknown", False)
