"""The installation's own key: made once, kept in a private file, never shown."""

from __future__ import annotations

import stat
from pathlib import Path

from ccir.entropy import Entropy
from ccir.errors import RefusedError, StoreDamagedError, UnavailableError
from ccir.store.state_folder import make_private, told_as_unavailable, write_new

KEY_BYTES = 32
_COPY = "bring it back from its copy: without it sealed texts and recipients stay closed"


class InstallationKey:
    """The key's bytes, which no printed or logged form of it shows."""

    __slots__ = ("_octets",)

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def __repr__(self) -> str:
        """Return a form that shows nothing."""
        return "InstallationKey(***)"

    def reveal(self) -> bytes:
        """Return the bytes, for deriving keys only."""
        return self._octets


def make_key(path: Path, *, entropy: Entropy) -> None:
    """Make the key's file and its folder unless there is one.

    Raises:
        UnavailableError: the file cannot be written.
    """
    make_private(path.parent)
    if not path.exists():
        write_new(path, entropy.octets(KEY_BYTES))


def read_key(path: Path) -> InstallationKey:
    """Return the key that lies in the file.

    Raises:
        UnavailableError: there is no such file, or it cannot be read.
        RefusedError: others than its owner may read it.
        StoreDamagedError: it is not as long as a key.
    """
    if not path.exists():
        raise UnavailableError(f"the installation key {path} is missing", hint=_COPY)
    with told_as_unavailable(path):
        mode = stat.S_IMODE(path.stat().st_mode)
        octets = path.read_bytes()
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise RefusedError(
            f"the installation key {path} is open to others (mode {mode:04o})",
            hint=f"run `chmod 600 {path}` and ask who may have read it",
        )
    if len(octets) != KEY_BYTES:
        raise StoreDamagedError(
            f"the installation key {path} has {len(octets)} bytes instead of {KEY_BYTES}",
            hint=_COPY,
        )
    return InstallationKey(octets)
