from __future__ import annotations

import datetime as dt
import hashlib
import hmac

import msgspec
import pytest

from ccir import __version__
from ccir.channels.webhook_request import body_of, request_of, signature
from ccir.channels.webhook_target import target_of
from ccir.config.values import Secret
from ccir.errors import InvalidDocumentError
from support.mail import SENT_AT, message
from support.webhooks import KEY

TARGET = target_of(Secret("https://hooks.example/t"), channel="hook", allow_private=False)


def test_the_body_is_canonical_json() -> None:
    assert (
        body_of(message(subject="Für dich", text='"\n'))
        == (
            '{"address":"grace.hopper@customers.example","html":"","language":"en",'
            '"message_id":"ccir.1@centre.example","subject":"Für dich","text":"\\"\\n"}'
        ).encode()
    )


def test_a_request_holds_the_message_once_and_is_signed_for_its_moment() -> None:
    body = body_of(message())
    request = request_of(
        body, TARGET, message_id="ccir.1@centre.example", key=Secret(KEY), now=SENT_AT
    )
    head, _, rest = request.partition(b"\r\n\r\n")
    moment = str(int(SENT_AT.timestamp()))
    digest = hmac.new(KEY.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert rest == body
    assert head.decode().split("\r\n") == [
        "POST /t HTTP/1.1",
        "Host: hooks.example",
        f"User-Agent: ccir/{__version__}",
        "Accept-Encoding: identity",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Idempotency-Key: ccir.1@centre.example",
        f"X-Ccir-Timestamp: {moment}",
        f"X-Ccir-Signature: v1={digest}",
    ]


def test_a_message_sent_again_differs_in_its_moment_and_signature_only() -> None:
    def lines(now: dt.datetime) -> set[bytes]:
        body = body_of(message())
        request = request_of(body, TARGET, message_id="id", key=Secret(KEY), now=now)
        return set(request.split(b"\r\n"))

    changed = lines(SENT_AT) - lines(SENT_AT + dt.timedelta(minutes=6))
    assert {line.partition(b":")[0] for line in changed} == {
        b"X-Ccir-Timestamp",
        b"X-Ccir-Signature",
    }


@pytest.mark.parametrize(("key", "moment", "body"), [("k2", "1", "b"), ("k", "2", "b")])
def test_another_key_or_moment_is_another_signature(key: str, moment: str, body: str) -> None:
    assert signature(Secret(key), moment, body.encode()) != signature(Secret("k"), "1", b"b")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"subject": "a\r\nBcc: b@x.example"}, "subject"),
        ({"subject": "x" * 251}, "subject"),
        ({"to": ""}, "recipient's address"),
        ({"to": "a@x.example\nb"}, "recipient's address"),
        ({"text": "half \ud800"}, "half a character"),
    ],
)
def test_a_message_that_does_not_fit_is_refused(changes: dict[str, str], what: str) -> None:
    with pytest.raises(InvalidDocumentError, match=what):
        body_of(message(**changes))  # type: ignore[arg-type] # number is not among them


def test_a_message_id_cannot_end_its_header() -> None:
    from msgspec.structs import replace

    with pytest.raises(InvalidDocumentError, match="message id"):
        body_of(replace(message(), message_id="a\r\nX-Other: b"))


def test_a_notice_without_a_short_form_is_not_sent_as_one() -> None:
    with pytest.raises(InvalidDocumentError, match="the notice has no SMS form"):
        body_of(msgspec.structs.replace(message(), sms=""), form="sms")
