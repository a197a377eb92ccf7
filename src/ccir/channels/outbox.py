"""Mail as files in a folder, for the time when the network is down."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ccir.channels.interface import NO_DOMAIN, Kind, Message, Surroundings, Traits
from ccir.channels.mime import Letterhead, assemble, is_address
from ccir.channels.outbox_files import write_index, write_once
from ccir.domain.notices import Receipt
from ccir.domain.outcomes import CheckResult
from ccir.errors import InvalidDocumentError, UnavailableError

_NAME_DIGITS = 32  # of the message id's SHA-256: no two messages share a file


class OutboxSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table `[channels.NAME]` with `kind = "outbox"`; `from` stands in the mails' header."""

    folder: str
    sender: str = msgspec.field(name="from", default=f"ccir@{NO_DOMAIN}")


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


class Outbox:
    """A folder that takes mails as files."""

    def __init__(self, name: str, settings: OutboxSettings, surroundings: Surroundings) -> None:
        if not is_address(settings.sender):
            raise InvalidDocumentError(
                f"[channels.{name}] cannot be used: 'from' must be one plain mail address",
                hint="correct it in ccir.toml",
            )
        self._name = name
        self._sender = settings.sender
        self._folder = surroundings.folder / settings.folder

    @property
    def traits(self) -> Traits:
        """Return what a sender has to know."""
        return Traits(domain=self._sender.rpartition("@")[2].lower())

    @contextmanager
    def open(self) -> Iterator[OutboxSession]:
        """Make the folder; leaving the context lists all its mails in `index.csv`.

        Raises:
            UnavailableError: the folder cannot be made or written.
        """
        _make(self._folder)
        try:
            yield OutboxSession(self._folder, Letterhead(sender=self._sender))
        finally:
            _list(self._folder)

    def probe(self) -> CheckResult:
        """Find out whether the folder, or the nearest one above it, can be written."""
        name = f"channel {self._name}"
        nearest = next(path for path in (self._folder, *self._folder.parents) if path.exists())
        if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
            return CheckResult(name=name, verdict="pass", detail=f"{self._folder} can be written")
        return CheckResult(
            name=name,
            verdict="error",
            reason="unwritable",
            detail=f"{nearest} cannot be written",
            hint="name another folder in ccir.toml, or change its owner",
        )


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
