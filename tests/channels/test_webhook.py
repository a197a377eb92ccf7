from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ccir.channels.interface import Channel, configure
from ccir.channels.webhook import WebhookSettings
from ccir.errors import InvalidDocumentError, UnavailableError
from support.certificates import write_certificate
from support.mail import ChannelBench, message, surroundings
from support.webhooks import KEY, TOKEN, WebService, hook, hook_table, key_file


@pytest.fixture
def member(tmp_path: Path) -> Iterator[ChannelBench]:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port: int = closed.getsockname()[1]
    with WebService() as service:
        yield ChannelBench(
            kind="webhook",
            table=hook_table(service.port, tmp_path),
            away=hook_table(port, tmp_path),
            surroundings=surroundings(tmp_path),
            received=service.posted,
        )


@pytest.fixture
def member_sms(tmp_path: Path) -> Iterator[ChannelBench]:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port: int = closed.getsockname()[1]
    with WebService() as service:
        yield ChannelBench(
            kind="webhook",
            table=hook_table(service.port, tmp_path, form="sms"),
            away=hook_table(port, tmp_path, form="sms"),
            surroundings=surroundings(tmp_path),
            received=service.posted,
        )


@pytest.fixture
def service() -> Iterator[WebService]:
    with WebService() as running:
        yield running


def channel(folder: Path, **table: object) -> Channel:
    return configure("hook", {"kind": "webhook", **table}, surroundings(folder))


def test_the_service_gets_who_is_told_and_what(service: WebService, tmp_path: Path) -> None:
    with hook(service.port, tmp_path).open() as session:
        receipt = session.send(message(html="<p>We lost it.</p>", subject="Ihre Daten für später"))
    posted = service.posted[0]
    assert json.loads(posted.body) == {
        "address": "grace.hopper@customers.example",
        "subject": "Ihre Daten für später",
        "text": "We lost it.\n",
        "html": "<p>We lost it.</p>",
        "language": "en",
        "message_id": "ccir.1@centre.example",
    }
    assert posted.path == f"/{TOKEN}?to=all"
    assert posted.headers["Idempotency-Key"] == "ccir.1@centre.example"
    assert (receipt.state, receipt.code) == ("accepted", 200)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"url": ""}, "needs either 'url' or 'url_file'"),
        ({"url_file": "x"}, "needs either 'url' or 'url_file'"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": 301}, "timeout"),
        ({"rate": "fast"}, "rate"),
        ({"secret_file": ""}, "secret_file"),
        ({"allow_private": False}, "travel unprotected"),
        ({"url": "https://127.0.0.1/", "allow_private": False}, "private network"),
    ],
)
def test_settings_that_cannot_work_are_refused_before_anything_is_sent(
    tmp_path: Path, settings: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InvalidDocumentError, match=rf"channels\.hook\].*{complaint}"):
        hook(1, tmp_path, **settings)


def test_a_key_is_required(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocumentError, match="secret_file"):
        channel(tmp_path, url="https://hooks.example/")


def test_each_message_goes_to_its_own_recipient_at_the_pace_that_is_set(tmp_path: Path) -> None:
    traits = hook(1, tmp_path, rate="120/min").traits
    assert (traits.personal, traits.per_second) == (True, 2.0)


@pytest.mark.parametrize("key", ["short", "fifteen-bytes-x"])
def test_a_key_that_could_be_guessed_is_refused_and_not_shown(tmp_path: Path, key: str) -> None:
    table = hook_table(1, tmp_path)
    key_file(tmp_path, key)
    result = channel(tmp_path, **table).probe()
    assert (result.verdict, result.reason) == ("error", "invalid-document")
    assert "fewer than 16 bytes" in result.detail
    assert key not in f"{result.detail} {result.hint}"


def test_a_key_that_others_may_read_is_a_finding(tmp_path: Path) -> None:
    there = hook(1, tmp_path)
    (tmp_path / "hook.key").chmod(0o640)
    result = there.probe()
    assert (result.verdict, result.reason) == ("error", "invalid-document")
    assert result.hint.startswith("chmod 600")


def test_the_url_may_stand_in_a_private_file(service: WebService, tmp_path: Path) -> None:
    file = tmp_path / "hook.url"
    file.touch(mode=0o600)
    file.write_text(f"http://127.0.0.1:{service.port}/{TOKEN}\n")
    with hook(service.port, tmp_path, url="", url_file="hook.url").open() as session:
        assert session.send(message()).state == "accepted"
    assert service.posted[0].path == f"/{TOKEN}"
    closed = hook(service.port, tmp_path, url="", url_file="hook.url", allow_private=False)
    with pytest.raises(InvalidDocumentError) as caught, closed.open():
        pytest.fail("it was opened")
    assert TOKEN not in f"{caught.value.message} {caught.value.hint}"


def test_a_probe_connects_and_sends_nothing(service: WebService, tmp_path: Path) -> None:
    result = hook(service.port, tmp_path).probe()
    assert result.verdict == "pass"
    assert service.posted == []
    assert TOKEN not in result.detail


def test_the_certificate_must_hold(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path / "tls.pem", name="127.0.0.1")
    with WebService(certificate=certificate) as service:
        url = f"https://127.0.0.1:{service.port}/{TOKEN}"
        with hook(service.port, tmp_path, url=url, ca_file="tls.pem").open() as session:
            receipts = [session.send(message(number=number)) for number in range(3)]
            assert service.connections == 1, "fresh tickets of TLS 1.3 do not look like words"
        unknown = hook(service.port, tmp_path, url=url)
        with pytest.raises(UnavailableError, match="a certificate that does not hold"):
            unknown.open().__enter__()
        assert unknown.probe().verdict == "error"
        assert len(service.posted) == 3
    assert {receipt.state for receipt in receipts} == {"accepted"}


def test_a_missing_ca_file_is_named(tmp_path: Path) -> None:
    there = hook(1, tmp_path, url="https://hooks.example/", ca_file="absent.pem")
    assert "absent.pem cannot be used: No such file" in there.probe().detail


def test_the_url_does_not_show_itself() -> None:
    shown = repr(WebhookSettings(url="https://h.example/t0ken", secret_file="k"))
    assert shown == "WebhookSettings(url='***', url_file='')"


def test_neither_token_nor_key_nor_address_is_told(
    service: WebService, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    there = hook(service.port, tmp_path)
    with there.open() as session:
        told = repr(session.send(message())) + repr(vars(session))
    told += repr(there.probe()) + repr(vars(there)) + caplog.text
    assert not [secret for secret in (TOKEN, KEY, "grace") if secret in told]


def test_a_service_for_texts_gets_the_short_form_and_the_number(
    service: WebService, tmp_path: Path
) -> None:
    texts = hook(service.port, tmp_path, form="sms")
    assert texts.traits.form == "sms"
    with texts.open() as session:
        session.send(message(html="<p>We lost it.</p>", text="A long text.\n"))
    body = json.loads(service.posted[0].body)
    assert (body["text"], body["html"], body["phone"]) == ("We lost it.", "", "+4930123456")


def test_somebody_without_a_number_gets_no_text(service: WebService, tmp_path: Path) -> None:
    with hook(service.port, tmp_path, form="sms").open() as session:
        receipt = session.send(msgspec.structs.replace(message(), phone=""))
    assert (receipt.state, receipt.reply) == ("refused-permanent", "no phone number in the list")
    assert service.posted == []
