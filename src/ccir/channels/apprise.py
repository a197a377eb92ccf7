"""Team channels (chat, SMS gateways, pagers) through apprise, one target a channel.

Traps of apprise that this module stands between (tried with 2.2.0): a URL that it does not
understand is only a False; several recipients in one URL give one answer for all; an object
used twice waits seconds; a time-out does not mean that nothing arrived; its log shows tokens.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import msgspec

from ccir.channels.apprise_results import receipt
from ccir.channels.interface import Kind, Message, Surroundings, Traits
from ccir.channels.rate import Rate, per_second
from ccir.channels.secret_file import read_secret
from ccir.config.values import Secret
from ccir.domain.notices import Receipt
from ccir.domain.outcomes import CheckResult
from ccir.errors import CcirError, InvalidDocumentError

if TYPE_CHECKING:
    from apprise import NotifyBase

_MAIL = ("mailto://", "mailtos://")


class AppriseSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table `[channels.NAME]` with `kind = "apprise"`: one URL, better in a private file.

    `timeout` is how many seconds to wait for the service before the answer counts as unknown.
    """

    url: str = ""
    url_file: str = ""
    rate: Rate | None = None
    timeout: Annotated[float, msgspec.Meta(gt=0, le=300)] = 30.0

    def __repr__(self) -> str:
        return f"AppriseSettings(url='***', url_file={self.url_file!r})"


class AppriseSession:
    """Gives messages to one service, each through a fresh object."""

    def __init__(self, url: Secret, *, timeout_seconds: float) -> None:
        self._url = url
        self._timeout_seconds = timeout_seconds

    def send(self, message: Message) -> Receipt:
        """Give one message to the service; the recipient's address is not used.

        Raises:
            InvalidDocumentError: apprise does not understand the URL.
        """
        from apprise import Apprise, NotifyFormat

        with _silence():
            target = Apprise()
            target.add(self._target())
            with target.notify(
                body=message.text,
                title=message.subject,
                body_format=NotifyFormat.TEXT.value,
                log_level=logging.WARNING,
            ) as result:
                lines = [entry.message for entry in result.logs()]
                service = next((one.name for one in result), "the service")
                url = self._url.reveal()
                return receipt(int(result.status), lines, url=url, service=service)

    def check(self) -> str:
        """Return the service's name.

        Raises:
            InvalidDocumentError: apprise does not understand the URL, or it is not one target.
        """
        return str(self._target().service_name)

    def _target(self) -> NotifyBase:
        with _silence():
            found = _instantiate(self._url.reveal(), self._timeout_seconds)
        if found is None:
            raise InvalidDocumentError(
                "apprise does not understand the channel's URL",
                hint="compare it with apprise's documentation of the service",
            )
        # A service counts its targets times its retries; some count a list of targets as one.
        if len(found) != 1 or len(getattr(found, "targets", ())) > 1:
            raise InvalidDocumentError(
                "the channel's URL names several targets or retries: nobody could tell who got it",
                hint="make one channel for each target, without 'retry='",
            )
        return found


class AppriseRoom:
    """A room, a pager or a gateway that takes the team's messages."""

    def __init__(self, name: str, settings: AppriseSettings, surroundings: Surroundings) -> None:
        if bool(settings.url) == bool(settings.url_file):
            raise InvalidDocumentError(
                f"[channels.{name}] needs either 'url' or 'url_file'",
                hint='write the URL into a file only you can read and set url_file = "PATH"',
            )
        if settings.url.startswith(_MAIL):
            raise _is_mail(name)
        self._name = name
        self._settings = settings
        self._folder = surroundings.folder

    @property
    def traits(self) -> Traits:
        """Return what a sender has to know."""
        return Traits(personal=False, per_second=per_second(self._settings.rate))

    @contextmanager
    def open(self) -> Iterator[AppriseSession]:
        """Read the URL and see that apprise understands it; nothing is connected yet.

        Raises:
            UnavailableError: the file with the URL is missing.
            InvalidDocumentError: the URL is not one target that apprise understands.
        """
        url = self._url()
        if url.reveal().startswith(_MAIL):
            raise _is_mail(self._name)
        session = AppriseSession(url, timeout_seconds=self._settings.timeout)
        session.check()
        yield session

    def probe(self) -> CheckResult:
        """Find out whether the URL is understood; whether the service answers, no probe shows."""
        name = f"channel {self._name}"
        try:
            with self.open() as session:
                service = session.check()
        except CcirError as error:
            return CheckResult(
                name=name, verdict="error", reason=error.code, detail=error.message, hint=error.hint
            )
        return CheckResult(
            name=name,
            verdict="skipped",
            reason="not-probed",
            detail=f"the URL is understood ({service}); only a message shows whether it answers",
            hint=f"send a test message with 'ccir alert' over '{self._name}'",
        )

    def _url(self) -> Secret:
        if self._settings.url:
            return Secret(self._settings.url)
        return read_secret(self._folder / self._settings.url_file)


def _instantiate(url: str, timeout_seconds: float) -> NotifyBase | None:
    from apprise import Apprise, AppriseAsset

    asset = AppriseAsset(
        app_id="ccir",
        app_desc="ccir",
        app_url="",
        service_timeout=timeout_seconds,
        storage_mode="memory",  # tokens and rooms stay off the disk
        allow_templates=False,  # a notice's text is sent as it was approved
    )
    return Apprise.instantiate(url, asset=asset)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep apprise's log, which shows URLs, and its deprecated imports away from people."""
    log = logging.getLogger("apprise")
    before = log.propagate
    log.propagate = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        log.propagate = before


def _is_mail(name: str) -> InvalidDocumentError:
    return InvalidDocumentError(
        f"[channels.{name}] sends mail through apprise, which cannot tell who got it",
        hint='use kind = "smtp"',
    )


MEMBER = Kind(AppriseSettings, build=AppriseRoom)
