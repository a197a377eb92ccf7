from __future__ import annotations

from contextlib import ExitStack, suppress
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from ccir.channels.interface import NO_DOMAIN, Channel, configure
from ccir.channels.outbox_files import INDEX
from ccir.errors import InvalidDocumentError, UnavailableError
from support.mail import ADDRESS, POSTAL, SENDER, ChannelBench, message, surroundings


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


@pytest.fixture
def member_print(tmp_path: Path) -> ChannelBench:
    return paper_bench(tmp_path, "print")


@pytest.fixture
def member_letters(tmp_path: Path) -> ChannelBench:
    return paper_bench(tmp_path, "letters")


def paper_bench(folder: Path, form: str) -> ChannelBench:
    (folder / "file").touch()
    return ChannelBench(
        kind="outbox",
        table={"folder": "outbox", "form": form},
        away={"folder": "file/outbox", "form": form},
        surroundings=surroundings(folder),
        received=folder / "outbox" / "letters",
        pattern="*.json",
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


PAPER = ("print", "letters")


@pytest.mark.parametrize("form", PAPER)
def test_paper_is_told_to_the_sender_of_the_notice(tmp_path: Path, form: str) -> None:
    traits = outbox(tmp_path, form=form).traits
    assert (traits.form, traits.is_batched) == ("letter", True)
    traits = outbox(tmp_path).traits
    assert (traits.form, traits.is_batched) == ("mail", False)


@pytest.mark.parametrize(
    ("postal", "reason"),
    [
        ((), "no postal address: street, postal_code and city, or address_1 to address_6"),
        (("x",) * 7, "the postal address has more than 6 lines of 60 characters"),
        (("x" * 61, "y"), "the postal address has more than 6 lines of 60 characters"),
        (("Ann\u202e", "y"), "a control character in the postal address"),
    ],
)
def test_nobody_gets_a_letter_that_would_not_arrive(
    tmp_path: Path, postal: tuple[str, ...], reason: str
) -> None:
    for form in PAPER:
        with outbox(tmp_path, form=form).open() as session:
            receipt = session.send(message(postal=postal))
        assert (receipt.state, receipt.reply) == ("refused-permanent", reason)
    assert [path.name for path in (tmp_path / "outbox").iterdir()] == ["letters"]


def test_a_letter_whose_characters_no_font_has_is_refused(tmp_path: Path) -> None:
    with outbox(tmp_path, form="letters").open() as session:
        receipt = session.send(message(text="a \u6f22", postal=POSTAL))
        again = session.send(message(text="b \u6f22", number=2))
        fit = session.send(message(number=3))
    assert receipt.reply == again.reply == "no font has the letter's U+6F22"
    assert (receipt.state, fit.state) == ("refused-permanent", "accepted")


@pytest.mark.parametrize("form", PAPER)
def test_letters_and_what_is_made_of_them_are_private_and_the_same_each_time(
    tmp_path: Path, form: str
) -> None:
    for folder in ("a", "b"):
        with outbox(tmp_path, folder, form=form).open() as session:
            for number in (1, 2):
                assert session.send(message(number=number)).state == "accepted"
    made = {
        folder: {
            path.relative_to(tmp_path / folder): path.read_bytes()
            for path in (tmp_path / folder).rglob("*")
            if path.is_file()
        }
        for folder in ("a", "b")
    }
    assert made["a"] == made["b"]
    assert len(made["a"]) == (6 if form == "print" else 5)
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "a").rglob("*.*")}
    assert modes == {0o600}


def test_letters_wait_when_the_sending_broke_off_and_the_next_opening_makes_their_batch(
    tmp_path: Path,
) -> None:
    channel = outbox(tmp_path, form="letters")
    _interrupted(channel)
    assert channel.probe().detail.endswith("; 1 letters wait for their batch: repeat the sending")
    with channel.open():
        pass
    assert channel.probe().detail.endswith("can be written")
    [pdf] = (tmp_path / "outbox").glob("*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF-1.7")


def _interrupted(channel: Channel) -> None:
    """Send one letter and be stopped before the session ends."""
    with suppress(KeyboardInterrupt), channel.open() as session:
        session.send(message())
        raise KeyboardInterrupt


def test_a_folder_that_cannot_be_written_keeps_no_letter(tmp_path: Path) -> None:
    with ExitStack() as sessions:
        session = sessions.enter_context(outbox(tmp_path, form="print").open())
        (tmp_path / "outbox" / "letters").rmdir()
        with pytest.raises(UnavailableError, match="cannot be written: No such file"):
            session.send(message())


def test_a_batch_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with ExitStack() as sessions:
        session = sessions.enter_context(outbox(tmp_path, form="print").open())
        session.send(message())
        _obstruct(tmp_path / "outbox")
        with pytest.raises(UnavailableError, match="cannot be written"):
            sessions.close()


def _obstruct(folder: Path) -> None:
    """Put folders where the drafts of every possible batch would be written."""
    with outbox(folder.parent, "other", form="print").open() as session:
        session.send(message())
    for path in (folder.parent / "other").glob("print-*"):
        (folder / f".{path.name}.new").mkdir()


def test_fonts_are_looked_for_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    channel = outbox(tmp_path, form="letters", fonts="fonts")
    result = channel.probe()
    assert (result.verdict, result.reason) == ("error", "unavailable")
    assert result.detail == f"there is no font in {tmp_path / 'fonts'}"
    with ExitStack() as sessions, pytest.raises(UnavailableError):
        sessions.enter_context(channel.open())


@pytest.mark.parametrize("timezone", ["Europe/Nowhere", "../x", "", "Europe"])
def test_an_unknown_time_zone_is_refused(tmp_path: Path, timezone: str) -> None:
    with pytest.raises(InvalidDocumentError, match="there is no time zone"):
        outbox(tmp_path, form="letters", timezone=timezone)
