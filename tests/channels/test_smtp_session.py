from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import msgspec
import pytest

from ccir.channels.mime import Letterhead, assemble
from ccir.channels.smtp_session import SmtpSession
from ccir.domain.notices import Evidence, Receipt, Told
from ccir.errors import InvalidDocumentError, UnavailableError
from support.certificates import write_certificate
from support.mail import ADDRESS, SENDER, SENT_AT, message, smtp
from support.mail_server import MailServer
from support.scripted_server import ScriptedServer

OTHER = "ada@customers.example"
HELLO = ("220 mail.test", "250 mail.test", "250 sender")


@pytest.fixture(params=["pipelining", "one command at a time"])
def server(request: pytest.FixtureRequest) -> Iterator[MailServer]:
    with MailServer(pipelining=request.param == "pipelining") as running:
        yield running


def sent(server: MailServer | ScriptedServer, folder: Path, *, count: int = 1) -> list[Receipt]:
    """Send that many messages in one session, the first to ADDRESS, the rest to OTHER."""
    with smtp(server.port, folder).open() as session:
        return [
            session.send(message(OTHER if number else ADDRESS, number=number))
            for number in range(count)
        ]


def states(receipts: list[Receipt]) -> list[Told]:
    return [receipt.state for receipt in receipts]


def test_a_message_that_the_server_took_is_accepted_with_its_words(
    server: MailServer, tmp_path: Path
) -> None:
    (receipt,) = sent(server, tmp_path)
    (taken,) = server.taken
    assert receipt == Receipt(
        state="accepted",
        code=250,
        reply="2.0.0 <g***r@c***.example> queued as Q1",
        evidence=Evidence(
            relay=f"127.0.0.1:{server.port}",
            sent_at=SENT_AT,
            sha256=hashlib.sha256(taken.content).hexdigest(),
        ),
    )
    assert (taken.sender, taken.recipient) == (SENDER, ADDRESS)
    assert taken.greeted_as == "[127.0.0.1]"


def test_the_server_gets_the_very_bytes_whatever_a_line_begins_with(
    server: MailServer, tmp_path: Path
) -> None:
    dots = ".\n..\n.hidden\nlast\n.\nFrom nobody\n" + "long " * 500 + "ü\n."
    written = message(text=dots, html="<p>.\n.</p>")
    with smtp(server.port, tmp_path).open() as session:
        session.send(written)
    (taken,) = server.taken
    assert taken.content == assemble(written, Letterhead(sender=SENDER))
    plain = message_from_bytes(taken.content, policy=default).get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == dots


def test_a_hundred_messages_go_over_one_connection(server: MailServer, tmp_path: Path) -> None:
    assert states(sent(server, tmp_path, count=100)) == ["accepted"] * 100
    assert len(server.taken) == 100
    assert server.connections == 1


@pytest.mark.parametrize(
    ("fault", "state", "code", "is_retryable"),
    [
        ("rcpt:550 5.1.1 no such user", "refused-permanent", 550, False),
        ("rcpt:451 4.7.1 greylisted", "refused-temporary", 451, True),
        ("rcpt:421 4.3.2 closing", "refused-temporary", 421, True),
        ("go:451 4.3.0 later", "refused-temporary", 451, True),
        ("go:554 5.7.1 not from you", "refused-permanent", 554, False),
        ("data:554 5.7.1 looks like spam", "refused-permanent", 554, False),
        ("data:451 4.3.0 queue is full", "refused-temporary", 451, False),
        ("drop-rcpt", "refused-temporary", 0, True),
    ],
)
def test_a_refusal_is_told_in_the_servers_words_and_the_next_message_goes(
    server: MailServer,
    tmp_path: Path,
    fault: str,
    *,
    state: Told,
    code: int,
    is_retryable: bool,
) -> None:
    server.faults[ADDRESS].append(fault)
    first, second = sent(server, tmp_path, count=2)
    assert (first.state, first.code, first.retryable) == (state, code, is_retryable)
    assert (fault.partition(" ")[2] or "connection was lost before") in first.reply
    assert second.state == "accepted"
    assert server.recipients == [OTHER]


def test_a_refused_recipient_costs_no_new_connection(server: MailServer, tmp_path: Path) -> None:
    server.faults[ADDRESS].append("rcpt:550 no")
    sent(server, tmp_path, count=2)
    assert server.connections == 1


