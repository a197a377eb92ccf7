"""Opens the files of a backup without ever leaving its folder or waiting for anybody."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ccir.backup.archive_faults import ArchiveError, Watch, reading

BLOCK_BYTES = 1 << 20
DIGEST_OF_NOTHING = hashlib.sha256().hexdigest()
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without waiting: a pipe that lies where a file should be has nobody at its other end.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def status_of(folder: Path, path: str) -> os.stat_result:
    """Return size and times of a regular file in the folder; no link is followed.

    Raises:
        ArchiveError: it is gone, no regular file, or not in the folder.
    """
    with reading(), _holding(folder, path) as (outer, name):
        return _regular(os.stat(name, dir_fd=outer, follow_symlinks=False))


def open_file(folder: Path, path: str) -> BinaryIO:
    """Return a regular file in the folder, opened to be read; no link is followed.

    Raises:
        ArchiveError: it is gone, no regular file, not in the folder, or cannot be read.
    """
    with reading(), _holding(folder, path) as (outer, name):
        # Opening a device may do something to it, so it is looked at first.
        _regular(os.stat(name, dir_fd=outer, follow_symlinks=False))
        file = os.fdopen(os.open(name, _FILE, dir_fd=outer), "rb", buffering=0)
    try:
        _regular(os.fstat(file.fileno()))
    except ArchiveError:
        file.close()
        raise
    return file


def blocks(file: BinaryIO, watch: Watch) -> Iterator[bytes]:
    """Yield what the file holds.

    Raises:
        ArchiveError: it cannot be read, or the call is cancelled or over its time.
    """
    while True:
        watch.look()
        with reading():
            block = file.read(BLOCK_BYTES)
        if not block:
            return
        yield block


def files_below(folder: Path, watch: Watch) -> Iterator[str]:
    """Yield the path of every regular file below the folder, without following links.

    Raises:
        ArchiveError: a folder cannot be read, or the call is cancelled or over its time.
    """
    waiting = [""]
    while waiting:
        watch.look()
        outer = waiting.pop()
        with reading():
            entries = [*os.scandir(folder / outer)]
        for entry in entries:
            path = str(PurePosixPath(outer, entry.name))
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)
            elif entry.is_file(follow_symlinks=False):
                yield path


@contextmanager
def _holding(folder: Path, path: str) -> Iterator[tuple[int, str]]:
    """Hold the folder open that a path's last part lies in; each part is entered by itself."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\0" in path:
        raise ArchiveError("snapshot-damaged", "a listed path leads out of its folder")
    handle = os.open(folder, _FOLDER)
    try:
        for part in parts[:-1]:
            outer, handle = handle, os.open(part, _FOLDER, dir_fd=handle)
            os.close(outer)
        yield handle, parts[-1]
    finally:
        os.close(handle)


def _regular(found: os.stat_result) -> os.stat_result:
    if stat.S_ISLNK(found.st_mode):
        raise ArchiveError("snapshot-damaged", "a listed path leads over a link or a file")
    if not stat.S_ISREG(found.st_mode):
        raise ArchiveError("pack-damaged", "what should be a listed file is none")
    return found
