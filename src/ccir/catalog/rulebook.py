"""Loads all files of rules quickly: those shipped come compiled, unless their file was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from ccir.catalog.sources import Source, Sources, shipped_folder
from ccir.domain.obligations import Obligations
from ccir.domain.rulebook import Rulebook

KIND: Final = "playbooks/obligations"
COMPILED: Final = Path("playbooks", "obligations", "compiled.json")
_ENCODER: Final = msgspec.json.Encoder(order="sorted")


class Compiled(msgspec.Struct, frozen=True, kw_only=True):
    """One file of rules, checked and compiled from the bytes of that SHA-256."""

    sha256: str
    book: Obligations


def load_books(sources: Sources) -> tuple[Obligations, ...]:
    """Return the rules of every file, the workspace's in the place of those shipped.

    Raises:
        DocumentError: a file has errors.
    """
    return tuple(book for _, book in books_with_sources(sources))


def books_with_sources(sources: Sources) -> Iterator[tuple[Source, Obligations]]:
    """Yield every file of rules with where it lies.

    Raises:
        DocumentError: a file has errors.
    """
    compiled = read_compiled(shipped_folder())
    for source in sources.list(KIND):
        yield source, _book(source, compiled)


def compile_books(sources: Sources) -> bytes:
    """Return the compiled file of the sources' rules."""
    from ccir.catalog.obligations import load_obligations

    found = {
        source.id: Compiled(sha256=_digest(source), book=load_obligations(source))
        for source in sources.list(KIND)
    }
    lines = (f"  {_text(name)}: {_text(each)}" for name, each in found.items())
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def read_compiled(folder: Path) -> dict[str, Compiled]:
    """Return the folder's compiled files by id; none where there is no compiled file."""
    path = folder / COMPILED
    if not path.is_file():
        return {}
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Compiled])


def canonical_rulebook(rulebook: Rulebook) -> bytes:
    """Return the rulebook as JSON whose bytes depend on its meaning alone."""
    return _ENCODER.encode(rulebook)


@lru_cache(maxsize=2)  # one command asks for its run's clocks several times
def decode_rulebook(octets: bytes) -> Rulebook:
    """Return the rulebook that the canonical bytes hold."""
    return msgspec.json.decode(octets, type=Rulebook)


def version_of(rulebook: Rulebook) -> str:
    """Return the highest version among the files of rules."""
    versions = (tuple(map(int, book.version.split("-")[0].split("."))) for book in rulebook.books)
    return ".".join(map(str, max(versions, default=(0, 0, 0))))


def _book(source: Source, compiled: dict[str, Compiled]) -> Obligations:
    known = compiled.get(source.id)
    if known is not None and source.origin == "shipped" and known.sha256 == _digest(source):
        return known.book
    from ccir.catalog.obligations import load_obligations  # YAML: only for what was changed

    return load_obligations(source)


def _digest(source: Source) -> str:
    return hashlib.sha256(source.read()).hexdigest()


def _text(value: object) -> str:
    return _ENCODER.encode(value).decode()
