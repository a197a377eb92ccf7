"""Reads every file of a folder and tells its digest, while others may change the files."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

_CHUNK_BYTES = 1 << 20
_FILES_BETWEEN_WORDS = 100


class Digested(msgspec.Struct, frozen=True, kw_only=True):
    """A file's path and the SHA-256 of what it held, in hexadecimal."""

    path: str
    sha256: str


class Reader:
    """Walks a folder in the order of its names; counts what was read and what was left out.

    `is_broken_off` tells that the person gave up. `changed` files changed or vanished while
    they were read; `unreadable` files and folders could not be opened. Links are not followed,
    and only regular files count.
    """

    def __init__(
        self,
        *,
        leave_out: frozenset[str],
        progress: Callable[[str, int | None, int | None], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._leave_out = leave_out
        self._progress = progress
        self._is_cancelled = is_cancelled
        self.is_broken_off = False
        self.files = 0
        self.bytes = 0
        self.changed = 0
        self.unreadable = 0

    def read(self, folder: Path) -> Iterator[Digested]:
        """Yield every file below the folder; the folders named by `leave_out` are passed over."""
        self._progress("reading files", None, None)
        for number, path in enumerate(self._files(folder), start=1):
            digested = self._digested(path)
            if self.is_broken_off:
                return
            if digested is not None:
                self.files += 1
                yield digested
            if number % _FILES_BETWEEN_WORDS == 0:
                self._progress("reading files", number, None)

    def _files(self, folder: Path) -> Iterator[str]:
        waiting = [os.fspath(folder)]
        while waiting:
            entries = self._entries(waiting.pop())
            folders = [each.path for each in entries if each.is_dir(follow_symlinks=False)]
            waiting += [path for path in reversed(folders) if path not in self._leave_out]
            yield from (each.path for each in entries if each.is_file(follow_symlinks=False))

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._count(error)
            return []

    def _digested(self, path: str) -> Digested | None:
        """Return None where it had to be left out."""
        try:
            with _opened(path) as file:
                before = os.fstat(file.fileno())
                digest = self._digest(file)
            after = os.lstat(path)
        except OSError as error:
            self._count(error)
            return None
        if not stat.S_ISREG(before.st_mode) or _mark(before) != _mark(after):
            self.changed += 1
            return None
        self.bytes += after.st_size
        return Digested(path=path, sha256=digest)

    def _digest(self, file: BinaryIO) -> str:
        digest = hashlib.sha256()
        while octets := file.read(_CHUNK_BYTES):
            digest.update(octets)
            if self._is_cancelled():
                self.is_broken_off = True
                break
        return digest.hexdigest()

    def _count(self, error: OSError) -> None:
        if isinstance(error, FileNotFoundError):
            self.changed += 1
        else:
            self.unreadable += 1


def _opened(path: str) -> BinaryIO:
    """Open the file; what took its place meanwhile is neither followed nor waited for."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags), "rb")


def _mark(status: os.stat_result) -> tuple[int, ...]:
    times = (status.st_mtime_ns, status.st_ctime_ns)
    return (status.st_dev, status.st_ino, status.st_size, *times)
