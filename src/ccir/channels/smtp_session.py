"""One message after the other over an SMTP connection that is renewed when it breaks.

1. MAIL: the server takes the sender, or no message can be sent at all.
2. RCPT: the server takes the recipient, or refuses this one message.
3. DATA and the content up to the final dot: lost here, nothing can have been taken.
4. The answer to the final dot: lost here, nobody knows (RFC 1047).

Where the server offers it, the three commands go in one packet (RFC 2920), which halves the
round trips; what each answer means is the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import smtplib
from contextlib import suppress

import msgspec

from ccir.channels import smtp_replies as replies
from ccir.channels.interface import Message
from ccir.channels.mime import Letterhead, body, header
from ccir.channels.smtp_connection import Access, connect, tls_version, unavailable
from ccir.channels.smtp_replies import Reply
from ccir.clock import Clock
from ccir.domain.notices import Evidence, Receipt
from ccir.errors import UnavailableError

LIMIT_RETURN_LOCAL = 20  # octets; with its tag the local part keeps to RFC 5321's 64

LOST = (OSError, smtplib.SMTPException)
_QUIT_SECONDS = 5.0  # a polite word, worth no longer wait
_HUNG_UP: Reply = (replies.SERVICE_CLOSING, b"the connection was lost")


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on every message: the letterhead, and where one that comes back goes.

    Only an address for `bounces` bears tags: without one, it comes back to the sender's.
    """

    head: Letterhead
    bounces: str = ""

    @property
    def return_to(self) -> str:
        """Return where a message without a tag comes back to."""
        return self.bounces or self.head.sender

    def return_path(self, message: Message) -> str:
        """Return the envelope sender of a message: with its tag, where it has one.

        Source: https://cr.yp.to/proto/verp.txt (variable envelope return path).
        """
        if not self.bounces or not message.bounce_tag:
            return self.return_to
        local, _, host = self.return_to.rpartition("@")
        return f"{local}+{message.bounce_tag}@{host}"


class SmtpSession:
    """Sends messages in one envelope; `final_seconds` is the patience after the last dot."""

    def __init__(
        self, access: Access, envelope: Envelope, *, clock: Clock, final_seconds: float
    ) -> None:
        self._access = access
        self._envelope = envelope
        self._clock = clock
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
        first_lines = header(message, self._envelope.head)
        sender, sent_at = self._envelope.return_path(message), self._clock.now()
        self._begin(sender, message.to)
        content = first_lines + body(message)  # while the server looks at what was offered
        connection = self._taken(sender, message.to)
        try:
            refusal = self._recipient_refusal(connection, message.to)
            if refusal is not None:
                self._take_back(connection)
                return refusal
            # sendall raises unless the last byte was handed over: without the final dot the
            # server must not take the message.
            connection.send(_with_final_dot(content))
        except LOST:
            self._drop()
            return replies.lost_before_the_end()
        evidence = self._evidence(connection, content, sent_at=sent_at)
        return msgspec.structs.replace(self._answer(connection, message.to), evidence=evidence)

    def probe(self) -> None:
        """Find out whether the server takes the sender, and name no recipient.

        Raises:
            UnavailableError: the server cannot be reached, or refuses the sender.
        """
        sender = self._envelope.return_to
        self._begin(sender)
        self._take_back(self._taken(sender))

    def close(self) -> None:
        """Say goodbye and close the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        _wait_at_most(_QUIT_SECONDS, connection)
        with suppress(*LOST):
            connection.quit()
        connection.close()

    def _begin(self, sender: str, recipient: str = "") -> None:
        """Offer the sender, and what may go along, on the connection there is, if there is one."""
        if self._connection is not None:
            _offer(self._connection, sender, recipient)

    def _taken(self, sender: str, recipient: str = "") -> smtplib.SMTP:
        """Return a connection on which the server took the sender, a new one if need be.

        The answers to the commands about the recipient are still to be read.
        """
        if self._connection is not None:
            reply = _read(self._connection)
            if replies.is_positive(reply):
                return self._connection
            self._drop()
            if replies.is_permanent(reply):
                raise self._refused(reply, sender)
        self._connection = connect(self._access)
        _offer(self._connection, sender, recipient)
        reply = _read(self._connection)
        if replies.is_positive(reply):
            return self._connection
        self._drop()
        raise self._refused(reply, sender)

    def _recipient_refusal(self, connection: smtplib.SMTP, address: str) -> Receipt | None:
        """Return why the content cannot be given; None when the server waits for it."""
        if _pipelines(connection):
            reply, go_ahead = connection.getreply(), _read(connection)
        else:
            reply = connection.docmd("RCPT", f"TO:<{address}>")
            is_taken = replies.is_positive(reply)
            go_ahead = connection.docmd("DATA") if is_taken else _HUNG_UP
        if reply[0] == replies.LOGIN_REQUIRED:
            self._drop()
            raise self._refused(reply, self._envelope.return_to)
        if not replies.is_positive(reply):
            if go_ahead[0] == replies.GO_AHEAD:  # RFC 2920 §3.1: then it gets an empty one
                connection.send(b".\r\n")
                connection.getreply()
            return replies.refused(reply, address=address, phase="recipient")
        if go_ahead[0] != replies.GO_AHEAD:
            return replies.refused(go_ahead, address=address, phase="data")
        return None

    def _take_back(self, connection: smtplib.SMTP) -> None:
        """Forget the sender and recipient offered so far; a connection that cannot is dropped."""
        try:
            is_clean = replies.is_positive(connection.rset())
        except LOST:
            is_clean = False
        if not is_clean:
            self._drop()

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

    def _evidence(
        self, connection: smtplib.SMTP, content: bytes, *, sent_at: dt.datetime
    ) -> Evidence:
        return Evidence(
            relay=f"{self._access.host}:{self._access.port}",
            tls=tls_version(connection),
            sent_at=sent_at,
            sha256=hashlib.sha256(content).hexdigest(),
        )

    def _refused(self, reply: Reply, sender: str) -> UnavailableError:
        return unavailable(self._access, reply, doing=f"mail from {_untagged(sender)}")

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _offer(connection: smtplib.SMTP, sender: str, recipient: str) -> None:
    """Offer the sender, with what follows about the recipient where that may go along."""
    commands = f"MAIL FROM:<{sender}>\r\n"
    if recipient and _pipelines(connection):
        commands += f"RCPT TO:<{recipient}>\r\nDATA\r\n"
    with suppress(*LOST):  # reading the answer will tell
        connection.send(commands)


def _read(connection: smtplib.SMTP) -> Reply:
    if connection.sock is None:  # lost while we wrote
        return _HUNG_UP
    try:
        return connection.getreply()
    except LOST:
        return _HUNG_UP


def _pipelines(connection: smtplib.SMTP) -> bool:
    return connection.has_extn("pipelining")


def _untagged(sender: str) -> str:
    local, _, host = sender.rpartition("@")
    return f"{local.partition('+')[0]}@{host}"


def _with_final_dot(content: bytes) -> bytes:
    """Return the content with its dots doubled where a line starts with one (RFC 5321 §4.5.2)."""
    return content.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _wait_at_most(seconds: float, connection: smtplib.SMTP) -> None:
    if connection.sock is not None:
        connection.sock.settimeout(seconds)
