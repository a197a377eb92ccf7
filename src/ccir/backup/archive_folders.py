"""Says which folders are snapshots in a folder of archives: those with a list of their digests.

1. A folder that holds such a list itself is one snapshot, with all that lies below it.
2. Otherwise each of its sub-folders is one. Links, hidden ones and `lost+found` are passed over.
3. A sub-folder without a list, or whose list says nothing or cannot be read, is damaged; so is
   a folder with files in which nothing has a list.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

import msgspec

from ccir.backup.archive_faults import ArchiveError, reading
from ccir.backup.archive_files import open_file
from ccir.backup.interface import Target
from ccir.errors import InvalidDocumentError
from ccir.sums import read_sums

LISTS = ("SHA256SUMS", "SHA256SUMS.txt", "SHA256SUM", "sha256sums", "sha256sums.txt", "sha256sum")
_LARGEST_LIST_BYTES = 256 << 20
_PASSED_OVER = "lost+found"
_SETTINGS = ("password_file", "password_command", "hosts", "paths")


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One snapshot on disk: its folder, the name and bytes of its list."""

    folder: Path
    list_name: str
    listing: bytes

    @property
    def id(self) -> str:
        """The digest of the folder's name and of the list, so that an edited list shows."""
        name = os.fsencode(self.folder.name)
        return hashlib.sha256(name + b"\0" + self.listing).hexdigest()

    def sums(self) -> Mapping[str, str]:
        """Return each listed file's digest; what the list says of itself is passed over.

        `sha256sum * >SHA256SUMS` lists the list too, as it was before anything stood in it.

        Raises:
            ArchiveError: nothing is listed, or a line cannot be read.
        """
        try:
            sums = read_sums(self.listing)
        except InvalidDocumentError as error:
            detail = f"the folder {self.folder.name!r} is damaged: {error.message}"
            raise ArchiveError("snapshot-damaged", detail, hint=error.hint) from error
        sums.pop(self.list_name, None)
        if not sums:
            detail = f"the list of digests in the folder {self.folder.name!r} names no file"
            raise ArchiveError("snapshot-damaged", detail)
        return sums


def root_of(target: Target) -> Path:
    """Return the target's folder; only it may itself be a link.

    Raises:
        ArchiveError: the folder is not there, or the target says what makes no sense for it.
    """
    set_ = [name.replace("_", " ") for name in _SETTINGS if getattr(target, name)]
    if set_:
        detail = f"a folder of archives knows no {' and no '.join(set_)}"
        raise ArchiveError("wrong-target", detail, hint="remove the key from the target's entry")
    root = Path(target.repository)
    if not root.is_absolute():
        raise ArchiveError("wrong-target", "a folder of archives is a folder of this machine")
    if not _is_folder(root):
        raise ArchiveError("repository-missing", "there is no folder at the target's path")
    return root.resolve()


def candidates(root: Path) -> list[Path]:
    """Return the folders that are, or should be, snapshots, by name.

    Raises:
        ArchiveError: the folder cannot be read.
    """
    with reading(), os.scandir(root) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    if any(entry.name in LISTS for entry in entries):
        return [root]
    inner = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
    folders = [Path(entry.path) for entry in inner if not _is_passed_over(entry.name)]
    holds_files = any(entry.is_file(follow_symlinks=False) for entry in entries)
    return folders or ([root] if holds_files else [])


def read_kept(folder: Path) -> Kept:
    """Return the snapshot in that folder, without having read its list.

    Raises:
        ArchiveError: it has no list, or it cannot be read.
    """
    with reading():
        names = {entry.name for entry in os.scandir(folder)}
    list_name = next((name for name in LISTS if name in names), None)
    if list_name is None:
        detail = f"the folder {folder.name!r} holds no list of digests ({LISTS[0]})"
        raise ArchiveError("snapshot-damaged", detail)
    return Kept(folder=folder, list_name=list_name, listing=_listing(folder, list_name))


def _listing(folder: Path, name: str) -> bytes:
    try:
        with open_file(folder, name) as file, reading():
            size = os.fstat(file.fileno()).st_size
            if size <= _LARGEST_LIST_BYTES:
                return file.read(size)
    except ArchiveError as error:
        if error.outcome.verdict != "fail":
            raise
    detail = f"what is called {name} in the folder {folder.name!r} is no list of digests"
    raise ArchiveError("snapshot-damaged", detail)


def _is_folder(path: Path) -> bool:
    try:
        with reading():
            return stat.S_ISDIR(path.stat().st_mode)
    except ArchiveError as error:
        if error.outcome.verdict != "fail":
            raise
        return False


def _is_passed_over(name: str) -> bool:
    return name.startswith(".") or name == _PASSED_OVER
