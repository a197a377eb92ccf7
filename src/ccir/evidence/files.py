"""Evidence files: copied once into the workspace under their SHA-256, and never changed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import msgspec

from ccir.errors import NotFoundError, UnavailableError, UsageError

CHUNK_BYTES = 1 << 20
SIZE_LIMIT_BYTES = 4 << 30
FOLDER_MODE = 0o700
FILE_MODE = 0o400


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was taken into evidence: the digest and size of its content."""

    sha256: str
    size_bytes: int


def take(source: Path, folder: Path) -> StoredFile:
    """Copy a file into the evidence folder, durably, and return what it held.

    The copy is written beside its place, flushed to the disk, then renamed: a crash leaves
    either the whole file or none.

    Raises:
        NotFoundError: there is no such file.
        UsageError: it is no regular file, or larger than `SIZE_LIMIT_BYTES`.
        UnavailableError: it cannot be read, or the copy cannot be written.
    """
    _refuse_unfit(source)
    try:
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        return _copied(source, folder)
    except OSError as error:
        raise UnavailableError(
            f"'{source}' cannot be taken into evidence: {error.strerror}",
            hint="check the file's permissions and the free space of the workspace",
        ) from error


def differs(file: StoredFile, folder: Path) -> str:
    """Return in a few words how the stored copy differs from what was taken; empty if not."""
    path = folder / file.sha256
    if not path.is_file():
        return "the file is gone"
    with path.open("rb") as stream:
        found = _digest(stream)
    return "" if found.sha256 == file.sha256 else "the content was changed"


def _refuse_unfit(source: Path) -> None:
    if not source.exists():
        raise NotFoundError(f"there is no file '{source}'", hint="check the path")
    if not source.is_file():
        raise UsageError(f"'{source}' is not a file", hint="pack a folder into an archive first")
    if source.stat().st_size > SIZE_LIMIT_BYTES:
        raise UsageError(
            f"'{source}' is larger than {SIZE_LIMIT_BYTES >> 30} GiB",
            hint="keep it where it is and add its checksum file as evidence",
        )


def _copied(source: Path, folder: Path) -> StoredFile:
    partial = folder / f".{os.getpid()}.partial"
    try:
        with source.open("rb") as stream, partial.open("wb") as copy:
            taken = _digest(stream, copy)
            copy.flush()
            os.fsync(copy.fileno())
        partial.chmod(FILE_MODE)
        partial.rename(folder / taken.sha256)
        _flush_folder(folder)
    finally:
        partial.unlink(missing_ok=True)
    return taken


def _digest(stream: BinaryIO, copy: BinaryIO | None = None) -> StoredFile:
    sha256 = hashlib.sha256()
    size = 0
    while chunk := stream.read(CHUNK_BYTES):
        sha256.update(chunk)
        size += len(chunk)
        if copy is not None:
            copy.write(chunk)
    return StoredFile(sha256=sha256.hexdigest(), size_bytes=size)


def _flush_folder(folder: Path) -> None:
    """Make the rename itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
