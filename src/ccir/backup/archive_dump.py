"""Streams a snapshot of a folder of archives as one tar archive, compared while it is read."""

from __future__ import annotations

import hashlib
import io
import os
import select
import tarfile
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, BinaryIO

from ccir.backup.archive_faults import ArchiveError, Watch, reading
from ccir.backup.archive_files import BLOCK_BYTES, open_file
from ccir.backup.archive_folders import Kept
from ccir.piping import Reading

if TYPE_CHECKING:  # only to say what a write takes
    from _typeshed import ReadableBuffer as Buffer

_PRIVATE = 0o600
_PATIENCE_SECONDS = 0.1
_LINGER_SECONDS = 2.0


def dump(kept: Kept, *, read: Callable[[IO[bytes]], None], watch: Watch) -> None:
    """Hand the snapshot's listed files to `read`, in a thread, as an uncompressed tar stream.

    The stream has no end mark where a file turned out to be damaged.

    Raises:
        ArchiveError: a file is not what the list says or cannot be read, or it took too long,
            or the reader did not read on.
        Exception: what the reader raised, where the backup itself is whole.
    """
    reader = Reading(read)
    failure: ArchiveError | BrokenPipeError | None = None
    with reader.begin() as pipe:
        try:
            _write(kept, _Sink(pipe.fileno(), watch), watch=watch)
        except (ArchiveError, BrokenPipeError) as error:
            failure = error
    if isinstance(failure, ArchiveError):
        reader.end(_LINGER_SECONDS)
        raise failure
    while reader.is_going_on():
        watch.look()
        reader.end(_PATIENCE_SECONDS)
    reader.tell()
    if failure is not None:
        raise ArchiveError("cancelled", "the stream was not read to its end") from failure


def _write(kept: Kept, sink: _Sink, *, watch: Watch) -> None:
    archive = tarfile.TarFile(
        fileobj=sink, mode="w", format=tarfile.PAX_FORMAT, copybufsize=BLOCK_BYTES
    )
    for path, digest in kept.sums().items():
        with open_file(kept.folder, path) as file:
            source = _Source(file, watch)
            archive.addfile(_member(path, os.fstat(file.fileno())), source)
        if source.digest.hexdigest() != digest:
            raise ArchiveError("pack-damaged", "a file is not what the list of digests says")
    archive.close()  # writes the end mark, so only where all is well


def _member(path: str, status: os.stat_result) -> tarfile.TarInfo:
    member = tarfile.TarInfo(path)
    member.size, member.mode, member.mtime = status.st_size, _PRIVATE, int(status.st_mtime)
    return member


class _Source:
    """A file that is hashed while it is read."""

    def __init__(self, file: BinaryIO, watch: Watch) -> None:
        self.digest = hashlib.sha256()
        self._file = file
        self._watch = watch

    def read(self, size: int = BLOCK_BYTES, /) -> bytes:
        self._watch.look()
        with reading():
            block = self._file.read(size)
        if len(block) < size:
            raise ArchiveError("pack-damaged", "a file became shorter while it was read")
        self.digest.update(block)
        return block


class _Sink(io.RawIOBase):
    """The writing end of a pipe that is given up in time, however slowly it is read."""

    def __init__(self, handle: int, watch: Watch) -> None:
        super().__init__()
        os.set_blocking(handle, False)
        self._handle = handle
        self._watch = watch
        self._told = 0
        self._poll = select.poll()
        self._poll.register(handle, select.POLLOUT)

    def tell(self) -> int:
        return self._told

    def write(self, octets: Buffer, /) -> int:
        rest = memoryview(octets)
        size = len(rest)
        while rest:
            self._watch.look()
            if self._poll.poll(_PATIENCE_SECONDS * 1_000):
                rest = rest[os.write(self._handle, rest) :]
        self._told += size
        return size
