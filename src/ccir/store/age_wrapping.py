"""Wraps a key so that any of several people can open it with a key of her own (age, X25519).

Source: https://age-encryption.org/v1. pyrage, an extra, is imported only where it is used.
"""

from __future__ import annotations

import stat
from pathlib import Path
from types import ModuleType
from typing import cast

from ccir.errors import InvalidDocumentError, RefusedError, UnavailableError

_SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - how such a line begins


def wrapped(key: bytes, holders: tuple[str, ...]) -> bytes:
    """Return the key sealed to every holder, each named by a public key `age1…`.

    Raises:
        UnavailableError: pyrage is not installed.
        InvalidDocumentError: a holder is no public key.
    """
    pyrage = _pyrage()
    recipients = []
    for holder in holders:
        try:
            recipients.append(pyrage.x25519.Recipient.from_str(holder))
        except pyrage.RecipientError as error:
            raise InvalidDocumentError(
                f"'{holder}' in [privacy] age_recipients is no age public key",
                hint="give lines that begin with age1, as `age-keygen` prints them",
            ) from error
    sealed: bytes = pyrage.encrypt(key, recipients)
    return sealed


def unwrapped(sealed: bytes, *, identity: Path | None, run: str) -> bytes:
    """Return the key, opened with the private keys in a holder's file.

    Raises:
        UnavailableError: pyrage or the file is missing, or none of its keys is a holder's.
        RefusedError: others may read the file.
        InvalidDocumentError: the file holds no private key.
    """
    pyrage = _pyrage()
    if identity is None:
        raise UnavailableError(
            f"the recipients of {run} are sealed to people, not to this installation",
            hint="a holder sets CCIR_AGE_IDENTITY to the file with her age key",
        )
    try:
        key: bytes = pyrage.decrypt(sealed, _identities(pyrage, identity))
    except pyrage.DecryptError as error:
        raise UnavailableError(
            f"no key in {identity} opens the recipients of {run}",
            hint="use the key of one of those who stood in [privacy] age_recipients",
        ) from error
    return key


def _identities(pyrage: ModuleType, path: Path) -> list[object]:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnavailableError(
            f"the age key file {path} cannot be read", hint="check the path and its owner"
        ) from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise RefusedError(
            f"the age key file {path} is open to others (mode {mode:04o})",
            hint=f"run `chmod 600 {path}` and ask who may have read it",
        )
    try:
        found = [
            pyrage.x25519.Identity.from_str(line.strip())
            for line in lines
            if line.startswith(_SECRET)
        ]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise InvalidDocumentError(
            f"{path} holds no age key", hint="make one with `age-keygen -o FILE`"
        )
    return found


def _pyrage() -> ModuleType:
    try:
        import pyrage as module
    except ImportError as error:
        raise UnavailableError(
            "keys are to be sealed to people, and pyrage is not installed",
            hint="pip install 'ccir[age]'",
        ) from error
    return cast("ModuleType", module)
