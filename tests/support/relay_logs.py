"""Lines as Postfix writes them to its log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

STARTED_AT = dt.datetime(2026, 1, 2, 8, 0, tzinfo=dt.UTC)


def line(words: str, *, service: str = "smtp", at: dt.datetime = STARTED_AT) -> bytes:
    """A line of one of Postfix's services, as rsyslog writes it on Debian."""
    return f"{at.isoformat()} relay postfix/{service}[4711]: {words}\n".encode()


def named(message_id: str, *, queue_id: str = "4XkQ2v1Zz9", at: dt.datetime = STARTED_AT) -> bytes:
    """The line that says which message a queue id is of."""
    return line(f"{queue_id}: message-id=<{message_id}>", service="cleanup", at=at)


def tried(
    to: str,
    status: str = "sent",
    *,
    queue_id: str = "4XkQ2v1Zz9",
    reply: str = "250 2.0.0 OK",
    dsn: str = "2.0.0",
    more: str = "",
    relay: str = "mx.example.net[192.0.2.7]:25",
    service: str = "smtp",
) -> bytes:
    """The line about one try to deliver."""
    return line(
        f"{queue_id}: to=<{to}>, {more}relay={relay}, delay=0.5, delays=0.1/0/0.2/0.2, "
        f"dsn={dsn}, status={status} ({reply})",
        service=service,
    )


def joined(lines: Sequence[bytes]) -> bytes:
    return b"".join(lines)
