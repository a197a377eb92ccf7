"""Writes a fresh canary into the data that is about to be backed up."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from ccir.domain.canary import MOST_BYTES, NONCE_BYTES, Canary, encode, is_canary, new_canary
from ccir.engine.surroundings import Surroundings
from ccir.errors import RefusedError, UnavailableError
from ccir.store.state_folder import FILE_MODE, settle

_SUFFIX_BYTES = 4


def write_canary(file: Path, surroundings: Surroundings) -> Canary:
    """Write a fresh canary, so that the file always holds a whole one, and return it.

    A canary that is there keeps its mode and, as far as this user may give it, its owner.

    Raises:
        RefusedError: the file is there and is no canary.
        UnavailableError: it cannot be read or written.
    """
    entropy = surroundings.entropy
    canary = new_canary(entropy.octets(NONCE_BYTES), at=surroundings.clock.now())
    draft = file.with_name(f".{file.name}.{entropy.octets(_SUFFIX_BYTES).hex()}.new")
    try:
        before = _present(file)
        try:
            _write(draft, encode(canary), before)
            settle(draft, file)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise UnavailableError(
            f"the canary '{file}' cannot be written: {error.strerror}",
            hint="name a file in a folder that is backed up and that this user may write to",
        ) from error
    return canary


def _present(file: Path) -> os.stat_result | None:
    """Return the status of the canary that is to be replaced, None where there is no file."""
    try:
        status = file.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode) or not is_canary(_head(file)):
        raise RefusedError(
            f"'{file}' is there and is no canary, so it is not overwritten",
            hint="name another file, or look at this one and remove it",
        )
    return status


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES)


def _write(draft: Path, octets: bytes, before: os.stat_result | None) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    with os.fdopen(os.open(draft, flags, FILE_MODE), "wb") as to:
        if before is not None:
            with suppress(PermissionError):  # only root may give a file to somebody else
                os.fchown(to.fileno(), before.st_uid, before.st_gid)
            os.fchmod(to.fileno(), stat.S_IMODE(before.st_mode))
        to.write(octets)
        to.flush()
        os.fsync(to.fileno())
