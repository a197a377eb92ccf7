from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from ccir.channels.interface import NO_DOMAIN, Channel, configure
from ccir.channels.mime import LIMIT_SUBJECT
from ccir.errors import InvalidDocumentError
from support.mail import ADDRESS, ChannelBench, message, surroundings
from support.mail_server import MailServer


@pytest.fixture
def member(tmp_path: Path) -> ChannelBench:
    (tmp_path / "file").touch()
    return ChannelBench(
        kind="rehearsal",
        table={"folder": "rehearsed"},
        away={"folder": "file/rehearsed"},
        surroundings=surroundings(tmp_path),
        received=tmp_path / "rehearsed",
    )


def rehearsal(workspace: Path, **settings: object) -> Channel:
    table = {"kind": "rehearsal", "folder": "rehearsed", **settings}
    return configure("mail", table, surroundings(workspace))


def written(workspace: Path) -> EmailMessage:
    (path,) = (workspace / "rehearsed").glob("*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_a_message_is_marked_written_and_reaches_nobody(tmp_path: Path) -> None:
    with MailServer() as server:
        with rehearsal(tmp_path).open() as session:
            receipt = session.send(message())
        assert (server.connections, server.taken) == (0, [])
    assert receipt.state == "accepted"
    assert receipt.reply.startswith("rehearsed, reached nobody: written to ")
    mail = written(tmp_path)
    assert mail["Subject"] == "[EXERCISE] Your data"
    assert mail["To"] == ADDRESS


def test_a_long_subject_keeps_its_mark(tmp_path: Path) -> None:
    with rehearsal(tmp_path, mark="DRILL").open() as session:
        session.send(message(subject="x" * LIMIT_SUBJECT))
    subject = written(tmp_path)["Subject"]
    assert subject.startswith("[DRILL] xxx")
    assert len(subject) == LIMIT_SUBJECT


def test_it_has_the_traits_of_the_channel_it_stands_for(tmp_path: Path) -> None:
    traits = rehearsal(tmp_path, personal=False, domain="centre.example").traits
    assert (traits.personal, traits.domain, traits.per_second) == (False, "centre.example", None)


def test_a_room_without_an_address_is_rehearsed_too(tmp_path: Path) -> None:
    with rehearsal(tmp_path, personal=False).open() as session:
        assert session.send(message(to="")).state == "accepted"
    assert written(tmp_path)["To"] == f"room@{NO_DOMAIN}"


@pytest.mark.parametrize("mark", ["", "x" * 41, 7])
def test_an_unfit_mark_is_refused(tmp_path: Path, mark: object) -> None:
    with pytest.raises(InvalidDocumentError, match="mark"):
        rehearsal(tmp_path, mark=mark)
