"""Makes batches of the letters that an outbox keeps: each letter into one batch, and only one.

1. First the batch's list is written: the SHA-256 of each of its letters, in their order. From then
   on no other batch takes these letters.
2. Then its products (a PDF, a table) are made from the letters, and last their own list of
   SHA-256. A batch without that is made once more: the same letters give the same bytes.
3. A batch holds letters of one notice's version (its moment) only, and no more than can be set
   in bounded memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from ccir.channels.outbox_files import write_whole
from ccir.channels.outbox_letters import FOLDER, Letter, read_letter
from ccir.errors import UnavailableError
from ccir.sums import read_sums, write_line

_LIST: Final = ".letters.sha256"
_DONE: Final = ".sha256"
_NAME_DIGITS: Final = 8


class Maker(Protocol):
    """Makes what is given to a printer out of the letters of a batch."""

    @property
    def prefix(self) -> str:
        """Return what the names of its products begin with."""
        ...

    @property
    def limit(self) -> int:
        """Return how many letters a batch may have."""
        ...

    def group(self, letter: Letter) -> str:
        """Return what letters of one batch have in common; it stands in the batch's name."""
        ...

    def make(self, letters: Sequence[Letter]) -> Mapping[str, bytes]:
        """Return the batch's products, each by the end of its name.

        Raises:
            UnavailableError: they cannot be made at present.
        """
        ...


def finish(folder: Path, maker: Maker) -> None:
    """Make every batch that is not made yet, of all letters that wait.

    Raises:
        UnavailableError: one cannot be made; the others are made all the same.
        OSError: the folder cannot be written.
    """
    faults: list[UnavailableError] = []
    for name, listed in _open(folder, maker):
        try:
            _make(folder, maker, name=name, listed=listed)
        except UnavailableError as error:
            faults.append(error)
    if faults:
        raise faults[0]


def waiting(folder: Path) -> int:
    """Return how many letters are in no batch yet."""
    return len(_kept(folder) - _listed(folder))


def _open(folder: Path, maker: Maker) -> Iterator[tuple[str, dict[str, str]]]:
    for path in sorted(folder.glob(f"{maker.prefix}-*{_LIST}")):
        name = path.name.removesuffix(_LIST)
        if not (folder / f"{name}{_DONE}").exists():
            yield name, read_sums(path.read_bytes())
    yield from _new(folder, maker)


def _new(folder: Path, maker: Maker) -> Iterator[tuple[str, dict[str, str]]]:
    """Write the lists of new batches and yield them, so that few letters are in memory at once."""
    groups: dict[tuple[str, str], dict[str, str]] = {}
    for name in sorted(_kept(folder) - _listed(folder)):
        letter, digest = read_letter(folder, name)
        key = (letter.date, maker.group(letter))
        group = groups.setdefault(key, {})
        group[f"{FOLDER}/{name}.json"] = digest
        if len(group) == maker.limit:
            yield _claimed(folder, maker, group=key, listed=groups.pop(key))
    for key in sorted(groups):
        yield _claimed(folder, maker, group=key, listed=groups[key])


def _claimed(
    folder: Path, maker: Maker, *, group: tuple[str, str], listed: dict[str, str]
) -> tuple[str, dict[str, str]]:
    content = b"".join(write_line(path, sha256=digest) for path, digest in listed.items())
    number = hashlib.sha256(content).hexdigest()[:_NAME_DIGITS]
    day, shared = group[0][:10], group[1]
    name = "-".join(filter(None, (maker.prefix, day, shared, number)))
    write_whole(folder / f"{name}{_LIST}", content)
    return name, listed


def _make(folder: Path, maker: Maker, *, name: str, listed: Mapping[str, str]) -> None:
    letters = [_unchanged(folder, path, digest) for path, digest in listed.items()]
    sums = b""
    for ending, content in maker.make(letters).items():
        write_whole(folder / f"{name}{ending}", content)
        sums += write_line(f"{name}{ending}", sha256=hashlib.sha256(content).hexdigest())
    write_whole(folder / f"{name}{_DONE}", sums)


def _unchanged(folder: Path, path: str, digest: str) -> Letter:
    letter, found = read_letter(folder, Path(path).stem)
    if found != digest:
        raise UnavailableError(
            f"{path} is not the letter that its batch was listed with",
            hint="bring the old file back; the batch is made then",
        )
    return letter


def _kept(folder: Path) -> set[str]:
    return {path.stem for path in (folder / FOLDER).glob("*.json")}


def _listed(folder: Path) -> set[str]:
    lists = (read_sums(path.read_bytes()) for path in folder.glob(f"*{_LIST}"))
    return {Path(each).stem for found in lists for each in found}
