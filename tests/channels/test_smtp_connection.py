from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ccir.channels.smtp_connection import _literal
from ccir.errors import UnavailableError
from support.certificates import write_certificate
from support.mail import message, smtp
from support.mail_server import MailServer, Taken
from support.scripted_server import SILENCE, ScriptedServer

LOGIN = ("centre", "p4ssword")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("tls") / "loopback.pem", name="127.0.0.1")


def password_file(folder: Path, password: str) -> str:
    path = folder / "password"
    path.touch(mode=0o600)
    path.write_text(f"{password}\n")
    return path.name


def taken(server: MailServer, folder: Path, **settings: object) -> Taken:
    """The message as the server took it over a channel with these settings."""
    with smtp(server.port, folder, **settings).open() as session:
        assert session.send(message()).state == "accepted"
    return server.taken[-1]


def complaint(port: int, folder: Path, **settings: object) -> UnavailableError:
    """Why the channel with these settings cannot be opened."""
    with pytest.raises(UnavailableError) as caught, smtp(port, folder, **settings).open():
        pytest.fail("it was opened")
    return caught.value


# ---------------------------------------------------------------------------------- STARTTLS


@pytest.mark.parametrize(
    ("starttls", "is_encrypted"), [("required", True), ("opportunistic", True), ("never", False)]
)
def test_an_offer_to_encrypt_is_taken_unless_it_must_not_be(
    certificate: Path, tmp_path: Path, starttls: str, *, is_encrypted: bool
) -> None:
    with MailServer(certificate=certificate) as server:
        mail = taken(server, tmp_path, starttls=starttls, ca_file=str(certificate))
    assert mail.is_encrypted == is_encrypted


@pytest.mark.parametrize("starttls", ["opportunistic", "never"])
def test_mail_goes_in_clear_where_nothing_else_is_offered_and_that_is_allowed(
    tmp_path: Path, starttls: str
) -> None:
    with MailServer() as server:
        assert not taken(server, tmp_path, starttls=starttls).is_encrypted


def test_mail_does_not_go_in_clear_where_encryption_is_required(tmp_path: Path) -> None:
    with MailServer() as server:
        error = complaint(server.port, tmp_path, starttls="required")
    assert "does not offer STARTTLS" in error.message
    assert server.taken == []


def test_a_certificate_of_an_unknown_authority_is_refused(
    certificate: Path, tmp_path: Path
) -> None:
    stranger = write_certificate(tmp_path / "stranger.pem", name="127.0.0.1")
    with MailServer(certificate=certificate) as server:
        for ca_file in (None, str(stranger)):
            error = complaint(server.port, tmp_path, starttls="required", ca_file=ca_file)
            assert "shows a certificate that does not hold: self-signed" in error.message
            assert "ca_file" in error.hint


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    other = write_certificate(tmp_path / "other.pem", name="mail.other.example")
    with MailServer(certificate=other) as server:
        error = complaint(server.port, tmp_path, starttls="required", ca_file=other.name)
    assert "certificate is not valid for '127.0.0.1'" in error.message


def test_whoever_encrypts_where_possible_takes_any_certificate(
    certificate: Path, tmp_path: Path
) -> None:
    with MailServer(certificate=certificate) as server:
        assert taken(server, tmp_path, starttls="opportunistic").is_encrypted


def test_a_missing_authority_is_named(certificate: Path, tmp_path: Path) -> None:
    with MailServer(certificate=certificate) as server:
        error = complaint(server.port, tmp_path, starttls="required", ca_file="absent.pem")
    assert error.message.endswith("absent.pem is missing")


def test_an_offer_that_is_not_kept_is_no_way(tmp_path: Path) -> None:
    script = ("220 mail.test", "250-mail.test\r\n250 STARTTLS", "454 4.7.0 not now")
    with ScriptedServer(script) as server:
        error = complaint(server.port, tmp_path, starttls="opportunistic")
    assert "cannot be used: 454 4.7.0 not now" in error.message


# ------------------------------------------------------------------------------------- login


