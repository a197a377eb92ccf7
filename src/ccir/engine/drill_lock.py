"""One lock for each drill, held while it is played."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ccir.config.settings import STATE_FOLDER
from ccir.engine.workspace import Workspace
from ccir.errors import ConflictError, UnavailableError

_LOCKS = "locks"
_MODE = 0o600
_FOLDER_MODE = 0o700


class BeingPlayedError(ConflictError):
    """Another process plays the drill now."""


@contextmanager
def drill_lock(workspace: Workspace, drill: str) -> Iterator[None]:
    """Let nobody else play the drill meanwhile; a process that is killed holds nothing.

    Raises:
        BeingPlayedError: another process plays it now.
        UnavailableError: the lock's file cannot be written.
    """
    file = workspace.folder / STATE_FOLDER / _LOCKS / f"drill-{drill}"
    with _opened(file) as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BeingPlayedError(
                f"another process plays the drill '{drill}'", hint="wait until it is done"
            ) from error
        yield  # closing the file gives the lock back, also where the process is killed


def _opened(file: Path) -> BinaryIO:
    try:
        file.parent.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        file.touch(_MODE)
        return file.open("r+b")
    except OSError as error:
        raise UnavailableError(
            f"'{file}' cannot be written: {error.strerror}",
            hint="play drills with the account that owns the workspace",
        ) from error
