from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.delivery.bounce_mails import LIMIT_MAIL_BYTES, mails_in
from ccir.errors import InvalidDocumentError, NotFoundError
from support.bounces import maildir, mbox
from support.unprivileged import open_folder, without_privileges

ONE, TWO = b"Subject: one\n\nfirst\n", b"Subject: two\n\nsecond\n"


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_maildir_is_read_where_mail_is_new_and_where_it_was_seen(tmp_path: Path) -> None:
    box = maildir(tmp_path / "box", ONE, TWO)
    (box / "tmp" / "3.host").write_bytes(b"not delivered yet")
    (box / "cur" / ".hidden").write_bytes(b"of a mail program")
    (box / "cur" / "folder").mkdir()
    assert [*mails_in(box)] == [ONE, TWO]


def test_half_a_maildir_is_read(tmp_path: Path) -> None:
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1").write_bytes(ONE)
    assert [*mails_in(tmp_path)] == [ONE]


def test_an_mbox_is_read_and_a_from_within_a_mail_is_none(tmp_path: Path) -> None:
    body = b"Subject: one\n\ntext\nFrom here on\n\n>From there\n"
    box = mbox(tmp_path / "box", body, TWO)
    assert [*mails_in(box)] == [body + b"\n", TWO + b"\n"]


def test_an_empty_mbox_holds_nothing(tmp_path: Path) -> None:
    assert [*mails_in(mbox(tmp_path / "box"))] == []


def test_a_folder_of_eml_files_is_read_in_order_and_nothing_else_in_it(tmp_path: Path) -> None:
    for name, content in (("b.eml", TWO), ("a.eml", ONE), ("notes.txt", b"mine")):
        (tmp_path / name).write_bytes(content)
    assert [*mails_in(tmp_path)] == [ONE, TWO]


@pytest.mark.parametrize("kind", ["maildir", "mbox", "eml"])
def test_a_mailbox_stays_as_it_is_as_in_listmonk_1334_it_did_not(tmp_path: Path, kind: str) -> None:
    """knadh/listmonk#1334: reading a mailbox deleted unrelated mail in it."""
    box = tmp_path / "box"
    if kind == "maildir":
        maildir(box, ONE, TWO)
    elif kind == "mbox":
        mbox(box, ONE, TWO)
    else:
        box.mkdir()
        (box / "1.eml").write_bytes(ONE)
    before = everything(tmp_path)
    assert [*mails_in(box)]
    assert everything(tmp_path) == before


def test_of_a_long_mail_the_beginning_is_read(tmp_path: Path) -> None:
    long = b"Subject: long\n\n" + b"x" * (2 * LIMIT_MAIL_BYTES) + b"\n"
    lines = b"Subject: long\n\n" + b"0123456789\n" * (LIMIT_MAIL_BYTES // 5)
    for mail in (long, lines):
        first, second = mails_in(mbox(tmp_path / "box", mail, TWO))
        assert first == mail[:LIMIT_MAIL_BYTES]
        assert second == TWO + b"\n"
        assert [*mails_in(maildir(tmp_path / "dir", mail))] == [mail[:LIMIT_MAIL_BYTES]]


def test_what_is_no_plain_file_is_passed_over(tmp_path: Path) -> None:
    box = maildir(tmp_path / "box", ONE)
    os.mkfifo(box / "new" / "2.pipe")
    (tmp_path / "secret").write_bytes(b"not a mail")
    (box / "new" / "3.link").symlink_to(tmp_path / "secret")
    (box / "new" / "4.gone").symlink_to(tmp_path / "gone")
    assert [*mails_in(box)] == [ONE]


def test_a_mail_that_a_program_moves_meanwhile_is_passed_over(tmp_path: Path) -> None:
    box = maildir(tmp_path / "box", ONE, b"", TWO)
    reading = mails_in(box)
    assert next(reading) == ONE
    (box / "new" / "2.host").unlink()
    assert [*reading] == [b""]


def test_what_is_no_mailbox_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"mine")
    with pytest.raises(InvalidDocumentError, match="does not begin with 'From '"):
        [*mails_in(tmp_path / "notes.txt")]
    with pytest.raises(InvalidDocumentError, match=r"is no maildir and holds no \.eml file"):
        [*mails_in(tmp_path)]
    with pytest.raises(NotFoundError, match="cannot be read: No such file"):
        [*mails_in(tmp_path / "gone")]


def test_a_mailbox_of_somebody_else_is_said() -> None:
    with open_folder() as folder:
        box = maildir(folder / "box", ONE)
        shut = maildir(folder / "shut", ONE)
        with without_privileges(folder):
            (box / "new" / "0.host").chmod(0)
            (shut / "new").chmod(0)
            for each in (box, shut):
                with pytest.raises(NotFoundError, match="cannot be read: Permission denied"):
                    [*mails_in(each)]
            (shut / "new").chmod(0o700)


@given(content=st.binary(max_size=300))
def test_any_file_is_an_mbox_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    for octets in (content, b"From me\n" + content):
        path.write_bytes(octets)
        with suppress(InvalidDocumentError):
            assert sum(map(len, mails_in(path))) <= len(octets)