def test_a_login_goes_over_the_encrypted_connection(certificate: Path, tmp_path: Path) -> None:
    with MailServer(certificate=certificate, login=LOGIN) as server:
        mail = taken(
            server,
            tmp_path,
            starttls="required",
            ca_file=str(certificate),
            user=LOGIN[0],
            password_file=password_file(tmp_path, LOGIN[1]),
        )
    assert (mail.is_encrypted, mail.is_logged_in) == (True, True)


def test_a_refused_login_is_told_without_the_password(certificate: Path, tmp_path: Path) -> None:
    with MailServer(certificate=certificate, login=LOGIN) as server:
        error = complaint(
            server.port,
            tmp_path,
            starttls="required",
            ca_file=str(certificate),
            user=LOGIN[0],
            password_file=password_file(tmp_path, "wr0ng"),
        )
    assert "refuses the login of 'centre': 535" in error.message
    assert "wr0ng" not in f"{error.message} {error.hint}"


def test_a_server_without_a_login_cannot_be_logged_into(tmp_path: Path) -> None:
    with MailServer() as server:
        error = complaint(
            server.port,
            tmp_path,
            user=LOGIN[0],
            password_file=password_file(tmp_path, LOGIN[1]),
        )
    assert "SMTP AUTH extension not supported" in error.message


def test_a_server_that_wants_a_login_takes_no_mail_without(
    certificate: Path, tmp_path: Path
) -> None:
    with (
        MailServer(certificate=certificate, login=LOGIN) as server,
        smtp(server.port, tmp_path).open() as session,
        pytest.raises(UnavailableError, match="530"),
    ):
        session.send(message())


# ----------------------------------------------------------------------------- reaching it


def test_nobody_at_the_port_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    error = complaint(port, tmp_path)
    assert f"127.0.0.1:{port} cannot be reached: Connection refused" in error.message


def test_a_name_that_nobody_has_is_told(tmp_path: Path) -> None:
    error = complaint(25, tmp_path, host="mail.invalid")
    assert "mail.invalid:25 cannot be reached: Name or service not known" in error.message


def test_a_server_that_says_nothing_is_waited_for_no_longer_than_allowed(tmp_path: Path) -> None:
    with ScriptedServer((SILENCE,)) as server:
        error = complaint(server.port, tmp_path, connect_timeout=0.2)
    assert "cannot be reached" in error.message
    assert "timed out" in error.message


def test_a_server_that_falls_silent_is_waited_for_no_longer_than_allowed(tmp_path: Path) -> None:
    with ScriptedServer(("220 mail.test", SILENCE)) as server:
        error = complaint(server.port, tmp_path, reply_timeout=0.2)
    assert "cannot be used" in error.message
    assert "timed out" in error.message


@pytest.mark.parametrize(
    ("greeting", "words"),
    [("554 5.7.1 go away", "554 5.7.1 go away"), ("HTTP/1.1 400 Bad Request", "cannot be reached")],
)
def test_a_greeting_that_lets_nobody_in_is_told(tmp_path: Path, greeting: str, words: str) -> None:
    with ScriptedServer((greeting,)) as server:
        assert words in complaint(server.port, tmp_path).message


def test_an_old_server_that_knows_no_ehlo_is_greeted_in_its_way(tmp_path: Path) -> None:
    script = ("220 old", "502 what", "250 old", "250 from", "250 to", "354 go", "250 taken")
    with ScriptedServer(script) as server, smtp(server.port, tmp_path).open() as session:
        assert session.send(message()).state == "accepted"


def test_a_server_that_knows_no_greeting_cannot_be_used(tmp_path: Path) -> None:
    with ScriptedServer(("220 mail.test", "502 what", "502 what")) as server:
        assert "cannot be used: 502 what" in complaint(server.port, tmp_path).message


def test_the_name_to_give_can_be_set(tmp_path: Path) -> None:
    with MailServer() as server:
        assert taken(server, tmp_path, helo="centre.example").greeted_as == "centre.example"


def test_who_has_no_name_gives_its_address() -> None:
    assert (_literal("192.0.2.1"), _literal("2001:db8::1")) == ("[192.0.2.1]", "[IPv6:2001:db8::1]")
