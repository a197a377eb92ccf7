"""Mails that came back, one at a time, from a maildir, an mbox file or a folder of .eml files.

Nothing is ever moved, marked or removed there: other people's mail may lie beside them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ccir.errors import InvalidDocumentError, NotFoundError

LIMIT_MAIL_BYTES = 512 * 1024  # what a report says stands before the message that came back
_SUBFOLDERS = ("new", "cur")
_LINE_BYTES = 64 * 1024
_FROM = b"From "


def mails_in(place: Path) -> Iterator[bytes]:
    """Yield each mail's bytes, of a longer one the first `LIMIT_MAIL_BYTES`.

    Raises:
        NotFoundError: there is no such file or folder, or it cannot be read.
        InvalidDocumentError: it is neither a maildir, nor an mbox, nor a folder with .eml files.
    """
    if not place.is_dir():
        yield from _mbox(place)
    elif any((place / name).is_dir() for name in _SUBFOLDERS):
        for name in _SUBFOLDERS:
            yield from _folder(place / name, ending="")
    else:
        if next(place.glob("*.eml"), None) is None:
            raise InvalidDocumentError(
                f"'{place}' is no maildir and holds no .eml file",
                hint="give a folder with new/ and cur/, an mbox file, or a folder of .eml files",
            )
        yield from _folder(place, ending=".eml")


def _folder(folder: Path, *, ending: str) -> Iterator[bytes]:
    if not folder.is_dir():
        return
    try:
        names = sorted(each.name for each in folder.iterdir())
    except OSError as error:
        raise _unreadable(folder, error) from error
    for name in names:
        if name.startswith(".") or not name.endswith(ending):
            continue
        octets = _mail_file(folder / name)
        if octets is not None:
            yield octets


def _mail_file(path: Path) -> bytes | None:
    """Return a file's first bytes; None where it is no plain file, or gone meanwhile."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return None  # a mail program moved it
    except OSError as error:
        if path.is_symlink():
            return None
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read(LIMIT_MAIL_BYTES)


def _mbox(path: Path) -> Iterator[bytes]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error
    with file:
        first = file.readline(_LINE_BYTES)
        if not first:
            return
        if not first.startswith(_FROM):
            raise InvalidDocumentError(
                f"'{path}' is no mbox: it does not begin with 'From '",
                hint="give a maildir, an mbox file, or a folder of .eml files",
            )
        yield from _separated(file)


def _separated(file: BinaryIO) -> Iterator[bytes]:
    """Yield the mails of an mbox (RFC 4155), each after the line that begins it."""
    mail = bytearray()
    after_blank, at_start = False, True
    while line := file.readline(_LINE_BYTES):
        if at_start and after_blank and line.startswith(_FROM):
            yield bytes(mail)
            mail.clear()
        elif len(mail) < LIMIT_MAIL_BYTES:
            mail += line[: LIMIT_MAIL_BYTES - len(mail)]
        after_blank = at_start and line in {b"\n", b"\r\n"}
        at_start = line.endswith(b"\n")
    yield bytes(mail)


def _unreadable(path: Path, error: OSError) -> NotFoundError:
    return NotFoundError(
        f"'{path}' cannot be read: {error.strerror}",
        hint="give the maildir or mbox that mail for `bounces` comes to, readable for you",
    )
