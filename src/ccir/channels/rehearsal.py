"""A stand-in for any channel: writes every message into a folder and reaches nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import msgspec

from ccir.channels.interface import (
    NO_DOMAIN,
    Channel,
    Kind,
    Message,
    Session,
    Surroundings,
    Traits,
    kind_of,
)
from ccir.channels.mime import LIMIT_SUBJECT
from ccir.domain.notices import Receipt
from ccir.domain.outcomes import CheckResult

Mark = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class RehearsalSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table with `kind = "rehearsal"`: where to write, and what the channel stands for.

    `mark` opens every subject, so that nobody takes a file for a real notice. `personal` and
    `domain` are the traits of the channel that this one stands for.
    """

    folder: str
    mark: Mark = "EXERCISE"
    personal: bool = True
    domain: str = NO_DOMAIN


class RehearsalSession:
    """Marks each message and hands it to the folder's session."""

    def __init__(self, session: Session, *, mark: str, is_personal: bool) -> None:
        self._session = session
        self._mark = mark
        self._is_personal = is_personal

    def send(self, message: Message) -> Receipt:
        """Write the marked message; the receipt says that it reached nobody.

        Raises:
            UnavailableError: the folder cannot be written.
            InvalidDocumentError: the message does not fit into a mail.
        """
        receipt = self._session.send(self._marked(message))
        return msgspec.structs.replace(receipt, reply=f"rehearsed, reached nobody: {receipt.reply}")

    def _marked(self, message: Message) -> Message:
        subject = f"[{self._mark}] {message.subject}"[:LIMIT_SUBJECT]
        # A room has no address of its own, and a mail file needs one.
        to = message.to if self._is_personal else f"room@{NO_DOMAIN}"
        return msgspec.structs.replace(message, subject=subject, to=to)


class Rehearsal:
    """A channel of an exercise."""

    def __init__(self, name: str, settings: RehearsalSettings, surroundings: Surroundings) -> None:
        self._settings = settings
        self._folder: Channel = kind_of("outbox").configure(
            name, {"folder": settings.folder}, surroundings
        )

    @property
    def traits(self) -> Traits:
        """Return the traits of the channel that this one stands for."""
        return Traits(personal=self._settings.personal, domain=self._settings.domain)

    @contextmanager
    def open(self) -> Iterator[RehearsalSession]:
        """Open the folder.

        Raises:
            UnavailableError: the folder cannot be made or written.
        """
        with self._folder.open() as session:
            settings = self._settings
            yield RehearsalSession(session, mark=settings.mark, is_personal=settings.personal)

    def probe(self) -> CheckResult:
        """Find out whether the folder can be written."""
        return self._folder.probe()


MEMBER = Kind(RehearsalSettings, build=Rehearsal)
