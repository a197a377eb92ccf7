from __future__ import annotations

from contextlib import ExitStack
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from ccir.channels.interface import NO_DOMAIN, Channel, configure
from ccir.channels.outbox_files import INDEX
from ccir.errors import InvalidDocumentError, UnavailableError
from support.mail import ADDRESS, SENDER, ChannelBench, message, surroundings


@pytest.fixture
def member(tmp_path: Path) -> ChannelBench:
    (tmp_path / "file").touch()
    return ChannelBench(
        kind="outbox",
        table={"folder": "outbox"},
        away={"folder": "file/outbox"},
        surroundings=surroundings(tmp_path),
        received=tmp_path / "outbox",
    )


def outbox(workspace: Path, folder: str = "outbox", **settings: object) -> Channel:
    table = {"kind": "outbox", "folder": folder, **settings}
    return configure("files", table, surroundings(workspace))


def test_each_message_is_a_private_file_and_the_folder_is_private(tmp_path: Path) -> None:
    with outbox(tmp_path, "a/b", **{"from": SENDER}).open() as session:
        receipts = [session.send(message(number=number)) for number in range(3)]
    folder = tmp_path / "a" / "b"
    mails = sorted(folder.glob("*.eml"))
    assert sorted(receipt.reply for receipt in receipts) == [f"written to {m.name}" for m in mails]
    assert len(mails) == 3
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    mail = message_from_bytes(mails[0].read_bytes(), policy=default)
    assert (mail["From"], mail["To"]) == (SENDER, ADDRESS)
    assert len((folder / INDEX).read_text().splitlines()) == 4


def test_no_file_name_shows_an_address(tmp_path: Path) -> None:
    with outbox(tmp_path).open() as session:
        receipt = session.send(message())
    names = " ".join(path.name for path in (tmp_path / "outbox").iterdir())
    assert "grace" not in names + receipt.reply


def test_the_same_message_again_is_accepted_and_there_once(tmp_path: Path) -> None:
    for _ in range(2):
        with outbox(tmp_path).open() as session:
            assert session.send(message()).state == "accepted"
    assert len([*(tmp_path / "outbox").glob("*.eml")]) == 1


def test_another_message_of_the_same_id_overwrites_nothing(tmp_path: Path) -> None:
    with outbox(tmp_path).open() as session:
        session.send(message(text="first"))
        receipt = session.send(message(text="second"))
    (path,) = (tmp_path / "outbox").glob("*.eml")
    assert (receipt.state, receipt.retryable) == ("refused-permanent", False)
    assert receipt.reply == f"{path.name} holds another message"
    assert b"first" in path.read_bytes()


def test_the_index_lists_what_was_written_though_a_message_was_refused(tmp_path: Path) -> None:
    with outbox(tmp_path).open() as session:
        session.send(message())
        with pytest.raises(InvalidDocumentError):
            session.send(message(subject="a\nb"))
    assert len((tmp_path / "outbox" / INDEX).read_text().splitlines()) == 2


def test_a_folder_that_vanishes_is_unavailable(tmp_path: Path) -> None:
    with ExitStack() as sessions:
        session = sessions.enter_context(outbox(tmp_path).open())
        (tmp_path / "outbox").rmdir()
        with pytest.raises(UnavailableError, match="cannot be written: No such file"):
            session.send(message())
        with pytest.raises(UnavailableError, match="cannot be written: No such file"):
            sessions.close()


def test_a_probe_makes_nothing(tmp_path: Path) -> None:
    result = outbox(tmp_path, "a/b").probe()
    assert (result.verdict, result.detail) == ("pass", f"{tmp_path / 'a/b'} can be written")
    assert [*tmp_path.iterdir()] == []


def test_an_unfit_sender_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocumentError, match="'from' must be one plain mail address"):
        outbox(tmp_path, **{"from": "nobody"})


def test_its_message_ids_belong_to_the_sender_or_to_nobody(tmp_path: Path) -> None:
    assert outbox(tmp_path).traits.domain == NO_DOMAIN
    assert outbox(tmp_path, **{"from": "a@CENTRE.example"}).traits.domain == "centre.example"
