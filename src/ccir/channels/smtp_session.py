"""One message after the other over an SMTP connection that is renewed when it breaks.

1. MAIL: the server takes the sender, or no message can be sent at all.
2. RCPT: the server takes the recipient, or refuses this one message.
3. DATA and the content up to the final dot: lost here, nothing can have been taken.
4. The answer to the final dot: lost here, nobody knows (RFC 1047).
"""

from __future__ import annotations

import smtplib
from contextlib import suppress

from ccir.channels import smtp_replies as replies
from ccir.channels.interface import Message
from ccir.channels.mime import Letterhead, assemble
from ccir.channels.smtp_connection import Access, connect, unavailable
from ccir.channels.smtp_replies import Reply
from ccir.domain.notices import Receipt
from ccir.errors import UnavailableError

LOST = (OSError, smtplib.SMTPException)
_QUIT_SECONDS = 5.0  # a polite word, worth no longer wait


class SmtpSession:
    """Sends messages with one letterhead; `final_seconds` is the patience after the last dot."""

    def __init__(self, access: Access, head: Letterhead, *, final_seconds: float) -> None:
        self._access = access
        self._head = head
        self._final_seconds = final_seconds
        self._connection: smtplib.SMTP | None = None

    def connect(self) -> None:
        """Connect before there is a message to send.

        Raises:
            UnavailableError: there is no server, or it lacks what the settings ask for.
        """
        self._connection = connect(self._access)

    def send(self, message: Message) -> Receipt:
        """Send one message and return what the server said.

        Raises:
            UnavailableError: the server cannot be reached, or refuses the sender.
            InvalidDocumentError: the message does not fit into a mail.
        """
        content = assemble(message, self._head)
        connection = self.offer_sender()
        try:
            refusal = self._offer_recipient(connection, message.to)
            if refusal is not None:
                self.take_back(connection)
                return refusal
            # sendall raises unless the last byte was handed over: without the final dot the
            # server must not take the message.
            connection.send(_with_final_dot(content))
        except LOST:
            self._drop()
            return replies.lost_before_the_end()
        return self._answer(connection, message.to)

    def offer_sender(self) -> smtplib.SMTP:
        """Return a connection on which the server took the sender, a new one if need be.

        Raises:
            UnavailableError: the server cannot be reached, or refuses the sender.
        """
        if self._connection is not None:
            reply = self._mail(self._connection)
            if replies.is_positive(reply):
                return self._connection
            self._drop()
            if replies.is_permanent(reply):
                raise self._refused(reply)
        return self._offer_anew()

    def take_back(self, connection: smtplib.SMTP) -> None:
        """Forget the sender and recipient offered so far; a connection that cannot is dropped."""
        try:
            is_clean = replies.is_positive(connection.rset())
        except LOST:
            is_clean = False
        if not is_clean:
            self._drop()

    def close(self) -> None:
        """Say goodbye and close the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        _wait_at_most(_QUIT_SECONDS, connection)
        with suppress(*LOST):
            connection.quit()
        connection.close()

    def _offer_anew(self) -> smtplib.SMTP:
        self._connection = connect(self._access)
        reply = self._mail(self._connection)
        if replies.is_positive(reply):
            return self._connection
        self._drop()
        raise self._refused(reply)

    def _mail(self, connection: smtplib.SMTP) -> Reply:
        try:
            return connection.docmd("MAIL", f"FROM:<{self._head.sender}>")
        except LOST:
            return (replies.SERVICE_CLOSING, b"the connection was lost")

    def _offer_recipient(self, connection: smtplib.SMTP, address: str) -> Receipt | None:
        reply = connection.docmd("RCPT", f"TO:<{address}>")
        if reply[0] == replies.LOGIN_REQUIRED:
            self._drop()
            raise self._refused(reply)
        if not replies.is_positive(reply):
            return replies.refused(reply, address=address, phase="recipient")
        reply = connection.docmd("DATA")
        if reply[0] != replies.GO_AHEAD:
            return replies.refused(reply, address=address, phase="data")
        return None

    def _answer(self, connection: smtplib.SMTP, address: str) -> Receipt:
        _wait_at_most(self._final_seconds, connection)
        try:
            reply = connection.getreply()
        except LOST:
            self._drop()
            return replies.lost_after_the_end()
        if replies.is_positive(reply):
            _wait_at_most(self._access.reply_seconds, connection)
            return replies.accepted(reply, address=address)
        self._drop()
        return replies.refused(reply, address=address, phase="content")

    def _refused(self, reply: Reply) -> UnavailableError:
        return unavailable(self._access, reply, doing=f"mail from {self._head.sender}")

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _with_final_dot(content: bytes) -> bytes:
    """Return the content with its dots doubled where a line starts with one (RFC 5321 §4.5.2)."""
    return content.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _wait_at_most(seconds: float, connection: smtplib.SMTP) -> None:
    if connection.sock is not None:
        connection.sock.settimeout(seconds)
