from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ccir.domain.notices import Told
from ccir.errors import InvalidDocumentError, UnavailableError
from support.mail import message
from support.webhooks import Answer, RawService, WebService, hook, patient_hook

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def service() -> Iterator[WebService]:
    with WebService() as running:
        yield running


@pytest.mark.parametrize(
    ("status", "state", "retryable"),
    [
        (202, "accepted", False),
        (422, "refused-permanent", False),
        (409, "unknown", False),
        (429, "refused-temporary", True),
        (500, "refused-temporary", True),
    ],
)
def test_each_answer_is_that_of_its_message(
    service: WebService, tmp_path: Path, *, status: int, state: Told, retryable: bool
) -> None:
    there = f"http://127.0.0.1:{service.port}/elsewhere"
    service.answers.append(Answer(status, b"for grace.hopper", {"Location": there}))
    with hook(service.port, tmp_path).open() as session:
        first, second = session.send(message()), session.send(message(number=2))
    assert (first.state, first.code, first.retryable) == (state, status, retryable)
    assert second.state == "accepted"
    assert "grace" not in first.reply
    assert len(service.posted) == 2, "each message was given once, no redirect followed"
    assert service.connections == 1


@pytest.mark.parametrize("status", [302, 401, 404])
def test_what_is_wrong_for_every_message_stops_the_sending(
    service: WebService, tmp_path: Path, status: int
) -> None:
    there = f"http://127.0.0.1:{service.port}/elsewhere"
    service.answers.append(Answer(status, b"for grace.hopper", {"Location": there}))
    with hook(service.port, tmp_path).open() as session:
        with pytest.raises(UnavailableError, match=f"answers HTTP {status} and took") as caught:
            session.send(message())
        assert session.send(message(number=2)).state == "accepted"
    assert str(service.port) not in caught.value.message
    assert len(service.posted) == 2, "no redirect is followed"


def test_a_message_sent_again_has_the_same_key_and_body(
    service: WebService, tmp_path: Path
) -> None:
    service.answers.append(Answer(503, headers={"Retry-After": "7"}))
    with hook(service.port, tmp_path).open() as session:
        put_off, taken = session.send(message()), session.send(message())
    assert (put_off.state, taken.state) == ("refused-temporary", "accepted")
    assert put_off.reply.endswith("try again after 7 s")
    first, second = service.posted
    assert first.body == second.body
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]


def test_a_service_that_does_not_answer_in_time_leaves_a_doubt(
    service: WebService, tmp_path: Path
) -> None:
    service.answers.append(Answer(0))
    with hook(service.port, tmp_path, timeout=0.2).open() as session:
        receipt, next_one = session.send(message()), session.send(message(number=2))
    assert (receipt.state, receipt.retryable) == ("unknown", False)
    assert next_one.state == "accepted", "over a new connection"
    assert len(service.posted) == 2


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut",
        b"220 mail.example ESMTP\r\n",
        RawService.SILENCE,
        RawService.DRIP,
    ],
)
def test_a_reply_that_is_not_whole_leaves_a_doubt(tmp_path: Path, said: bytes) -> None:
    with (
        RawService((said,), (OK,)) as raw,
        patient_hook(raw.port, tmp_path, timeout=0.3).open() as session,
    ):
        receipt = session.send(message())
    assert (receipt.state, receipt.code, receipt.retryable) == ("unknown", 0, False)
    assert len(raw.requests) == 1


def test_a_request_that_did_not_leave_whole_may_be_sent_again(tmp_path: Path) -> None:
    with (
        RawService((RawService.RESET,), (OK,)) as raw,
        hook(raw.port, tmp_path).open() as session,
    ):
        first = session.send(message(text="x" * 30_000_000))
        second = session.send(message())
    assert (first.state, first.retryable) == ("refused-temporary", True)
    assert second.state == "accepted"


def test_a_connection_that_the_service_closed_is_renewed_before_a_request_leaves(
    tmp_path: Path,
) -> None:
    with RawService((OK,), (OK,)) as raw, hook(raw.port, tmp_path).open() as session:
        first = session.send(message())
        raw.await_hang_up()
        second = session.send(message(number=2))
    assert (first.state, second.state) == ("accepted", "accepted")
    assert len(raw.requests) == 2


def test_a_connection_that_the_service_ends_is_not_used_again(
    service: WebService, tmp_path: Path
) -> None:
    service.answers.append(Answer(200, headers={"Connection": "close"}))
    with hook(service.port, tmp_path).open() as session:
        states = [session.send(message(number=number)).state for number in range(3)]
    assert states == ["accepted"] * 3
    assert service.connections == 2


def test_words_that_nobody_asked_for_are_no_answer_to_the_next_message(tmp_path: Path) -> None:
    refusal = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    with RawService((OK + refusal,), (OK,)) as raw, hook(raw.port, tmp_path).open() as session:
        session.send(message())
        raw.await_hang_up()
        assert session.send(message(number=2)).state == "accepted"


def test_a_service_that_went_away_took_nothing(tmp_path: Path) -> None:
    with ExitStack() as end:
        with RawService((OK,)) as raw:
            session = end.enter_context(hook(raw.port, tmp_path).open())
            assert session.send(message()).state == "accepted"
        with pytest.raises(UnavailableError, match="cannot be reached"):
            session.send(message(number=2))
    assert len(raw.requests) == 1


def test_a_message_that_does_not_fit_is_not_sent(service: WebService, tmp_path: Path) -> None:
    with hook(service.port, tmp_path).open() as session:
        with pytest.raises(InvalidDocumentError):
            session.send(message(subject="a\nb"))
        assert session.send(message()).state == "accepted"
    assert len(service.posted) == 1
