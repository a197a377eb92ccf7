"""What the files of a snapshot must be, kept small: no names, 76 bytes for a file of one chunk.

A file is known by a keyed digest of its path, so that what is kept between drills tells nobody
what customers' files are called. Memory does not grow with what is compared: the list is mapped
from a file, or held once.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec

from ccir.backup.held_interface import Chunk, FileContent

_MAGIC = b"ccir-expected-1\n"
_HEADER = struct.Struct("<16sQQ")  # magic, files, bytes
_RECORD = struct.Struct("<16sQQQ")  # path, size, number of the first chunk, chunks
_CHUNK = struct.Struct("<Q32s")  # length, SHA-256
_PATH_BYTES = 16
_SEAL_BYTES = 32
_PRIVATE = 0o600
_REPLACEMENT = "\ufffd"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One file that must be there: its number in the list, its size and its chunks."""

    number: int
    size: int
    chunks: tuple[Chunk, ...]

    @property
    def digest(self) -> bytes:
        """Return what stands for the file's bytes, the same wherever it lies."""
        octets = b"".join(each.sha256 for each in self.chunks)
        return blake2b(octets, digest_size=_PATH_BYTES).digest()


class Listed:
    """Takes files one by one and then gives the list of them all."""

    def __init__(self, key: bytes = b"") -> None:
        self._key = key
        self._records: list[bytes] = []
        self._chunks = bytearray()
        self._bytes = 0

    def take(self, content: FileContent) -> None:
        """Take one file."""
        first = len(self._chunks) // _CHUNK.size
        record = path_digest(content.path, self._key), content.size, first, len(content.chunks)
        self._records.append(_RECORD.pack(*record))
        self._bytes += content.size
        for each in content.chunks:
            self._chunks += _CHUNK.pack(each.length, each.sha256)

    def whole(self) -> Expected:
        """Return the list."""
        self._records.sort()
        header = _HEADER.pack(_MAGIC, len(self._records), self._bytes)
        return Expected(b"".join((header, *self._records, self._chunks)), key=self._key)


class Expected:
    """The files that must be there, found by their path."""

    def __init__(self, octets: bytes | mmap.mmap, *, key: bytes) -> None:
        magic, files, size = _HEADER.unpack_from(octets)
        self.files: int = files
        self.bytes: int = size
        self._chunks_at = _HEADER.size + self.files * _RECORD.size
        if magic != _MAGIC or len(octets) < self._chunks_at:
            raise ValueError("no list of expected files")
        self._octets = octets
        self._key = key

    def at(self, path: str) -> list[Entry]:
        """Return the files that may lie at the path: one, or none.

        Several only where names that are no UTF-8 cannot be told apart.
        """
        wanted = path_digest(path, self._key)
        low, high = 0, self.files
        while low < high:
            middle = (low + high) // 2
            if self._path(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        found = []
        while low < self.files and self._path(low) == wanted:
            found.append(self._entry(low))
            low += 1
        return found

    def __iter__(self) -> Iterator[Entry]:
        """Yield every file, in the order of their numbers."""
        return map(self._entry, range(self.files))

    def write(self, file: Path) -> None:
        """Write the list where only this user can read it, whole or not at all."""
        part = file.with_name(f".{file.name}.part")
        part.touch(_PRIVATE)
        part.write_bytes(self._octets[:] + _seal(self._octets, self._key))
        part.replace(file)

    def _path(self, number: int) -> bytes:
        start = _HEADER.size + number * _RECORD.size
        return self._octets[start : start + _PATH_BYTES]

    def _entry(self, number: int) -> Entry:
        at = _HEADER.size + number * _RECORD.size
        _path, size, first, count = _RECORD.unpack_from(self._octets, at)
        start = self._chunks_at + first * _CHUNK.size
        octets = self._octets[start : start + count * _CHUNK.size]
        chunks = tuple(
            Chunk(length=length, sha256=sha256) for length, sha256 in _CHUNK.iter_unpack(octets)
        )
        return Entry(number=number, size=size, chunks=chunks)


def read_expected(file: Path, *, key: bytes) -> Expected | None:
    """Return the list that was written there, with that key.

    None where there is none, or one that is not as it was written: a damaged list must not speak
    against a backup.
    """
    try:
        with file.open("rb") as opened:
            octets = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        with memoryview(octets) as whole, whole[:-_SEAL_BYTES] as sealed:
            is_whole = _seal(sealed, key) == octets[-_SEAL_BYTES:]
        return Expected(octets, key=key) if is_whole else None
    except (OSError, ValueError, struct.error):
        return None


def path_digest(path: str, key: bytes) -> bytes:
    """Return what stands for a path as a tool lists it, or as it lies on disk.

    Bytes that are no UTF-8 are listed by restic as replacement characters, one each.
    """
    plain = "".join(_REPLACEMENT if "\ud800" <= each <= "\udfff" else each for each in path)
    shown = path if path.isascii() else plain
    return blake2b(shown.encode("utf-8"), digest_size=_PATH_BYTES, key=key).digest()


def _seal(octets: bytes | mmap.mmap | memoryview, key: bytes) -> bytes:
    return blake2b(octets, digest_size=_SEAL_BYTES, key=key).digest()
