"""Tells what every file of a snapshot in a folder of archives must be, from its list alone."""

from __future__ import annotations

from collections.abc import Callable

from ccir.backup.archive_faults import ArchiveError, Watch
from ccir.backup.archive_files import DIGEST_OF_NOTHING, status_of
from ccir.backup.archive_folders import Kept
from ccir.backup.held_interface import Chunk, FileContent


def contents(kept: Kept, *, take: Callable[[FileContent], object], watch: Watch) -> None:
    """Hand every listed file to `take`: its size is the one it has, its digest the list's.

    Raises:
        ArchiveError: a file is gone, emptied or no regular file, or cannot be looked at.
    """
    for path, digest in kept.sums().items():
        watch.look()
        size = status_of(kept.folder, path).st_size
        if size == 0 and digest != DIGEST_OF_NOTHING:
            raise ArchiveError("pack-damaged", "a listed file is emptied")
        chunk = Chunk(length=size, sha256=bytes.fromhex(digest))
        take(FileContent(path=path, size=size, chunks=(chunk,) if size else ()))
