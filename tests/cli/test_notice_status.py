from __future__ import annotations

import io
import os
import select
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from support.centre import write_list
from support.cli import Answer, Cli
from support.doubtful import DECIDE, RESOLVE, address, sent_in_doubt
from support.mail_server import MailServer

STATUS = ("notice", "status", "customers")


def asked(cli: Cli, monkeypatch: pytest.MonkeyPatch, words: str, **more: int) -> Answer:
    """The answer about an address that is typed into stdin."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{words}\n"))
    return cli(*STATUS, "--address", "-", "--json", **more)


@pytest.fixture
def sent(mailing: Cli, mail: MailServer) -> Cli:
    """A notice of four: taken, in doubt, refused, taken."""
    mail.faults[address(2)].append("rcpt:550 5.1.1 no such user")
    sent_in_doubt(mailing, mail, doubtful=(1,))
    return mailing


def test_a_person_is_found_by_her_address_in_any_spelling(
    sent: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = asked(sent, monkeypatch, f"  {address(0).upper()} ").json
    assert (found["recipient"], found["answer"]) == ("A***0@e***.net", "told")
    [standing] = found["standings"]
    assert (standing["version"], standing["state"], standing["basis"]) == (1, "accepted", "answer")
    assert standing["code"] == 250
    assert len(standing["sha256"]) == 64
    assert standing["relay"].startswith("127.0.0.1:")
    assert standing["sent_at"].startswith("2026-01-02T08:00:00")


def test_the_exit_status_says_whether_she_was_told(
    sent: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {
        number: asked(sent, monkeypatch, address(number), status=status).json["answer"]
        for number, status in ((0, 0), (1, 1), (2, 1), (9, 6))
    }
    assert answers == {0: "told", 1: "in-doubt", 2: "not-told", 9: "not-listed"}
    sent(*RESOLVE, "--row", "2", *DECIDE, "told")
    assert asked(sent, monkeypatch, address(1)).json["answer"] == "told"


def test_before_the_first_sending_the_list_is_asked(
    mailing: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_list(mailing.folder, name="affected", count=2)
    mailing("notice", "preview", "customers", "--recipients", path)
    found = asked(mailing, monkeypatch, address(1), status=1).json
    assert found["standings"][0]["state"] == "planned"
    assert asked(mailing, monkeypatch, address(7), status=6).json["standings"] == []


def test_a_list_that_was_erased_before_anybody_was_told_has_nobody(
    mailing: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_list(mailing.folder, name="affected", count=2)
    mailing("notice", "preview", "customers", "--recipients", path)
    people = mailing.folder / ".ccir" / "people.db"
    with closing(sqlite3.connect(people)) as connection, connection:
        for table in ("recipients", "blocks", "lists"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the three words above
    assert asked(mailing, monkeypatch, address(1), status=6).json["answer"] == "not-listed"


def test_a_room_is_asked_for_by_its_channels_name(
    mailing: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(mailing, monkeypatch, "mail", status=6).json["answer"] == "not-listed"


def test_every_version_that_has_her_is_shown(sent: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_list(sent.folder, name="affected", count=4)
    sent("notice", "preview", "customers", "--recipients", path)
    found = asked(sent, monkeypatch, address(2), status=1).json["standings"]
    assert [(each["version"], each["state"]) for each in found] == [
        (1, "refused-permanent"),
        (2, "planned"),
    ]


def test_a_file_may_hold_the_address_and_nothing_shows_it(sent: Cli) -> None:
    path = sent.folder / "who"
    path.write_text(f"{address(0)}\n", encoding="utf-8")
    before = sent.json("log")["events"]
    answer = sent(*STATUS, "--address-file", path)
    assert "a***0@e***.net was told by 'customers'" in answer.out
    assert "Message-ID ccir." in answer.out
    assert "without TLS" in answer.out
    assert "affected0" not in answer.out + answer.err
    assert sent.json("log")["events"] == before
    doubtful = sent(*STATUS, "--address-file", _with(path, address(1)), status=1).out
    assert "may or may not have been told" in doubtful
    unlisted = sent(*STATUS, "--address-file", _with(path, address(9)), status=6).out
    assert unlisted == "a***9@e***.net is on no list of 'customers'\n"
    assert "cannot be read" in sent(*STATUS, "--address-file", "gone", status=6).err


def _with(path: Path, words: str) -> Path:
    path.write_text(words, encoding="utf-8")
    return path


def test_an_address_among_the_commands_words_is_refused_and_not_repeated(sent: Cli) -> None:
    refused = sent(*STATUS, "--address", address(0), status=2)
    assert "can be read by everybody" in refused.err
    assert address(0) not in refused.err
    both = sent(*STATUS, "--address", "-", "--address-file", "x", status=2)
    assert "exclude each other" in both.err


def test_what_is_no_address_is_refused_and_not_repeated(
    mailing: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in ("", "nobody", "a@b@c.org", "ä@example.net", "x" * 5_000):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{words}\n"))
        refused = mailing(*STATUS, "--address", "-", status=2)
        assert "no address that a list could hold" in refused.err
        assert not words or words not in refused.err


def test_a_terminal_does_not_show_what_is_typed(sent: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard, terminal = os.openpty()
    with os.fdopen(terminal, "r", encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", _Typed(stdin.fileno(), stdin, keyboard))
        answer = sent(*STATUS, "--address", "-")
        shown, _, _ = select.select([keyboard], [], [], 0)
    os.close(keyboard)
    assert "address (not shown): " in answer.err
    assert shown == [], "nothing came back to the screen"


class _Typed:
    """A terminal on which the address is typed once it is asked for."""

    def __init__(self, descriptor: int, stream: io.TextIOWrapper, keyboard: int) -> None:
        self._descriptor = descriptor
        self._stream = stream
        self._keyboard = keyboard

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def readline(self, limit: int) -> str:
        os.write(self._keyboard, f"{address(0)}\n".encode())
        return self._stream.readline(limit)
