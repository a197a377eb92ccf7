"""Writes a bundle of private files, a folder or a zip file, with the digest of each.

1. The same files give the same bytes: no time and no name of the machine is in them.
2. `SHA256SUMS` lists every file; `sha256sum -c SHA256SUMS` in the bundle checks them.
3. It is written beside its place and renamed when it is whole: a crash leaves no half bundle.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from ccir.errors import UnavailableError, UsageError
from ccir.sums import write_line

SUMS = "SHA256SUMS"
FILE_MODE = 0o600
FOLDER_MODE = 0o700
_ZIP = ".zip"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file can name
_UNIX = 3


class BundledFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a bundle, by its path in there."""

    path: str
    sha256: str
    size_bytes: int


class Bundle:
    """A bundle that is being written; `files` are those that are in it."""

    def __init__(self, place: _Place) -> None:
        self._place = place
        self.files: list[BundledFile] = []

    def add(self, path: str, pieces: Iterable[bytes]) -> BundledFile:
        """Write a file from its pieces, one after the other, and return its digest."""
        hashed = hashlib.sha256()
        size = 0

        def passed_on() -> Iterator[bytes]:
            nonlocal size
            for piece in pieces:
                hashed.update(piece)
                size += len(piece)
                yield piece

        self._place.write(path, passed_on())
        added = BundledFile(path=path, sha256=hashed.hexdigest(), size_bytes=size)
        self.files.append(added)
        return added

    def add_sums(self) -> None:
        """Write the list of all files so far with their digests."""
        ordered = sorted(self.files, key=lambda each: each.path)
        self.add(SUMS, [write_line(each.path, sha256=each.sha256) for each in ordered])


@contextmanager
def bundle(target: Path, *, root: str) -> Iterator[Bundle]:
    """Yield a bundle; it comes to its place, with its sums, when the block ends well.

    A target that ends in `.zip` becomes a zip file, whose files lie in the folder `root`.

    Raises:
        UsageError: there is something at the target already.
        UnavailableError: it cannot be written.
    """
    if target.exists() or target.is_symlink():
        raise UsageError(
            f"'{target}' is there already", hint="name another place, or take it away first"
        )
    partial = target.with_name(f".{target.name}.partial")
    kind = _ZipPlace if target.suffix == _ZIP else _FolderPlace
    try:
        target.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        _clear(partial)
        with kind.opened(partial, root) as place:
            made = Bundle(place)
            yield made
            made.add_sums()
        partial.rename(target)
    except OSError as error:
        raise UnavailableError(
            f"'{target}' cannot be written: {error.strerror}",
            hint="check the permissions and the free space there",
        ) from error
    finally:
        _clear(partial)


class _Place(Protocol):
    def write(self, path: str, pieces: Iterable[bytes]) -> None: ...


class _FolderPlace:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, root: str) -> Iterator[_Place]:
        del root  # the folder itself is it
        folder.mkdir(mode=FOLDER_MODE)
        yield cls(folder)

    def write(self, path: str, pieces: Iterable[bytes]) -> None:
        file = self._folder / path
        file.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(descriptor, "wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(descriptor)


class _ZipPlace:
    def __init__(self, archive: zipfile.ZipFile, root: str) -> None:
        self._archive = archive
        self._root = root

    @classmethod
    @contextmanager
    def opened(cls, file: Path, root: str) -> Iterator[_Place]:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(descriptor, "w+b") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                yield cls(archive, root)
            stream.flush()
            os.fsync(descriptor)

    def write(self, path: str, pieces: Iterable[bytes]) -> None:
        info = zipfile.ZipInfo(f"{self._root}/{path}", _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system = _UNIX
        info.external_attr = FILE_MODE << 16
        with self._archive.open(info, "w", force_zip64=True) as stream:
            for piece in pieces:
                stream.write(piece)


def _clear(partial: Path) -> None:
    if partial.is_dir():
        shutil.rmtree(partial)
    elif partial.is_symlink() or partial.exists():
        partial.unlink()
