"""Where a borg repository is, and what is plainly wrong with one that is a folder."""

from __future__ import annotations

import binascii
import configparser
import datetime as dt
import errno
import os
import re
import stat
import struct
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ccir.backup.fault_interface import Sighting
from ccir.backup.held_interface import Lock
from ccir.backup.interface import Reason

# What borg keeps of its last transaction beside the data: each ends in the transaction's number.
INDEXES = ("index", "hints", "integrity")
_FILE_URL = "file://"
# A colon before the first slash: another host, or a scheme.
_ADDRESS = re.compile(r"[^/]*:")
_ID = re.compile(r"[0-9a-f]{64}")
_SECTION = "repository"
_LARGEST_CONFIG_BYTES = 1 << 20
_MOST_LOCKS = 100
_DISK: dict[int, Reason] = {
    errno.EACCES: "permission-denied",
    errno.EPERM: "permission-denied",
    errno.ENOSPC: "no-space",
    errno.EDQUOT: "no-space",
    errno.EROFS: "read-only",
}
# A transaction ends with this record: checksum, size, tag. Source: borg's internals, 'Segments'.
_COMMIT_SIZE, _COMMIT_TAG = 9, 2
_COMMIT_BODY = struct.pack("<IB", _COMMIT_SIZE, _COMMIT_TAG)
_COMMIT = struct.pack("<I", zlib.crc32(_COMMIT_BODY)) + _COMMIT_BODY


def local_folder(repository: str) -> Path | None:
    """Return the repository's folder, or None if it is on another host."""
    if repository.startswith(_FILE_URL):
        return Path(repository.removeprefix(_FILE_URL))
    return None if _ADDRESS.match(repository) else Path(repository)


def plain_fault(folder: Path) -> Sighting | None:
    """Return what is plainly wrong with the repository's folder, if anything."""
    try:
        return _missing_part(folder) or _damaged_config(folder) or _lost_commit(folder)
    except OSError as error:
        return disk_fault(error)


def disk_fault(error: OSError) -> Sighting:
    """Return what an error of the file system means for whoever reads a repository."""
    return Sighting(reason=_DISK.get(error.errno or 0, "unreachable"), line=str(error))


def password_fault(path: str | None) -> Sighting | None:
    """Return why the password's file, if there is to be one, holds no password."""
    if path is None:
        return None
    file = Path(path)
    if not file.is_file():
        return Sighting(reason="password-unavailable", line=f"{path} is not there")
    if not os.access(path, os.R_OK):
        return Sighting(reason="password-unavailable", line=f"{path} is not readable")
    if file.stat().st_size == 0:
        return Sighting(reason="password-unavailable", line=f"{path} is empty")
    return None


def exposed_password(path: str | None) -> Sighting | None:
    """Return whether every user could read the password's file."""
    if path is not None and Path(path).stat().st_mode & stat.S_IRWXO:
        return Sighting(reason="password-exposed", line=path)
    return None


def locks_in(folder: Path) -> tuple[Lock, ...]:
    """Return the exclusive locks that stand in the repository's folder.

    borg never renews a lock. Each is a file that is named `HOST@NODE.PROCESS-THREAD`.

    Raises:
        OSError: the folder cannot be read.
    """
    place = folder / "lock.exclusive"
    holders = islice(place.iterdir(), _MOST_LOCKS) if place.is_dir() else ()
    return tuple(_lock(path) for path in sorted(holders))


def _lock(path: Path) -> Lock:
    host, _, process = path.name.rpartition(".")
    held_at = dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC)
    label = f"{host.partition('@')[0]}, process {process.partition('-')[0]}"
    return Lock(label=label, held_at=held_at, exclusive=True, renewed=False)


def _missing_part(folder: Path) -> Sighting | None:
    if not folder.is_dir():
        return Sighting(reason="repository-missing", line=f"{folder} is no folder")
    if not (folder / "config").is_file():
        return Sighting(reason="repository-missing", line=f"{folder / 'config'} is not there")
    return None


def _damaged_config(folder: Path) -> Sighting | None:
    path = folder / "config"
    config = configparser.ConfigParser(interpolation=None)
    with path.open("rb") as file:
        octets = file.read(_LARGEST_CONFIG_BYTES)
    try:
        config.read_string(octets.decode("utf-8"))
        if not _ID.fullmatch(config[_SECTION]["id"]) or config.getint(_SECTION, "version") < 1:
            return Sighting(reason="config-damaged", line=f"{path} names no repository")
        binascii.a2b_base64(config.get(_SECTION, "key", fallback=""))
    except binascii.Error:
        return Sighting(reason="key-damaged", line=str(path))
    except (configparser.Error, KeyError, ValueError):
        return Sighting(reason="config-damaged", line=f"{path} cannot be understood")
    return None


def _lost_commit(folder: Path) -> Sighting | None:
    """Tell whether the last transaction's end is gone: borg silently goes back to an older one.

    Then every call passes on what is left (tried with 1.2.4), as if later backups never were.
    """
    newest = max(_transactions(folder), default=None)
    if newest is None or _is_committed(folder, newest):
        return None
    if any(locks_in(folder)):
        return Sighting(reason="locked", line=f"transaction {newest} is being replaced")
    return Sighting(reason="pack-damaged", line=f"the end of transaction {newest} is gone")


def _transactions(folder: Path) -> Iterator[int]:
    for path in folder.iterdir():
        kind, _, number = path.name.partition(".")
        if kind in INDEXES and number.isdecimal():
            yield int(number)


def _is_committed(folder: Path, number: int) -> bool:
    found = next((folder / "data").glob(f"*/{number}"), None)
    if found is None or found.stat().st_size < _COMMIT_SIZE:
        return False
    with found.open("rb") as file:
        file.seek(-_COMMIT_SIZE, os.SEEK_END)
        return file.read(_COMMIT_SIZE) == _COMMIT
