"""Takes a target's manifest: what each file was when the backup was made.

Manifests lie in the workspace, not in the repository and not in what is backed up: whoever
changes a backup cannot change what it is compared with.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from ccir.config.settings import STATE_FOLDER
from ccir.domain import manifest_names
from ccir.engine.attendant import Attendant
from ccir.engine.manifest_files import Reader
from ccir.engine.workspace import Workspace
from ccir.errors import (
    InvalidDocumentError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    UsageError,
)
from ccir.store.state_folder import FILE_MODE, make_private, settle, told_as_unavailable
from ccir.sums import read_sums, write_line

_HEAD_BYTES = 1 << 16


class ManifestTaken(msgspec.Struct, frozen=True, kw_only=True):
    """Where the manifest is and what it lists; nothing was written where `file` is None.

    `changed` files changed or vanished while they were read, `unreadable` files and folders
    could not be opened: neither is listed. `removed` older manifests were removed.
    """

    file: Path | None
    files: int
    bytes: int
    changed: int
    unreadable: int
    removed: int


def manifests_folder(workspace: Workspace, target: str) -> Path:
    """Return where the target's manifests lie."""
    return workspace.folder / STATE_FOLDER / manifest_names.FOLDER / target


def take_manifest(
    workspace: Workspace, target: str, folder: Path, *, attendant: Attendant, to: Path | None = None
) -> ManifestTaken:
    """Read every file of the folder and write the target's manifest, unless it is broken off.

    Without `to` it lies with the target's manifests, of which the newest 30 are kept.

    Raises:
        NotFoundError: there is no such folder.
        UsageError: it is no folder, but a file or a link.
        RefusedError: `to` lies in the folder, or is a file that is no manifest.
        UnavailableError: nothing in the folder can be read, or the manifest cannot be written.
    """
    _refuse_unfit(folder)
    home = manifests_folder(workspace, target)
    file = to or home / manifest_names.name_of(workspace.clock.now())
    if to is None:
        make_private(home.parent)
        make_private(home)
    else:
        _refuse_place(to, folder)
    reader = Reader(
        leave_out=frozenset({_as_seen_from(folder, home.parent)}),
        progress=attendant.progress,
        is_cancelled=attendant.is_cancelled,
    )
    is_whole = _write(file, folder, reader)
    return ManifestTaken(
        file=file if is_whole else None,
        files=reader.files,
        bytes=reader.bytes,
        changed=reader.changed,
        unreadable=reader.unreadable,
        removed=_remove_outdated(home) if to is None else 0,
    )


def _refuse_unfit(folder: Path) -> None:
    if folder.is_symlink():
        raise UsageError(
            f"'{folder}' is a link, which a backup does not follow", hint="name the folder itself"
        )
    if not folder.exists():
        raise NotFoundError(f"there is no folder '{folder}'", hint="check the path")
    if not folder.is_dir():
        raise UsageError(f"'{folder}' is not a folder", hint="name the folder it lies in")


def _refuse_place(to: Path, folder: Path) -> None:
    if to.resolve().is_relative_to(folder.resolve()):
        raise RefusedError(
            f"the manifest '{to}' would lie in the folder that it lists",
            hint="name a file that is not backed up with it",
        )
    if to.exists() and not _is_manifest(to):
        raise RefusedError(
            f"'{to}' is there and is no manifest, so it is not overwritten",
            hint="name another file",
        )


def _is_manifest(path: Path) -> bool:
    if not path.is_file():
        return False
    with told_as_unavailable(path), path.open("rb") as file:
        first = file.readline(_HEAD_BYTES)
    try:
        return bool(read_sums(first))
    except InvalidDocumentError:
        return False


def _as_seen_from(folder: Path, other: Path) -> str:
    """Return the path of the other as the walk through the folder meets it."""
    real, root = other.resolve(), folder.resolve()
    return str(folder / real.relative_to(root)) if real.is_relative_to(root) else str(other)


def _write(file: Path, folder: Path, reader: Reader) -> bool:
    """Write the manifest whole or not at all; tell whether it was written."""
    with _draft(file) as (draft, to):
        for found in reader.read(folder):
            to.write(write_line(found.path.lstrip("/"), sha256=found.sha256))
        if reader.is_broken_off:
            return False
        if not reader.files:
            raise UnavailableError(
                f"no file in '{folder}' could be read", hint="name the folder that holds the data"
            )
        to.flush()
        os.fsync(to.fileno())
        settle(draft, file)
    return True


@contextmanager
def _draft(file: Path) -> Iterator[tuple[Path, BinaryIO]]:
    draft = file.with_name(f".{file.name}.{os.getpid()}.new")
    flags = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW
    with told_as_unavailable(file):
        try:
            with os.fdopen(os.open(draft, flags, FILE_MODE), "wb") as to:
                yield draft, to
        finally:
            draft.unlink(missing_ok=True)


def _remove_outdated(home: Path) -> int:
    outdated = manifest_names.outdated(path.name for path in home.iterdir())
    for name in outdated:
        (home / name).unlink(missing_ok=True)
    return len(outdated)
