"""What files must be, made from the bytes that they are."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from ccir.backup.held_interface import Chunk, FileContent
from ccir.drilling.expected import Expected, Listed


def content(path: str, octets: bytes, *, pieces: int = 1) -> FileContent:
    """Return the content of a file that is cut into so many pieces, none where it is empty."""
    length = max(1, -(-len(octets) // pieces))
    stretches = [octets[at : at + length] for at in range(0, len(octets), length)]
    chunks = tuple(Chunk(length=len(each), sha256=sha256(each).digest()) for each in stretches)
    return FileContent(path=path, size=len(octets), chunks=chunks)


def listed(files: Mapping[str, bytes], *, key: bytes = b"", pieces: int = 1) -> Expected:
    """Return the list of these files."""
    taken = Listed(key)
    for path, octets in files.items():
        taken.take(content(path, octets, pieces=pieces))
    return taken.whole()


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files below the folder."""
    for path, octets in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(octets)
