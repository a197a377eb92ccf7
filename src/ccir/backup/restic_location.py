"""Where a restic repository is, and what is plainly wrong with one that is a folder."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from itertools import islice
from pathlib import Path

from ccir.backup.fault_interface import Sighting
from ccir.backup.interface import Reason

# A letter, then what may stand in a scheme or a host's name, then a colon: no path.
_SCHEME = re.compile(r"[A-Za-z][\w.+@-]*:")
_PASSWORD_IN_URL = re.compile(r"//[^/@\s:]*:([^/@\s]+)@")
_LOCAL = "local:"
_HALF_WRITTEN = "-tmp-"
_MOST_KEYS = 100
_MOST_LOCKS = 10_000
_LARGEST_KEY_BYTES = 65_536


def local_folder(repository: str) -> Path | None:
    """Return the repository's folder, or None if it is behind a scheme or on another host."""
    if repository.startswith(_LOCAL):
        return Path(repository.removeprefix(_LOCAL))
    return None if _SCHEME.match(repository) else Path(repository)


def url_passwords(repository: str) -> tuple[str, ...]:
    """Return the passwords that stand in the repository's address."""
    return tuple(_PASSWORD_IN_URL.findall(repository))


def plain_fault(folder: Path) -> Sighting | None:
    """Return what is plainly wrong with the repository's folder, if anything."""
    try:
        return _missing_part(folder)
    except OSError as error:
        is_denied = isinstance(error, PermissionError)
        return Sighting(reason="permission-denied" if is_denied else "unreachable", line=str(error))


def password_file_fault(path: str | None) -> Sighting | None:
    """Return what is wrong with the password's file, if there is to be one."""
    if path is None:
        return None
    if not Path(path).is_file():
        return Sighting(reason="password-unavailable", line=f"{path} is not there")
    if not os.access(path, os.R_OK):
        return Sighting(reason="password-unavailable", line=f"{path} is not readable")
    if Path(path).stat().st_mode & stat.S_IRWXO:
        return Sighting(reason="password-exposed", line=path)
    return None


def has_damaged_key(folder: Path) -> bool:
    """Tell whether a key is gone or changed: a key's name is the SHA-256 of its content.

    restic 0.14 takes both for a wrong password. Source: restic's design document, 'Keys'.
    """
    try:
        keys = [path for path in islice((folder / "keys").iterdir(), _MOST_KEYS) if path.is_file()]
        return not keys or any(_is_changed(path) for path in keys)
    except OSError:
        return False


def locks_in(folder: Path) -> frozenset[str]:
    """Return the names of the locks that stand in the repository, as far as they can be seen.

    What a killed restic was in the midst of writing is none: restic passes over it too.
    """
    try:
        names = [path.name for path in islice((folder / "locks").iterdir(), _MOST_LOCKS)]
    except OSError:
        return frozenset()
    return frozenset(name for name in names if _HALF_WRITTEN not in name)


def takes_locks(folder: Path) -> bool:
    """Tell whether a lock could be written; where not, nobody else writes there either."""
    return os.access(folder / "locks", os.W_OK)


def _missing_part(folder: Path) -> Sighting | None:
    config = folder / "config"
    if not folder.is_dir():
        return _gone("repository-missing", folder, "is no folder")
    if not config.is_file():
        return _gone("repository-missing", config, "is not there")
    if config.stat().st_size == 0:
        return _gone("config-damaged", config, "is empty")
    if not any((folder / "keys").glob("*")):
        return _gone("key-damaged", folder / "keys", "holds no key")
    return None


def _gone(reason: Reason, path: Path, what: str) -> Sighting:
    return Sighting(reason=reason, line=f"{path} {what}")


def _is_changed(path: Path) -> bool:
    with path.open("rb") as file:
        content = file.read(_LARGEST_KEY_BYTES)
    return hashlib.sha256(content).hexdigest() != path.name
