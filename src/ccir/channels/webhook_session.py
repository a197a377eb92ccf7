"""One signed request after the other over a connection that is renewed when it breaks.

1. The connection: without one nothing was taken, and no message can be sent at present.
2. The request up to its last byte: lost here, nothing can have been taken.
3. The whole reply: lost here, nobody knows.
"""

from __future__ import annotations

from ccir.channels import webhook_replies as replies
from ccir.channels.interface import Form, Message
from ccir.channels.webhook_connection import Access, connect
from ccir.channels.webhook_request import body_of, request_of
from ccir.channels.webhook_wire import BROKEN, Wire
from ccir.clock import Clock
from ccir.config.values import Secret
from ccir.domain.notices import Receipt
from ccir.errors import UnavailableError


class WebhookSession:
    """Gives messages to one service, each signed with the key."""

    def __init__(self, access: Access, key: Secret, *, clock: Clock, form: Form = "mail") -> None:
        self._access = access
        self._key = key
        self._clock = clock
        self._form = form
        self._wire: Wire | None = None

    def connect(self) -> None:
        """Connect before there is a message to send.

        Raises:
            UnavailableError: the service cannot be reached, or not as the settings ask.
        """
        self._renewed()

    def send(self, message: Message) -> Receipt:
        """Post one message and return what the service said.

        Raises:
            UnavailableError: the service cannot be reached, or lets no message in.
            InvalidDocumentError: the message does not fit into a request.
        """
        if self._form == "sms" and not message.phone:
            return replies.no_phone()
        body = body_of(message, form=self._form)
        wire = self._ready()
        request = request_of(
            body,
            self._access.target,
            message_id=message.message_id,
            key=self._key,
            now=self._clock.now(),
        )
        try:
            wire.give(request)
        except OSError:
            self.close()
            return replies.lost_before_the_end()
        return self._answer(wire)

    def close(self) -> None:
        """Close the connection, if there is one."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def _ready(self) -> Wire:
        # A service closes what is idle: a request given to such a connection would be in doubt.
        if self._wire is not None and self._wire.is_quiet():
            return self._wire
        self.close()
        return self._renewed()

    def _renewed(self) -> Wire:
        connection = connect(self._access)
        self._wire = Wire(connection, self._clock, seconds=self._access.seconds)
        return self._wire

    def _answer(self, wire: Wire) -> Receipt:
        try:
            reply = wire.reply()
        except BROKEN:
            self.close()
            return replies.lost_after_the_end()
        if reply.is_last:
            self.close()
        if replies.is_about_the_channel(reply):
            self.close()
            raise UnavailableError(
                f"the channel's web service answers HTTP {reply.status} and took nothing",
                hint="check its URL (redirects are not followed) and the key, then send again",
            )
        return replies.receipt(reply)