def test_a_server_that_hangs_up_before_the_final_dot_has_taken_nothing(
    server: MailServer, tmp_path: Path
) -> None:
    server.faults[ADDRESS].append("drop-data")
    # More than the buffers between here and there hold, so that it cannot leave unread.
    big = message(text="0123456789\n" * 2_000_000)
    with smtp(server.port, tmp_path).open() as session:
        receipt = session.send(big)
    assert (receipt.state, receipt.retryable) == ("refused-temporary", True)
    assert server.taken == []


def test_a_server_that_hangs_up_after_the_final_dot_leaves_a_doubt(
    server: MailServer, tmp_path: Path
) -> None:
    server.faults[ADDRESS].append("drop-after")
    first, second = sent(server, tmp_path, count=2)
    assert (first.state, first.retryable) == ("unknown", False)
    assert second.state == "accepted"
    assert server.recipients == [ADDRESS, OTHER], "it did take the one in doubt"


def test_an_answer_that_comes_too_late_leaves_a_doubt(server: MailServer, tmp_path: Path) -> None:
    server.faults[ADDRESS].append("slow:3")
    with smtp(server.port, tmp_path, final_timeout=0.2).open() as session:
        receipts = [session.send(message()), session.send(message(OTHER, number=2))]
    assert states(receipts) == ["unknown", "accepted"]
    assert server.recipients == [ADDRESS, OTHER]


def test_an_answer_may_take_longer_than_any_other_reply(server: MailServer, tmp_path: Path) -> None:
    server.faults[ADDRESS].append("slow:0.6")
    with smtp(server.port, tmp_path, reply_timeout=0.3, final_timeout=5.0).open() as session:
        assert session.send(message()).state == "accepted"


def test_after_an_answer_no_other_reply_is_waited_for_that_long(
    server: MailServer, tmp_path: Path
) -> None:
    with smtp(server.port, tmp_path, reply_timeout=0.3, final_timeout=5.0).open() as session:
        session.send(message())
        assert isinstance(session, SmtpSession)
        assert session._connection is not None
        assert session._connection.sock is not None
        assert session._connection.sock.gettimeout() == 0.3


def test_a_server_that_was_restarted_is_connected_anew(server: MailServer, tmp_path: Path) -> None:
    with smtp(server.port, tmp_path).open() as session:
        session.send(message())
        server.break_connections()
        assert session.send(message(OTHER, number=2)).state == "accepted"
    assert server.recipients == [ADDRESS, OTHER]
    assert server.connections == 2


def test_a_server_that_closes_idle_connections_is_connected_anew(
    server: MailServer, tmp_path: Path
) -> None:
    with smtp(server.port, tmp_path).open() as session:
        session.send(message())
        server.sender_faults.append("421 4.4.2 idle for too long")
        assert session.send(message(OTHER, number=2)).state == "accepted"
    assert server.connections == 2


@pytest.mark.parametrize("fault", ["550 5.7.1 unknown sender", "451 4.3.0 try later", "drop"])
def test_a_refused_sender_is_no_recipients_fault(
    server: MailServer, tmp_path: Path, fault: str
) -> None:
    server.sender_faults.extend([fault] * 2)
    with (
        smtp(server.port, tmp_path).open() as session,
        pytest.raises(UnavailableError, match=f"refuses mail from {SENDER}") as error,
    ):
        session.send(message())
    assert "drop" in fault or fault[:3] in error.value.message
    assert server.taken == []


def test_a_server_that_wants_a_login_first_is_no_recipients_fault(
    server: MailServer, tmp_path: Path
) -> None:
    server.faults[ADDRESS].append("rcpt:530 5.7.0 log in first")
    with (
        smtp(server.port, tmp_path).open() as session,
        pytest.raises(UnavailableError, match=r"530 5\.7\.0 log in first"),
    ):
        session.send(message())


def test_a_server_that_went_away_is_unavailable(tmp_path: Path) -> None:
    with ExitStack() as sessions:
        with MailServer() as server:
            session = sessions.enter_context(smtp(server.port, tmp_path).open())
            session.send(message())
        with pytest.raises(UnavailableError, match="cannot be reached: Connection refused"):
            session.send(message(OTHER, number=2))
        with MailServer(port=server.port) as again:
            assert session.send(message(OTHER, number=2)).state == "accepted"
    assert (server.recipients, again.recipients) == ([ADDRESS], [OTHER])


