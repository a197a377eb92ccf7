"""What a canary says: a small file that is written into the data before each backup."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Annotated, Literal

import msgspec

FILE_NAME = "ccir-canary.json"
NONCE_BYTES = 16
MOST_BYTES = 4_096
_SHOWN_DIGITS = 8
_MARK = b'{"format":"ccir-canary-1",'


class Canary(msgspec.Struct, frozen=True, kw_only=True):
    """One canary: a fresh random number in hexadecimal, and when it was written, in UTC."""

    nonce: str
    written_at: dt.datetime

    @property
    def short(self) -> str:
        """Return the nonce's first 8 digits, for the screen."""
        return self.nonce[:_SHOWN_DIGITS]


class _Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file's fields; the digest is over the nonce and the moment as they stand in it."""

    format: Literal["ccir-canary-1"]
    nonce: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}\Z")]
    written_at: str
    sha256: str


def new_canary(octets: bytes, *, at: dt.datetime) -> Canary:
    """Return a canary of these random bytes, `NONCE_BYTES` of them."""
    return Canary(nonce=octets.hex(), written_at=at.astimezone(dt.UTC))


def encode(canary: Canary) -> bytes:
    """Return the file's bytes: one line of JSON."""
    written_at = canary.written_at.isoformat().replace("+00:00", "Z")
    written = _Written(
        format="ccir-canary-1",
        nonce=canary.nonce,
        written_at=written_at,
        sha256=_digest(canary.nonce, written_at),
    )
    return msgspec.json.encode(written) + b"\n"


def parse(octets: bytes) -> Canary | None:
    """Return what a canary's file says; None where it is no canary, or not a whole one."""
    try:
        written = msgspec.json.decode(octets, type=_Written)
        at = dt.datetime.fromisoformat(written.written_at)
    except (msgspec.DecodeError, ValueError):
        return None
    is_whole = written.sha256 == _digest(written.nonce, written.written_at)
    if not is_whole or at.utcoffset() != dt.timedelta(0):
        return None
    return Canary(nonce=written.nonce, written_at=at.astimezone(dt.UTC))


def is_canary(octets: bytes) -> bool:
    """Tell whether a file is a canary, also where it was cut or edited since."""
    return octets.startswith(_MARK) or parse(octets) is not None


def _digest(nonce: str, written_at: str) -> str:
    return hashlib.sha256(f"{nonce} {written_at}".encode()).hexdigest()
