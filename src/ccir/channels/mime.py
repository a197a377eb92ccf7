"""The exact bytes of a mail: the same for the same message, whenever it is written.

Assembled by hand, because the standard library takes a hundred times as long a message and
leaves boundary and folding open; the tests parse every result with the standard library.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from email.utils import format_datetime
from functools import cache, lru_cache

import msgspec

from ccir.channels.interface import Message
from ccir.errors import InvalidDocumentError

LIMIT_SUBJECT = 250  # characters
_LIMIT_ADDRESS = 254  # octets, RFC 5321 §4.5.3.1.3 less its angle brackets
_LIMIT_LOCAL = 64  # octets, RFC 5321 §4.5.3.1.1
_WORD_OCTETS = 39  # of UTF-8: 64 characters as an encoded word, 73 after "Subject: "
_LINE = 76  # characters, RFC 2047 §2
_PLAIN = re.compile(r"[ -~]*")
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/?^_`{|}~ -]*")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9.-]{1,80}@[A-Za-z0-9.-]{1,160}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

_PLAIN_PART, _HTML_PART = (
    b"Content-Type: text/" + subtype + b"; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    for subtype in (b"plain", b"html")
)
_CONTROLS = {"Cc", "Cs", "Zl", "Zp"}
_TURNS_DIRECTION = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


class Letterhead(msgspec.Struct, frozen=True, kw_only=True):
    """Who a channel's mails come from, and where answers go."""

    sender: str
    sender_name: str = ""
    reply_to: str = ""


def is_address(text: str) -> bool:
    """Return whether this is one plain mail address in ASCII (RFC 5321's dot-string form)."""
    local, _, host = text.rpartition("@")
    return (
        len(text) <= _LIMIT_ADDRESS
        and len(local) <= _LIMIT_LOCAL
        and _LOCAL_PART.fullmatch(local) is not None
        and _HOST.fullmatch(host) is not None
    )


def has_control_character(text: str) -> bool:
    """Return whether the text holds anything that could end a line or turn its direction."""
    return not text.isprintable() and any(_is_control(character) for character in text)


def assemble(message: Message, head: Letterhead) -> bytes:
    """Return the mail in RFC 5322 form: lines end in CRLF and are 7-bit.

    Raises:
        InvalidDocumentError: the subject or an address would not stay within its own header.
    """
    return header(message, head) + body(message)


def header(message: Message, head: Letterhead) -> bytes:
    """Return the mail's first lines, which `body` completes.

    Raises:
        InvalidDocumentError: the subject or an address would not stay within its own header.
    """
    opening = _opening(head)
    _refuse_unfit(message)
    subject = _encoded(message.subject, label="Subject: ")
    date = _date(message.date, message.date.utcoffset())
    own = (
        f"To: <{message.to}>\r\nSubject: {subject}\r\nDate: {date}\r\n"
        f"Message-ID: <{message.message_id}>\r\nContent-Language: {message.language}\r\n"
    )
    # RFC 3834: no out-of-office answers what is generated.
    last = b"Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
    return b"".join((opening, own.encode("ascii"), last))


def body(message: Message) -> bytes:
    """Return the mail's text and HTML, with the headers that describe them; it fits any text."""
    if not message.html:
        return _PLAIN_PART + _quoted_printable(message.text) + b"\r\n"
    boundary = _boundary(message)
    return b"".join(
        (
            b'Content-Type: multipart/alternative; boundary="' + boundary + b'"\r\n\r\n--',
            boundary + b"\r\n" + _PLAIN_PART,
            _quoted_printable(message.text),
            b"\r\n--" + boundary + b"\r\n" + _HTML_PART,
            _quoted_printable(message.html),
            b"\r\n--" + boundary + b"--\r\n",
        )
    )


@cache
def _opening(head: Letterhead) -> bytes:
    """Return the headers that stand on every mail with this head."""
    _refuse_unfit_head(head)
    reply_to = f"Reply-To: <{head.reply_to}>\r\n" if head.reply_to else ""
    return f"From: {_mailbox(head)}\r\n{reply_to}".encode("ascii")


@lru_cache(maxsize=8)
def _date(moment: dt.datetime, offset: dt.timedelta | None) -> str:
    del offset  # moments that are equal in two zones are written differently
    return format_datetime(moment)


def _quoted_printable(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    return binascii.b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")


def _boundary(message: Message) -> bytes:
    # "=_" cannot stand in quoted-printable, so no text can hold the boundary.
    return b"=_" + hashlib.sha256(message.message_id.encode()).hexdigest()[:32].encode()


def _mailbox(head: Letterhead) -> str:
    if not head.sender_name:
        return f"<{head.sender}>"
    name = _encoded(head.sender_name, label="From: ", plain=_PHRASE)
    return f"{name}\r\n <{head.sender}>"


def _encoded(text: str, *, label: str, plain: re.Pattern[str] = _PLAIN) -> str:
    """Return the text for a header: as it is where it fits, else as RFC 2047 words."""
    is_short = len(label) + len(text) <= _LINE and text == text.strip()
    if is_short and plain.fullmatch(text) and "=?" not in text:
        return text
    words = [base64.b64encode(piece).decode() for piece in _pieces(text)]
    return "\r\n ".join(f"=?utf-8?b?{word}?=" for word in words)


def _pieces(text: str) -> Iterator[bytes]:
    piece = b""
    for character in text:
        octets = character.encode("utf-8", "replace")
        if len(piece) + len(octets) > _WORD_OCTETS:
            yield piece
            piece = b""
        piece += octets
    yield piece


def _refuse_unfit(message: Message) -> None:
    fits = {
        "subject": len(message.subject) <= LIMIT_SUBJECT
        and not has_control_character(message.subject),
        "recipient's address": is_address(message.to),
        "message id": _MESSAGE_ID.fullmatch(message.message_id) is not None,
        "language": _LANGUAGE.fullmatch(message.language) is not None,
    }
    _refuse_first(fits)


def _refuse_unfit_head(head: Letterhead) -> None:
    _refuse_first(
        {
            "sender's address": is_address(head.sender),
            "sender's name": not has_control_character(head.sender_name),
            "reply address": not head.reply_to or is_address(head.reply_to),
        }
    )


def _refuse_first(fits: Mapping[str, bool]) -> None:
    for what, is_fit in fits.items():
        if not is_fit:
            raise InvalidDocumentError(
                f"the {what} cannot stand in a mail's header", hint=f"correct the {what}"
            )


def _is_control(character: str) -> bool:
    turns = unicodedata.bidirectional(character) in _TURNS_DIRECTION
    return turns or unicodedata.category(character) in _CONTROLS
