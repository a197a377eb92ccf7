from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from ccir.channels.outbox_batches import finish, waiting
from ccir.channels.outbox_letters import FOLDER, Letter, keep, letter_of, path_of
from ccir.errors import UnavailableError
from ccir.sums import read_sums
from support.mail import SENT_AT, message


class Lines:
    """Makes a batch's letter ids into lines; is away as long as it is told to be."""

    prefix = "lines"
    limit = 2

    def __init__(self) -> None:
        self.away: set[str] = set()
        self.made: list[list[str]] = []

    def group(self, letter: Letter) -> str:
        return letter.language

    def make(self, letters: Sequence[Letter]) -> Mapping[str, bytes]:
        if self.away & {letter.language for letter in letters}:
            raise UnavailableError("the printer is away", hint="wait")
        self.made.append([letter.letter for letter in letters])
        return {".txt": "\n".join(self.made[-1]).encode()}


@pytest.fixture
def box(tmp_path: Path) -> Path:
    (tmp_path / FOLDER).mkdir()
    return tmp_path


def kept(box: Path, *numbers: int, language: str = "en", days: int = 0) -> None:
    for number in numbers:
        sent = message(number=number)
        at = SENT_AT.replace(day=SENT_AT.day + days)
        keep(box, letter_of(replace(sent, language=language, date=at)))


def names(box: Path, ending: str) -> list[str]:
    return sorted(path.name for path in box.glob(f"*{ending}"))


def test_each_letter_goes_into_one_batch_of_its_language_and_moment(box: Path) -> None:
    kept(box, 1, 2, 3)
    kept(box, 4, language="de-AT")
    kept(box, 5, days=1)
    maker = Lines()
    finish(box, maker)
    finish(box, maker)
    assert sorted(map(len, maker.made)) == [1, 1, 1, 2]
    assert len({each for batch in maker.made for each in batch}) == 5
    products = [name[:20] for name in names(box, ".txt")]
    assert products == [
        "lines-2026-03-01-de-",
        "lines-2026-03-01-en-",
        "lines-2026-03-01-en-",
        "lines-2026-03-02-en-",
    ]


def test_later_letters_make_a_batch_of_their_own_and_change_none(box: Path) -> None:
    maker = Lines()
    kept(box, 1)
    finish(box, maker)
    before = {path: path.read_bytes() for path in box.glob("*.*")}
    kept(box, 2)
    assert waiting(box) == 1
    finish(box, maker)
    assert waiting(box) == 0
    assert {path: path.read_bytes() for path in before} == before
    assert len(names(box, ".txt")) == 2


def test_the_lists_name_every_letter_and_product_with_its_digest(box: Path) -> None:
    kept(box, 1, 2)
    finish(box, Lines())
    for path in box.glob("*.sha256"):
        for name, digest in read_sums(path.read_bytes()).items():
            assert hashlib.sha256((box / name).read_bytes()).hexdigest() == digest
    assert len(names(box, ".sha256")) == 2


@pytest.mark.parametrize("lost", [".txt", ".sha256"])
def test_a_batch_that_a_crash_left_unfinished_is_made_of_the_same_letters(
    box: Path, lost: str
) -> None:
    kept(box, 1)
    finish(box, Lines())
    before = {path.name: path.read_bytes() for path in box.glob("*.*")}
    [done] = [name for name in names(box, ".sha256") if ".letters." not in name]
    (box / done).unlink()
    if lost == ".txt":
        (box / names(box, ".txt")[0]).unlink()
    kept(box, 2)
    maker = Lines()
    finish(box, maker)
    assert [len(batch) for batch in maker.made] == [1, 1]
    assert {name: (box / name).read_bytes() for name in before} == before


def test_a_batch_that_cannot_be_made_does_not_hold_up_the_others(box: Path) -> None:
    kept(box, 1)
    kept(box, 2, language="de")
    maker = Lines()
    maker.away = {"de"}
    with pytest.raises(UnavailableError, match="the printer is away"):
        finish(box, maker)
    assert len(names(box, ".txt")) == 1
    maker.away = set()
    finish(box, maker)
    assert len(names(box, ".txt")) == 2


def test_a_letter_that_was_changed_after_it_was_listed_is_not_printed(box: Path) -> None:
    kept(box, 1)
    maker = Lines()
    maker.away = {"en"}
    with pytest.raises(UnavailableError):
        finish(box, maker)
    [path] = (box / FOLDER).iterdir()
    path.write_bytes(path.read_bytes().replace(b"Grace", b"Graze"))
    maker.away = set()
    with pytest.raises(UnavailableError, match="is not the letter that its batch was listed with"):
        finish(box, maker)
    assert path == path_of(box, path.stem)
    path.unlink()
    with pytest.raises(UnavailableError, match="cannot be read"):
        finish(box, maker)
    assert maker.made == []


def test_an_outbox_without_letters_has_no_batch(tmp_path: Path) -> None:
    finish(tmp_path, Lines())
    assert [*tmp_path.iterdir()] == []
