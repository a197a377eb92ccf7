from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from ccir.channels.outbox_letters import (
    FOLDER,
    keep,
    letter_of,
    misaddressed,
    path_of,
    read_letter,
)
from ccir.errors import InvalidDocumentError, UnavailableError
from support.mail import POSTAL, message


def test_a_letter_says_what_its_message_says_and_has_an_id_without_the_address(
    tmp_path: Path,
) -> None:
    letter = letter_of(message(html="<p>x</p>"))
    assert (letter.postal, letter.subject, letter.text) == (POSTAL, "Your data", "We lost it.\n")
    assert (letter.date, letter.language) == ("2026-03-01T08:00:00+00:00", "en")
    (tmp_path / FOLDER).mkdir()
    receipt = keep(tmp_path, letter)
    assert receipt.reply == f"kept as letters/{letter.letter}.json for the next batch"
    assert read_letter(tmp_path, letter.letter)[0] == letter


def test_the_same_letter_again_is_there_once_and_another_of_its_id_is_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / FOLDER).mkdir()
    states = [keep(tmp_path, letter_of(message(text=text))).state for text in ("a", "a", "b")]
    assert states == ["accepted", "accepted", "refused-permanent"]
    [path] = (tmp_path / FOLDER).iterdir()
    assert b'"a"' in path.read_bytes()


@pytest.mark.parametrize("language", ["english", "de-at", "e", "de-AT-x"])
def test_a_language_that_no_letter_can_be_set_in_is_refused(language: str) -> None:
    with pytest.raises(InvalidDocumentError, match="no letter can be set in"):
        letter_of(replace(message(), language=language))


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    with pytest.raises(InvalidDocumentError, match="half a character"):
        keep(tmp_path, letter_of(message(text="\ud800")))


def test_an_address_within_its_bounds_is_fit() -> None:
    assert misaddressed(letter_of(message(postal=("x" * 60,) * 6))) == ""


def test_a_letter_that_is_gone_or_none_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    with pytest.raises(UnavailableError, match=r"letters/abc\.json cannot be read"):
        read_letter(tmp_path, "abc")
    path_of(tmp_path, "abc").write_text("{}", encoding="utf-8")
    with pytest.raises(UnavailableError, match="cannot be read"):
        read_letter(tmp_path, "abc")
