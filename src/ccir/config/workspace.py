"""Finds the workspace of a command, and refuses one that somebody else could have laid out."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ccir.config.settings import DOCUMENT_FOLDERS, SETTINGS_FILE
from ccir.errors import NotFoundError, RefusedError, UnavailableError

_ROOT = 0
_MOST_FOLDERS = 1_000


def find_workspace(start: Path, given: Path | None) -> Path:
    """Return the absolute folder of the workspace.

    `given` was named by `--workspace` or `CCIR_WORKSPACE` and is trusted; without it, the
    nearest folder at or above `start` that holds `ccir.toml` is taken if it can be trusted.

    Raises:
        NotFoundError: no folder holds `ccir.toml`.
        RefusedError: the folder found could have been laid out by another user.
        UnavailableError: a folder on the way cannot be looked into.
    """
    try:
        return _named(given) if given is not None else _nearest(start)
    except OSError as error:
        raise UnavailableError(
            f"{error.filename} cannot be looked at: {error.strerror}",
            hint="name the workspace with --workspace DIR",
        ) from error


def refuse_untrusted(folder: Path, *, user: int) -> None:
    """Refuse a workspace whose folder, settings or document folders another user could change.

    `user` is the operating system's number of this user. Folders inside a document folder
    count as well.

    Raises:
        RefusedError: one of them is world-writable, or belongs to neither this user nor root.
    """
    for path in (folder, folder / SETTINGS_FILE, *_document_folders(folder)):
        reason = _distrust(path.stat(), user=user)
        if reason:
            raise RefusedError(
                f"{path} {reason}, so this workspace is not trusted",
                hint=f"put it right, or name it if you trust it: --workspace {folder}",
            )


def _named(given: Path) -> Path:
    folder = given.absolute()
    if not (folder / SETTINGS_FILE).is_file():
        raise NotFoundError(
            f"{folder} holds no {SETTINGS_FILE}",
            hint=f"make a workspace there with `ccir init {folder}`",
        )
    return folder


def _nearest(start: Path) -> Path:
    here = start.absolute()
    for folder in (here, *here.parents):
        if (folder / SETTINGS_FILE).is_file():
            refuse_untrusted(folder, user=os.geteuid())
            return folder
    raise NotFoundError(
        f"neither {here} nor a folder above it holds {SETTINGS_FILE}",
        hint="make a workspace with `ccir init`, or name one with --workspace DIR",
    )


def _document_folders(folder: Path) -> Iterator[Path]:
    waiting = [folder / name for name in DOCUMENT_FOLDERS if (folder / name).is_dir()]
    for _ in range(_MOST_FOLDERS):
        if not waiting:
            return
        path = waiting.pop()
        yield path
        with os.scandir(path) as entries:
            # A link is no folder of its own, so that a loop of links ends.
            waiting += [Path(e.path) for e in entries if e.is_dir(follow_symlinks=False)]
    raise RefusedError(
        f"the document folders of {folder} hold more than {_MOST_FOLDERS} folders",
        hint="keep other things elsewhere",
    )


def _distrust(found: os.stat_result, *, user: int) -> str:
    if found.st_mode & stat.S_IWOTH:
        return "can be written by everybody"
    if found.st_uid not in {user, _ROOT}:
        return "belongs to another user"
    return ""
