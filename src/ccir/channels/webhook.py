"""A web service that takes each message by a signed POST, one recipient a message.

1. The request carries the stable message id as its idempotency key, so that a service that
   keeps to the key can be given a message again without telling anybody twice.
2. Its signature covers the time of sending and the exact body.
3. Only a 2xx reply, received whole, means that the message was taken.
4. The URL may hold a token: no message, receipt or log shows any part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import msgspec

from ccir.channels.interface import Kind, Surroundings, Traits
from ccir.channels.rate import PaceSettings, paced
from ccir.channels.secret_file import read_secret
from ccir.channels.webhook_connection import Access, tls_context
from ccir.channels.webhook_session import WebhookSession
from ccir.channels.webhook_target import Target, target_of
from ccir.config.values import Secret
from ccir.domain.outcomes import CheckResult
from ccir.errors import CcirError, InvalidDocumentError

LEAST_KEY_BYTES = 16


class WebhookSettings(PaceSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table `[channels.NAME]` with `kind = "webhook"`: one URL, better in a private file.

    `secret_file` holds the signature's key as one line of text. `timeout` is how many seconds
    to wait for the connection, and then for the whole reply. `allow_private` admits addresses
    inside the own network, and `http`. `form` is what the service is given: the mail's subject,
    text and HTML, or the SMS form with the recipient's phone number.
    """

    url: str = ""
    url_file: str = ""
    secret_file: Annotated[str, msgspec.Meta(min_length=1)]
    ca_file: str | None = None
    allow_private: bool = False
    timeout: Annotated[float, msgspec.Meta(gt=0, le=300)] = 30.0
    form: Literal["mail", "sms"] = "mail"

    def __repr__(self) -> str:
        return f"WebhookSettings(url='***', url_file={self.url_file!r})"


class Webhook:
    """A web service that passes messages on."""

    def __init__(self, name: str, settings: WebhookSettings, surroundings: Surroundings) -> None:
        if bool(settings.url) == bool(settings.url_file):
            raise InvalidDocumentError(
                f"[channels.{name}] needs either 'url' or 'url_file'",
                hint='write the URL into a file only you can read and set url_file = "PATH"',
            )
        self._name = name
        self._settings = settings
        self._surroundings = surroundings
        if settings.url:
            self._target(Secret(settings.url))

    @property
    def traits(self) -> Traits:
        """Return what a sender has to know."""
        return paced(Traits(form=self._settings.form), self._settings)

    @contextmanager
    def open(self) -> Iterator[WebhookSession]:
        """Connect; leaving the context closes the connection.

        Raises:
            UnavailableError: the service cannot be reached, or a file is missing.
            InvalidDocumentError: the URL or the key cannot be used.
        """
        session = self._session()
        try:
            session.connect()
            yield session
        finally:
            session.close()

    def probe(self) -> CheckResult:
        """Resolve, connect and encrypt, without sending anything."""
        name = f"channel {self._name}"
        try:
            with self.open():
                pass
        except CcirError as error:
            return CheckResult(
                name=name, verdict="error", reason=error.code, detail=error.message, hint=error.hint
            )
        return CheckResult(
            name=name,
            verdict="pass",
            detail="the service can be reached; only a message shows whether it takes any",
        )

    def _session(self) -> WebhookSession:
        settings, folder = self._settings, self._surroundings.folder
        url = Secret(settings.url) if settings.url else read_secret(folder / settings.url_file)
        target = self._target(url)
        access = Access(
            channel=self._name,
            target=target,
            tls=tls_context(folder / settings.ca_file if settings.ca_file else None)
            if target.is_encrypted
            else None,
            allow_private=settings.allow_private,
            seconds=settings.timeout,
        )
        return WebhookSession(
            access, self._key(), clock=self._surroundings.clock, form=settings.form
        )

    def _target(self, url: Secret) -> Target:
        return target_of(url, channel=self._name, allow_private=self._settings.allow_private)

    def _key(self) -> Secret:
        path = self._surroundings.folder / self._settings.secret_file
        key = read_secret(path)
        if len(key.reveal().encode()) < LEAST_KEY_BYTES:
            raise InvalidDocumentError(
                f"the key in {path} has fewer than {LEAST_KEY_BYTES} bytes",
                hint=f"make one: (umask 077; openssl rand -hex 32 > {path})",
            )
        return key


MEMBER = Kind(WebhookSettings, build=Webhook)