def test_a_connection_that_takes_no_more_bytes_is_renewed(
    server: MailServer, tmp_path: Path
) -> None:
    with smtp(server.port, tmp_path).open() as session:
        session.send(message())
        assert isinstance(session, SmtpSession)
        assert session._connection is not None
        assert session._connection.sock is not None
        session._connection.sock.shutdown(socket.SHUT_WR)
        assert session.send(message(OTHER, number=2)).state == "accepted"
    assert server.recipients == [ADDRESS, OTHER]


def test_a_message_that_does_not_fit_never_reaches_the_server(
    server: MailServer, tmp_path: Path
) -> None:
    with smtp(server.port, tmp_path).open() as session:
        with pytest.raises(InvalidDocumentError):
            session.send(message(f"{ADDRESS}\r\nDATA"))
        unfit = msgspec.structs.replace(message(), subject="a\r\nBcc: b@x.example")
        with pytest.raises(InvalidDocumentError):
            session.send(unfit)
        assert session.send(message()).state == "accepted"
    assert server.recipients == [ADDRESS]


@pytest.mark.parametrize(
    ("script", "state", "code"),
    [
        ((*HELLO, "250 to", "354 go", "354 what"), "unknown", 354),
        ((*HELLO, "250 to", "354 go", "no number at all"), "unknown", 0),
        ((*HELLO, "no number at all", "250 reset"), "refused-temporary", 0),
        ((*HELLO, "250 to", "250 why not", "250 reset"), "refused-temporary", 250),
    ],
)
def test_an_answer_that_means_nothing_proves_nothing(
    tmp_path: Path, script: tuple[str, ...], *, state: Told, code: int
) -> None:
    with ScriptedServer(script) as server:
        (receipt,) = sent(server, tmp_path)
    assert (receipt.state, receipt.code) == (state, code)


@pytest.mark.parametrize("reset", [(), ("500 what is RSET",)])
def test_a_connection_that_does_not_forget_a_refused_recipient_is_given_up(
    tmp_path: Path, reset: tuple[str, ...]
) -> None:
    first = (*HELLO, "550 no such user", *reset)
    with ScriptedServer(first, (*HELLO, "250 to", "354 go", "250 taken")) as server:
        receipts = sent(server, tmp_path, count=2)
    assert states(receipts) == ["refused-permanent", "accepted"]


def test_a_server_that_waits_for_the_content_of_nobodys_mail_gets_an_empty_one(
    tmp_path: Path,
) -> None:
    greeting = ("220 mail.test", "250-mail.test\r\n250 PIPELINING")
    refusing = (*greeting, "250 sender", "550 no such user", "354 go", "554 to whom", "250 reset")
    with ScriptedServer((*refusing, "250 sender", "250 to", "354 go", "250 taken")) as server:
        receipts = sent(server, tmp_path, count=2)
    assert states(receipts) == ["refused-permanent", "accepted"]


def test_each_message_names_its_own_way_back(server: MailServer, tmp_path: Path) -> None:
    tagged = msgspec.structs.replace(message(), bounce_tag="7.1.0a1b")
    with smtp(server.port, tmp_path, bounces="back@centre.example").open() as session:
        session.send(tagged)
        session.send(message(OTHER, number=2))
    assert [taken.sender for taken in server.taken] == [
        "back+7.1.0a1b@centre.example",
        "back@centre.example",
    ]


def test_a_message_bears_its_tag_only_where_there_is_an_address_for_bounces(
    server: MailServer, tmp_path: Path
) -> None:
    tagged = msgspec.structs.replace(message(), bounce_tag="7.1.0a1b")
    with smtp(server.port, tmp_path).open() as session:
        session.send(tagged)
    assert [taken.sender for taken in server.taken] == [SENDER]


@pytest.mark.parametrize("address", ["no address", "ba+ck@centre.example", f"{'b' * 21}@c.example"])
def test_a_way_back_that_takes_no_tag_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(InvalidDocumentError, match="'bounces' must be"):
        smtp(25, tmp_path, bounces=address)


def test_the_evidence_names_the_encryption(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path / "mail.pem", name="127.0.0.1")
    with MailServer(certificate=certificate, pipelining=True) as server:
        table = {"starttls": "required", "ca_file": str(certificate)}
        with smtp(server.port, tmp_path, **table).open() as session:
            receipts = [session.send(message()), session.send(message(OTHER, number=2))]
    assert [receipt.evidence and receipt.evidence.tls for receipt in receipts] == ["TLSv1.3"] * 2
    assert [taken.is_encrypted for taken in server.taken] == [True, True]
