"""Mail through an SMTP server, one recipient a message, over one lasting connection."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec

from ccir.channels.interface import Kind, Surroundings, Traits
from ccir.channels.mime import Letterhead, has_control_character, is_address
from ccir.channels.rate import PaceSettings, paced
from ccir.channels.secret_file import read_secret
from ccir.channels.smtp_connection import Access, StartTls
from ccir.channels.smtp_session import LIMIT_RETURN_LOCAL, Envelope, SmtpSession
from ccir.domain.outcomes import CheckResult
from ccir.errors import CcirError, InvalidDocumentError

Seconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]


class SmtpSettings(PaceSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table `[channels.NAME]` with `kind = "smtp"`; times are seconds.

    `final_timeout` is how long to wait for the answer to a whole message: RFC 5321 §4.5.3.2.6
    asks for ten minutes, and a shorter wait turns slow answers into unknown ones. `bounces` is
    the address that mail which cannot be delivered comes back to: each message names its own
    form of it (`bounces+TAG@`), so that whoever reads that mailbox knows which it was.
    """

    host: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._:-]{1,255}\Z")]
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 587
    sender: str = msgspec.field(name="from")
    from_name: str = ""
    reply_to: str = ""
    bounces: str = ""
    starttls: StartTls = "required"
    ca_file: str | None = None
    user: str = ""
    password_file: str | None = None
    helo: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9.\[\]:-]{0,255}\Z")] = ""
    connect_timeout: Seconds = 10.0
    reply_timeout: Seconds = 60.0
    final_timeout: Seconds = 600.0


class Smtp:
    """A mail server that takes the organisation's mail."""

    def __init__(self, name: str, settings: SmtpSettings, surroundings: Surroundings) -> None:
        _refuse_unfit(name, settings)
        self._name = name
        self._settings = settings
        self._folder = surroundings.folder
        self._clock = surroundings.clock

    @property
    def traits(self) -> Traits:
        """Return what a sender has to know."""
        settings = self._settings
        domain = settings.sender.rpartition("@")[2].lower()
        return paced(Traits(domain=domain), settings)

    @contextmanager
    def open(self) -> Iterator[SmtpSession]:
        """Connect; leaving the context closes the connection.

        Raises:
            UnavailableError: the server cannot be reached or lets nobody in.
        """
        session = self._session()
        try:
            session.connect()
            yield session
        finally:
            session.close()

    def probe(self) -> CheckResult:
        """Connect, log in and offer the sender's address, without naming a recipient."""
        name = f"channel {self._name}"
        try:
            with self.open() as session:
                session.probe()
        except CcirError as error:
            return CheckResult(
                name=name, verdict="error", reason=error.code, detail=error.message, hint=error.hint
            )
        server = f"{self._settings.host}:{self._settings.port}"
        return CheckResult(
            name=name, verdict="pass", detail=f"{server} takes mail from {self._settings.sender}"
        )

    def _session(self) -> SmtpSession:
        settings = self._settings
        head = Letterhead(
            sender=settings.sender, sender_name=settings.from_name, reply_to=settings.reply_to
        )
        return SmtpSession(
            self._access(),
            Envelope(head=head, bounces=settings.bounces),
            clock=self._clock,
            final_seconds=settings.final_timeout,
        )

    def _access(self) -> Access:
        settings = self._settings
        password = settings.password_file
        return Access(
            host=settings.host,
            port=settings.port,
            starttls=settings.starttls,
            ca_file=self._path(settings.ca_file),
            user=settings.user,
            password=read_secret(self._folder / password) if password else None,
            helo=settings.helo,
            connect_seconds=settings.connect_timeout,
            reply_seconds=settings.reply_timeout,
        )

    def _path(self, setting: str | None) -> Path | None:
        return self._folder / setting if setting else None


def _refuse_unfit(name: str, settings: SmtpSettings) -> None:
    complaints = {
        "'from' must be one plain mail address": is_address(settings.sender),
        "'reply_to' must be one plain mail address": not settings.reply_to
        or is_address(settings.reply_to),
        "'bounces' must be one plain mail address of at most 20 letters before the @": (
            not settings.bounces or _takes_tag(settings.bounces)
        ),
        "'from_name' must be one line": not has_control_character(settings.from_name),
        "'user' and 'password_file' need each other": bool(settings.user)
        == bool(settings.password_file),
        "a password would travel unprotected: 'starttls' must be \"required\"": (
            not settings.user or settings.starttls == "required" or _is_loopback(settings.host)
        ),
    }
    for complaint, is_fit in complaints.items():
        if not is_fit:
            raise InvalidDocumentError(
                f"[channels.{name}] cannot be used: {complaint}", hint="correct it in ccir.toml"
            )


def _takes_tag(address: str) -> bool:
    local = address.rpartition("@")[0]
    return is_address(address) and "+" not in local and len(local) <= LIMIT_RETURN_LOCAL


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


MEMBER = Kind(SmtpSettings, build=Smtp)
