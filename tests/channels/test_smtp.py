from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir.errors import InvalidDocumentError, UnavailableError
from support.mail import SENDER, ChannelBench, message, smtp, smtp_table, surroundings
from support.mail_server import MailServer
from support.scripted_server import ScriptedServer


@pytest.fixture
def member(tmp_path: Path) -> Iterator[ChannelBench]:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port: int = closed.getsockname()[1]
    with MailServer() as server:
        yield ChannelBench(
            kind="smtp",
            table=smtp_table(server.port),
            away=smtp_table(port),
            surroundings=surroundings(tmp_path),
            received=server.taken,
        )


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"from": "Centre <incident@centre.example>"}, "'from' must be one plain mail address"),
        ({"reply_to": "a@x.example, b@x.example"}, "'reply_to' must be one plain mail address"),
        ({"from_name": "Centre\r\nBcc: all@x.example"}, "'from_name' must be one line"),
        ({"user": "centre"}, "'user' and 'password_file' need each other"),
        ({"password_file": "secret"}, "'user' and 'password_file' need each other"),
        (
            {"host": "mail.invalid", "user": "centre", "password_file": "secret"},
            "a password would travel unprotected",
        ),
        ({"host": "mail.invalid\n"}, "host"),
        ({"host": ""}, "host"),
        ({"helo": "centre.example\n"}, "helo"),
        ({"port": 0}, "port"),
        ({"starttls": "perhaps"}, "starttls"),
        ({"final_timeout": 0.0}, "final_timeout"),
        ({"rate": "fast"}, "rate"),
    ],
)
def test_settings_that_cannot_work_are_refused_before_anything_is_sent(
    tmp_path: Path, settings: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InvalidDocumentError, match=rf"\[channels\.mail\].*{complaint}"):
        smtp(25, tmp_path, **settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_a_password_may_travel_in_clear_inside_this_machine(tmp_path: Path, host: str) -> None:
    channel = smtp(25, tmp_path, host=host, user="centre", password_file="secret")
    assert channel.traits.personal


def test_a_channel_says_its_pace_and_the_domain_of_its_message_ids(tmp_path: Path) -> None:
    traits = smtp(25, tmp_path, rate="120/min", **{"from": "Incident@Centre.EXAMPLE"}).traits
    assert (traits.personal, traits.per_second, traits.domain) == (True, 2.0, "centre.example")


def test_the_letterhead_stands_in_the_mail(tmp_path: Path) -> None:
    head: dict[str, object] = {"from_name": "Contact centre", "reply_to": "help@centre.example"}
    with MailServer() as server, smtp(server.port, tmp_path, **head).open() as session:
        session.send(message())
        content = server.taken[0].content
    assert content.startswith(b"From: Contact centre\r\n <incident@centre.example>\r\n")
    assert b"Reply-To: <help@centre.example>\r\n" in content


def test_a_probe_offers_the_sender_and_names_no_recipient(tmp_path: Path) -> None:
    with MailServer() as server:
        channel = smtp(server.port, tmp_path)
        assert channel.probe().detail == f"127.0.0.1:{server.port} takes mail from {SENDER}"
        server.sender_faults.append("550 5.7.1 unknown sender")
        refused = channel.probe()
    assert (refused.verdict, refused.reason) == ("error", "unavailable")
    assert "550 5.7.1 unknown sender" in refused.detail


def test_a_probe_passes_where_the_server_does_not_forget(tmp_path: Path) -> None:
    script = ("220 mail.test", "250 mail.test", "250 from", "500 what is RSET")
    with ScriptedServer(script) as server:
        assert smtp(server.port, tmp_path).probe().verdict == "pass"


def test_a_password_that_others_may_read_is_a_finding(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("p4ss\n")
    secret.chmod(0o644)
    result = smtp(25, tmp_path, user="centre", password_file="secret").probe()
    assert (result.verdict, result.reason) == ("error", "invalid-document")
    assert result.hint == f"chmod 600 {secret}"


def test_a_missing_password_opens_nothing(tmp_path: Path) -> None:
    channel = smtp(25, tmp_path, user="centre", password_file="absent")
    with pytest.raises(UnavailableError, match="absent cannot be read"), channel.open():
        pytest.fail("it was opened")
