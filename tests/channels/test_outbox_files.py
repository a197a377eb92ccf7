from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ccir.channels.mime import Letterhead, assemble
from ccir.channels.outbox_files import INDEX, write_index, write_once, write_whole
from support.mail import ADDRESS, SENDER, message


def index(folder: Path) -> list[dict[str, str]]:
    with (folder / INDEX).open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


def mail(folder: Path, name: str, *, subject: str = "Your data") -> Path:
    path = folder / name
    write_whole(path, assemble(message(subject=subject), Letterhead(sender=SENDER)))
    return path


def test_a_file_is_private_and_leaves_no_draft(tmp_path: Path) -> None:
    assert write_once(tmp_path / "a.eml", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["a.eml"]
    assert (tmp_path / "a.eml").stat().st_mode & 0o777 == 0o600


def test_the_same_content_again_writes_nothing_and_other_content_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    write_once(path, b"content")
    before = path.stat().st_ino
    assert write_once(path, b"content")
    assert not write_once(path, b"other")
    assert (path.read_bytes(), path.stat().st_ino) == (b"content", before)


def test_what_a_crash_left_half_written_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / ".a.eml.new").write_bytes(b"half a conte")
    write_once(tmp_path / "a.eml", b"content")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"content"]


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    (tmp_path / ".a.eml.new").symlink_to(precious)
    with pytest.raises(OSError, match="symbolic links"):
        write_once(tmp_path / "a.eml", b"content")
    assert precious.read_text() == "mine"


def test_the_index_lists_every_mail_by_its_headers(tmp_path: Path) -> None:
    mail(tmp_path, "b.eml", subject="Grüße, „alle“ und " + "lange " * 30)
    mail(tmp_path, "a.eml")
    (tmp_path / "notes.txt").write_text("no mail")
    write_index(tmp_path)
    first, second = index(tmp_path)
    assert first == {
        "file": "a.eml",
        "to": ADDRESS,
        "subject": "Your data",
        "language": "en",
        "date": "Sun, 01 Mar 2026 08:00:00 +0000",
        "message_id": "ccir.1@centre.example",
    }
    assert second["subject"].startswith("Grüße, „alle“ und lange lange")
    assert (tmp_path / INDEX).stat().st_mode & 0o777 == 0o600


def test_a_later_index_keeps_what_is_listed_and_adds_the_rest(tmp_path: Path) -> None:
    mail(tmp_path, "a.eml", subject="first")
    write_index(tmp_path)
    mail(tmp_path, "a.eml", subject="changed, but listed already")
    mail(tmp_path, "b.eml", subject="second")
    write_index(tmp_path)
    assert [row["subject"] for row in index(tmp_path)] == ["first", "second"]


@pytest.mark.parametrize("subject", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_spreadsheet_computes_no_subject(tmp_path: Path, subject: str) -> None:
    mail(tmp_path, "a.eml", subject=subject)
    write_index(tmp_path)
    assert index(tmp_path)[0]["subject"] == f"'{subject}"
