"""The private folder of a workspace's state: modes, durable files, and locks between processes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ccir.errors import ConflictError, UnavailableError

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def make_private(folder: Path) -> None:
    """Make the folder if need be, open to its owner only.

    Raises:
        UnavailableError: the folder cannot be made.
    """
    with told_as_unavailable(folder):
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        folder.chmod(FOLDER_MODE)


def write_new(path: Path, octets: bytes) -> None:
    """Write a private file so that after a power loss it is there whole or not at all.

    Raises:
        UnavailableError: the file cannot be written.
    """
    draft = path.with_name(f"{path.name}.new")
    with told_as_unavailable(path):
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE), "wb") as to:
            to.write(octets)
            to.flush()
            os.fsync(to.fileno())
        settle(draft, path)


def settle(draft: Path, path: Path) -> None:
    """Give a finished file its name, durably."""
    draft.rename(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def held(lock: Path, *, taken: ConflictError, wait: bool = False) -> Iterator[None]:
    """Hold the lock file; the kernel lets it go when the process ends, however it ends.

    Raises:
        ConflictError: `taken`, where another process holds it and `wait` is not set.
    """
    make_private(lock.parent)
    with told_as_unavailable(lock):
        descriptor = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, FILE_MODE)
    try:
        _lock(descriptor, taken=taken, wait=wait)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def told_as_unavailable(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a sentence about `path`.

    Raises:
        UnavailableError: the system refused.
    """
    try:
        yield
    except OSError as error:
        raise UnavailableError(
            f"{path} cannot be used: {error.strerror}",
            hint="check the folder's mode and owner, and the free space of its disk",
        ) from error


def _lock(descriptor: int, *, taken: ConflictError, wait: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        raise taken from None
