"""Letters on paper, kept one by one as private files until a batch is made of them.

1. A letter is accepted once its file is durable: then no crash loses it, and the same message
   sent again finds its file and writes nothing.
2. Without a postal address that fits into an envelope's window there is no letter.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

import msgspec

from ccir.channels.interface import Message
from ccir.channels.mime import has_control_character
from ccir.channels.outbox_files import write_once
from ccir.domain.notices import Receipt
from ccir.errors import InvalidDocumentError, UnavailableError

FOLDER: Final = "letters"
LIMIT_LINES: Final = 6  # DIN 5008: the address zone of a window
LIMIT_LINE: Final = 60  # characters: a longer one would not be legible in it

_NAME_DIGITS: Final = 32  # of the message id's SHA-256: no two messages share a file
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One message as a letter; `letter` is its own id, `date` in ISO 8601 (UTC)."""

    letter: str
    language: str
    date: str
    postal: tuple[str, ...]
    subject: str
    text: str
    html: str


def letter_of(message: Message) -> Letter:
    """Return the message as a letter.

    Raises:
        InvalidDocumentError: its subject is more than a line, or its language unknown on paper.
    """
    if has_control_character(message.subject):
        raise InvalidDocumentError(
            "the subject cannot stand in one line", hint="correct the subject"
        )
    if not _LANGUAGE.fullmatch(message.language):
        raise InvalidDocumentError(
            f"no letter can be set in '{message.language}'", hint="use a tag like en or de-AT"
        )
    return Letter(
        letter=hashlib.sha256(message.message_id.encode()).hexdigest()[:_NAME_DIGITS],
        language=message.language,
        date=message.date.isoformat(),
        postal=message.postal,
        subject=message.subject,
        text=message.text,
        html=message.html,
    )


def misaddressed(letter: Letter) -> str:
    """Return why the letter would not arrive; empty where its address is fit."""
    if not letter.postal:
        return "no postal address: street, postal_code and city, or address_1 to address_6"
    if len(letter.postal) > LIMIT_LINES or max(map(len, letter.postal)) > LIMIT_LINE:
        return f"the postal address has more than {LIMIT_LINES} lines of {LIMIT_LINE} characters"
    if any(has_control_character(line) for line in letter.postal):
        return "a control character in the postal address"
    return ""


def keep(folder: Path, letter: Letter) -> Receipt:
    """Write the letter's file into the outbox durably.

    Raises:
        InvalidDocumentError: a text is no Unicode.
        OSError: the folder cannot be written.
    """
    path = path_of(folder, letter.letter)
    try:
        content = msgspec.json.encode(letter)
    except UnicodeError as error:
        raise InvalidDocumentError(
            "the message holds half a character", hint="correct the notice's text"
        ) from error
    name = f"{FOLDER}/{path.name}"
    if write_once(path, content):
        return Receipt(state="accepted", reply=f"kept as {name} for the next batch")
    return Receipt(state="refused-permanent", reply=f"{name} holds another message")


def path_of(folder: Path, letter: str) -> Path:
    """Return where the outbox keeps a letter."""
    return folder / FOLDER / f"{letter}.json"


def read_letter(folder: Path, name: str) -> tuple[Letter, str]:
    """Return a kept letter and the SHA-256 of its file.

    Raises:
        UnavailableError: it is gone, or is no letter.
    """
    try:
        content = path_of(folder, name).read_bytes()
        return msgspec.json.decode(content, type=Letter), hashlib.sha256(content).hexdigest()
    except (OSError, msgspec.MsgspecError) as error:
        raise UnavailableError(
            f"the letter {FOLDER}/{name}.json cannot be read",
            hint="bring the file back; the batch it belongs to is made then",
        ) from error
