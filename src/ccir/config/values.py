"""The kinds of value that a setting may hold, each with the words that name it in a complaint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta

_ONE_LINE = r"\A[^\x00-\x1f\x7f]+\Z"
_ADDRESS = r"\A[^@\s\x00-\x1f\x7f<>(),;:\"\\]+@[^@\s\x00-\x1f\x7f<>(),;:\"\\]+\Z"
_WEB_ADDRESS = r"\Ahttps?://[^\s\x00-\x1f\x7f\"<>]+\Z"
_SECURE_ADDRESS = (
    r"\A(https://[^\s\x00-\x1f\x7f\"<>?#]+|http://(127\.0\.0\.1|localhost)(:\d{1,5})?)\Z"
)
_LONGEST_SECURE_ADDRESS = 200
_LONGEST_LINE = 1_000
_LONGEST_ADDRESS = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets


class Seconds(int):
    """A length of time written as `15m`, `24h`, `7d` or `2w`, in seconds."""

    __slots__ = ()


class Repository(str):
    """Where a tool finds its backups: an absolute path, or an address the tool understands."""

    __slots__ = ()


class Secret:
    """A text that shows itself as `***` unless it is asked for."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __repr__(self) -> str:
        """Return three asterisks."""
        return "***"


Line = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=_LONGEST_LINE,
        pattern=_ONE_LINE,
        description="one line of text without control characters",
    ),
]
# `\Z` and not `$`, which lets a trailing newline through.
Id = Annotated[
    str,
    Meta(
        pattern=r"\A[a-z0-9][a-z0-9-]{0,63}\Z",
        description="an id of small letters, digits and hyphens, at most 64 of them",
    ),
]
EmailAddress = Annotated[
    str,
    Meta(
        max_length=_LONGEST_ADDRESS, pattern=_ADDRESS, description="one e-mail address, a@b.example"
    ),
]
WebAddress = Annotated[
    str,
    Meta(
        max_length=_LONGEST_LINE,
        pattern=_WEB_ADDRESS,
        description="a web address that begins with https:// or http://",
    ),
]
SecureAddress = Annotated[
    str,
    Meta(
        max_length=_LONGEST_SECURE_ADDRESS,
        pattern=_SECURE_ADDRESS,
        description="a web address that begins with https://, without ? and #",
    ),
]
File = Annotated[
    Path, Meta(description="a path, absolute or relative to the workspace; ~ is not expanded")
]
Duration = Annotated[
    Seconds, Meta(description="a time in minutes, hours, days or weeks: 15m, 24h, 7d, 2w")
]
Zone = Annotated[ZoneInfo, Meta(description="an IANA time zone such as Europe/Berlin")]
Address = Annotated[
    Repository, Meta(description="a path, or an address such as sftp:host:/path or s3:host/bucket")
]

Conversion = Callable[[type, object], object]
"""What msgspec calls to make a value of a type it does not know; refuses by ValueError."""
