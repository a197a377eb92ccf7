"""Passwords and tokens, read from private files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ccir.config.values import Secret
from ccir.errors import InvalidDocumentError, UnavailableError

LIMIT_BYTES = 16 * 1024


def read_secret(path: Path) -> Secret:
    """Return the one line of a file that only its owner may read.

    Raises:
        UnavailableError: the file is missing or cannot be read.
        InvalidDocumentError: others may read it, or it does not hold exactly one line.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            content = file.read(LIMIT_BYTES + 1)
    except OSError as error:
        raise UnavailableError(
            f"the secret in {path} cannot be read: {error.strerror}", hint="create the file"
        ) from error
    if mode & 0o077:
        raise InvalidDocumentError(
            f"{path} holds a secret that others may read (mode {mode:04o})",
            hint=f"chmod 600 {path}",
        )
    return Secret(_only_line(path, content))


def _only_line(path: Path, content: bytes) -> str:
    lines = content.decode("utf-8", "replace").split("\n")
    filled = [line.strip("\r") for line in lines if line.strip()]
    if len(filled) != 1 or len(content) > LIMIT_BYTES or not filled[0].isprintable():
        raise InvalidDocumentError(
            f"{path} must hold one line of text", hint="write the secret alone into the file"
        )
    return filled[0]
