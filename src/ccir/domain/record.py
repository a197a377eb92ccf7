"""The bytes of one event in the log: written once, chained by SHA-256, read back typed."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import cache
from typing import Final, Literal

import msgspec

from ccir.domain.events import EVENT_TYPES, AnyEvent
from ccir.errors import StoreDamagedError

FORMAT: Final = 1
GENESIS = "0" * 64
NONCE_BYTES = 16


class Via(msgspec.Struct, frozen=True, kw_only=True):
    """How a command came in: operating-system user, host, terminal, program version."""

    user: str
    host: str
    terminal: str
    version: str


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is about to be recorded: when it happened, who did it, and through what."""

    event: AnyEvent
    at: dt.datetime
    by: str
    via: Via


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where in a run's log an event goes: its number, the line before it, and its own marks.

    `key` is the idempotency key of the command; `nonce` is random and makes the digest of a
    guessable body unguessable.
    """

    run: str
    seq: int
    prev: str
    recorded_at: dt.datetime
    nonce: bytes
    key: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a run's log as it was recorded; `hash` is the SHA-256 of its line."""

    seq: int
    run: str
    event: AnyEvent
    at: dt.datetime
    recorded_at: dt.datetime
    by: str
    via: Via
    key: str
    prev: str
    hash: str

    @property
    def type(self) -> str:
        """Return the event's type name."""
        return type(self.event).__name__


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line's fields as they stand in its JSON."""

    v: Literal[1]
    seq: int
    run: str
    type: str
    body: msgspec.Raw
    by: str
    via: Via
    at: dt.datetime
    recorded_at: dt.datetime
    nonce: str
    key: str
    prev: str


_ENCODER = msgspec.json.Encoder(order="sorted")
_LINES = msgspec.json.Decoder(_Line)


def canonical(value: object) -> bytes:
    """Return the value's canonical JSON: sorted keys, UTF-8, no spaces."""
    return _ENCODER.encode(value)


def digest(octets: bytes) -> str:
    """Return the SHA-256 of the bytes in hexadecimal."""
    return hashlib.sha256(octets).hexdigest()


def write_line(draft: Draft, place: Place) -> bytes:
    """Return the event's line, newline included: the bytes that are stored and hashed."""
    line = _Line(
        v=FORMAT,
        seq=place.seq,
        run=place.run,
        type=type(draft.event).__name__,
        body=msgspec.Raw(canonical(draft.event)),
        by=draft.by,
        via=draft.via,
        at=draft.at.astimezone(dt.UTC),
        recorded_at=place.recorded_at.astimezone(dt.UTC),
        nonce=place.nonce.hex(),
        key=place.key,
        prev=place.prev,
    )
    return canonical(line) + b"\n"


def read_line(octets: bytes) -> Entry:
    """Return the event that a stored line holds.

    Raises:
        StoreDamagedError: the bytes are no line of ours, or of a newer ccir.
    """
    try:
        line = _LINES.decode(octets)
        event = _decoder(line.type).decode(line.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError) as error:
        raise StoreDamagedError(
            f"an event of the log cannot be read: {error}",
            hint="run `ccir doctor`; a newer ccir may have written it",
        ) from error
    return Entry(
        seq=line.seq,
        run=line.run,
        event=event,
        at=line.at,
        recorded_at=line.recorded_at,
        by=line.by,
        via=line.via,
        key=line.key,
        prev=line.prev,
        hash=digest(octets),
    )


def first_break(lines: list[bytes]) -> int | None:
    """Return the number of the first line that does not follow from the one before it.

    Lines are counted from 1, as `seq` is; None where the chain is whole.
    """
    prev = GENESIS
    for number, octets in enumerate(lines, start=1):
        entry = read_line(octets)
        if entry.seq != number or entry.prev != prev:
            return number
        prev = entry.hash
    return None


@cache
def _decoder(kind: str) -> msgspec.json.Decoder[AnyEvent]:
    return msgspec.json.Decoder(EVENT_TYPES[kind])
