"""Mail or letters as files in a folder: for when the network is down, or for a print house."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from ccir.channels import outbox_batches as batches
from ccir.channels.interface import NO_DOMAIN, Kind, Message, Session, Surroundings, Traits
from ccir.channels.mime import Letterhead, assemble, is_address
from ccir.channels.outbox_files import write_index, write_once
from ccir.channels.outbox_letters import FOLDER, keep, letter_of, misaddressed
from ccir.channels.outbox_print import PrintTable
from ccir.channels.outbox_typst import Layout, Style, Typesetter
from ccir.domain.notices import Receipt
from ccir.domain.outcomes import CheckResult
from ccir.errors import InvalidDocumentError, UnavailableError

LIMIT_RETURN = 70  # characters: a longer line would not fit into the window
_NAME_DIGITS = 32  # of the message id's SHA-256: no two messages share a file


class OutboxSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table `[channels.NAME]` with `kind = "outbox"`; `from` stands in the mails' header.

    `form` is what is written: mails, a table for a print house, or letters in PDF. Of letters,
    `layout` says where the address stands, `return_address` (one line) stands above it, `fonts`
    is a folder of fonts to be taken first, and `timezone` is the one of their date.
    """

    folder: str
    sender: str = msgspec.field(name="from", default=f"ccir@{NO_DOMAIN}")
    form: Literal["eml", "print", "letters"] = "eml"
    layout: Layout = "din-5008-b"
    return_address: Annotated[str, msgspec.Meta(max_length=LIMIT_RETURN)] = ""
    fonts: str | None = None
    timezone: str = "UTC"


class OutboxSession:
    """Writes mails into a folder."""

    def __init__(self, folder: Path, head: Letterhead) -> None:
        self._folder = folder
        self._head = head

    def send(self, message: Message) -> Receipt:
        """Write one mail; the same message again finds its file and writes nothing.

        Raises:
            UnavailableError: the folder cannot be written.
            InvalidDocumentError: the message does not fit into a mail.
        """
        content = assemble(message, self._head)
        name = hashlib.sha256(message.message_id.encode()).hexdigest()[:_NAME_DIGITS] + ".eml"
        try:
            is_ours = write_once(self._folder / name, content)
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        if is_ours:
            return Receipt(state="accepted", reply=f"written to {name}")
        return Receipt(state="refused-permanent", reply=f"{name} holds another message")


class LetterSession:
    """Keeps letters in a folder until a batch is made of them."""

    def __init__(self, folder: Path, typesetter: Typesetter | None) -> None:
        self._folder = folder
        self._typesetter = typesetter

    def send(self, message: Message) -> Receipt:
        """Keep one letter; the same message again finds its file and writes nothing.

        Raises:
            UnavailableError: the folder cannot be written.
            InvalidDocumentError: the message cannot be a letter.
        """
        letter = letter_of(message)
        reason = misaddressed(letter)
        if not reason and self._typesetter is not None:
            lacking = self._typesetter.lacking(letter)
            named = ", ".join(f"U+{ord(character):04X}" for character in lacking)
            reason = f"no font has the letter's {named}" if lacking else ""
        if reason:
            return Receipt(state="refused-permanent", reply=reason)
        try:
            return keep(self._folder, letter)
        except OSError as error:
            raise _unwritable(self._folder, error) from error


class Outbox:
    """A folder that takes mails or letters as files."""

    def __init__(self, name: str, settings: OutboxSettings, surroundings: Surroundings) -> None:
        if not is_address(settings.sender):
            raise InvalidDocumentError(
                f"[channels.{name}] cannot be used: 'from' must be one plain mail address",
                hint="correct it in ccir.toml",
            )
        self._name = name
        self._settings = settings
        self._zone = _zone(name, settings.timezone)
        self._sender = settings.sender
        self._root = surroundings.folder
        self._folder = self._root / settings.folder

    @property
    def traits(self) -> Traits:
        """Return what a sender has to know."""
        is_paper = self._settings.form != "eml"
        return Traits(
            domain=self._sender.rpartition("@")[2].lower(),
            form="letter" if is_paper else "mail",
            is_batched=is_paper,
        )

    @contextmanager
    def open(self) -> Iterator[Session]:
        """Make the folder; leaving the context lists its mails, or makes batches of its letters.

        Raises:
            UnavailableError: the folder cannot be made or written, or letters cannot be set.
        """
        if self._settings.form == "eml":
            with self._mails() as session:
                yield session
            return
        maker = self._maker()
        _make(self._folder / FOLDER)
        yield LetterSession(self._folder, maker if isinstance(maker, Typesetter) else None)
        try:
            batches.finish(self._folder, maker)
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    @contextmanager
    def _mails(self) -> Iterator[OutboxSession]:
        _make(self._folder)
        try:
            yield OutboxSession(self._folder, Letterhead(sender=self._sender))
        finally:
            _list(self._folder)

    def _prepared(self) -> None:
        """Find out whether letters can be made here.

        Raises:
            UnavailableError: they cannot.
        """
        if self._settings.form != "eml":
            self._maker()

    def _maker(self) -> Typesetter | PrintTable:
        settings = self._settings
        if settings.form == "print":
            return PrintTable(self._zone)
        style = Style(
            layout=settings.layout,
            return_address=settings.return_address,
            fonts=None if settings.fonts is None else self._root / settings.fonts,
            zone=self._zone,
        )
        return Typesetter(style)

    def probe(self) -> CheckResult:
        """Find out whether the folder, or the nearest one above it, can be written."""
        name = f"channel {self._name}"
        try:
            self._prepared()
        except UnavailableError as error:
            return CheckResult(
                name=name, verdict="error", reason=error.code, detail=error.message, hint=error.hint
            )
        nearest = next(path for path in (self._folder, *self._folder.parents) if path.exists())
        if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
            detail = f"{self._folder} can be written{self._waiting()}"
            return CheckResult(name=name, verdict="pass", detail=detail)
        return CheckResult(
            name=name,
            verdict="error",
            reason="unwritable",
            detail=f"{nearest} cannot be written",
            hint="name another folder in ccir.toml, or change its owner",
        )

    def _waiting(self) -> str:
        left = batches.waiting(self._folder) if self._settings.form != "eml" else 0
        return f"; {left} letters wait for their batch: repeat the sending" if left else ""


def _zone(name: str, timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (KeyError, OSError, ValueError) as error:  # a folder, a bad name, or an unknown one
        raise InvalidDocumentError(
            f"[channels.{name}] cannot be used: there is no time zone '{timezone}'",
            hint="name one like Europe/Berlin",
        ) from error


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _list(folder: Path) -> None:
    try:
        write_index(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> UnavailableError:
    return UnavailableError(
        f"the outbox {folder} cannot be written: {error.strerror}",
        hint="free some space, or name another folder in ccir.toml",
    )


MEMBER = Kind(OutboxSettings, build=Outbox)
