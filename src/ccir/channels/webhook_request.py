"""The bytes of a webhook's request: canonical JSON, its signature, and the headers around them.

1. The body is the same whenever the message is sent again: sorted keys, UTF-8, no white space.
2. The signature is HMAC-SHA256 over timestamp, full stop and body; the timestamp is the time
   of sending, so that a receiver can refuse what was recorded and played again later.
3. Hence a message sent again differs in timestamp and signature only.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re

import msgspec

from ccir import __version__
from ccir.channels.interface import Form, Message
from ccir.channels.mime import LIMIT_SUBJECT, has_control_character
from ccir.channels.webhook_target import Target
from ccir.config.values import Secret
from ccir.errors import InvalidDocumentError

_KEY = re.compile(r"[!-~]{1,250}")  # what may stand in a header's value


def body_of(message: Message, *, form: Form = "mail") -> bytes:
    """Return the JSON that the service is given, always the same for the same message.

    As SMS its text is the short form, and the recipient's phone number stands beside it.

    Raises:
        InvalidDocumentError: the notice has no short form, the message id cannot stand in a
            header, the subject is more than one line, or a text is no Unicode.
    """
    if form == "sms" and not message.sms:
        raise InvalidDocumentError(
            "the notice has no SMS form", hint="write 'sms:' into its front matter"
        )
    fits = {
        "message id": _KEY.fullmatch(message.message_id) is not None,
        "recipient's address": bool(message.to) and not has_control_character(message.to),
        "subject": len(message.subject) <= LIMIT_SUBJECT
        and not has_control_character(message.subject),
    }
    for what, is_fit in fits.items():
        if not is_fit:
            raise InvalidDocumentError(
                f"the {what} cannot stand in one line", hint=f"correct the {what}"
            )
    try:
        return msgspec.json.encode(
            _content(message) if form == "mail" else _short(message), order="sorted"
        )
    except UnicodeError as error:
        raise InvalidDocumentError(
            "the message holds half a character", hint="correct the notice's text"
        ) from error


def signature(key: Secret, timestamp: str, body: bytes) -> str:
    """Return what `X-Ccir-Signature` says about a timestamp and a body."""
    signed = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(key.reveal().encode(), signed, hashlib.sha256).hexdigest()


def request_of(
    body: bytes, target: Target, *, message_id: str, key: Secret, now: dt.datetime
) -> bytes:
    """Return the whole request; `now` is the time of sending."""
    timestamp = str(int(now.timestamp()))
    headers = {
        "Host": target.authority,
        "User-Agent": f"ccir/{__version__}",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Idempotency-Key": message_id,
        "X-Ccir-Timestamp": timestamp,
        "X-Ccir-Signature": signature(key, timestamp, body),
    }
    lines = [f"POST {target.resource} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _content(message: Message) -> dict[str, str]:
    return {
        "address": message.to,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "language": message.language,
        "message_id": message.message_id,
    }


def _short(message: Message) -> dict[str, str]:
    return {**_content(message), "phone": message.phone, "text": message.sms, "html": ""}
