"""Copies a snapshot's files out of a folder of archives, and compares them with their digests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ccir.backup.archive_faults import ArchiveError, Watch, writing
from ccir.backup.archive_files import BLOCK_BYTES, blocks, open_file, status_of
from ccir.backup.archive_folders import Kept
from ccir.backup.interface import RestoreRequest

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PRIVATE, _PRIVATE_FOLDER = 0o600, 0o700


def restore(kept: Kept, *, into: Path, request: RestoreRequest, watch: Watch) -> None:
    """Write the snapshot's listed files below `into`, only for this user, with their times.

    Archives are not unpacked: a drill's checks look into them.

    Raises:
        ArchiveError: a file is not what the list says, cannot be read or cannot be written.
    """
    wanted = _wanted(kept.sums(), request.only)
    with writing():
        into.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
    copying = _Copying(kept, into, request=request, watch=watch)
    copying.weigh(wanted)
    damage = [error for path, digest in wanted.items() if (error := copying.copy(path, digest))]
    if damage:
        detail = f"{damage[0].detail}; {len(damage)} of {len(wanted)} files are damaged"
        raise ArchiveError(damage[0].reason, detail)


class _Copying:
    """One restore under way: how many bytes there are in all, and how many are written."""

    def __init__(self, kept: Kept, into: Path, *, request: RestoreRequest, watch: Watch) -> None:
        self._kept = kept
        self._into = into
        self._request = request
        self._watch = watch
        self._total = 0
        self._done = 0

    def weigh(self, paths: Mapping[str, str]) -> None:
        """Add up the sizes of the files that are there."""
        for path in paths:
            self._watch.look()
            with suppress(ArchiveError):  # copying it tells
                self._total += status_of(self._kept.folder, path).st_size
        self._request.progress(0, self._total)

    def copy(self, path: str, digest: str) -> ArchiveError | None:
        """Restore one file; return the damage that was found, where it is not to end the rest.

        Raises:
            ArchiveError: it is damaged, cannot be read, or cannot be written.
        """
        try:
            with open_file(self._kept.folder, path) as source:
                self._write(source, path, digest)
        except ArchiveError as error:
            if self._request.keeps_going and error.outcome.verdict == "fail":
                return error
            raise
        if self._request.verifies:
            self._read_again(path, digest)
        return None

    def _write(self, source: BinaryIO, path: str, digest: str) -> None:
        found = hashlib.sha256()
        with writing(), _new_file(self._into, path) as file:
            for block in blocks(source, self._watch):
                found.update(block)
                file.write(block)
                self._done += len(block)
                self._request.progress(self._done, self._total)
            file.flush()
            status = os.fstat(source.fileno())
            os.utime(file.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
            if self._request.verifies and status.st_size >= BLOCK_BYTES:
                _put_on_disk(file)
        if found.hexdigest() != digest:
            raise ArchiveError("pack-damaged", "a file is not what the list of digests says")

    def _read_again(self, path: str, digest: str) -> None:
        found = hashlib.sha256()
        with writing(), (self._into / path).open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                self._watch.look()
                found.update(block)
        if found.hexdigest() != digest:
            detail = "what was restored reads otherwise than it was written"
            raise ArchiveError("unrecognised-output", detail)


def _wanted(sums: Mapping[str, str], only: tuple[str, ...]) -> Mapping[str, str]:
    if not only:
        return sums
    unknown = {*only} - sums.keys()
    if unknown:
        detail = f"the snapshot lists {len(unknown)} of the {len(only)} files asked for nowhere"
        raise ArchiveError("content-unknown", detail)
    return {path: sums[path] for path in dict.fromkeys(only)}


def _new_file(into: Path, path: str) -> BinaryIO:
    *outer, name = PurePosixPath(path).parts
    folder = into
    for part in outer:
        folder /= part
        folder.mkdir(_PRIVATE_FOLDER, exist_ok=True)
    return os.fdopen(os.open(folder / name, _NEW, _PRIVATE), "wb")


def _put_on_disk(file: BinaryIO) -> None:
    """Let what is read again come from the disk, not from memory; for small files it costs most."""
    os.fsync(file.fileno())
    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
