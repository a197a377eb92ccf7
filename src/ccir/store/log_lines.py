"""What every store writes for a command: the chained lines, and whether the run is open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from ccir.domain.events import AnyEvent, RunClosed, RunReopened, RunStarted
from ccir.domain.record import NONCE_BYTES, Draft, Place, digest, write_line
from ccir.entropy import Entropy
from ccir.errors import RefusedError

DRAFTS_LIMIT = 1_000
LINE_LIMIT_BYTES = 1_048_576


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a run's log: the number of its last event and the SHA-256 of that line."""

    run: str
    seq: int
    hash: str


class Chained(msgspec.Struct, frozen=True, kw_only=True):
    """Lines ready to be stored, and the head that the log has with them."""

    lines: tuple[bytes, ...]
    head: Head


def chain(
    head: Head, drafts: Sequence[Draft], *, recorded_at: dt.datetime, entropy: Entropy, key: str
) -> Chained:
    """Return the lines of one command, each holding the SHA-256 of the line before it.

    Raises:
        RefusedError: no draft, too many, or a line that is too long.
    """
    _check_count(len(drafts))
    lines: list[bytes] = []
    for draft in drafts:
        place = Place(
            run=head.run,
            seq=head.seq + 1,
            prev=head.hash,
            recorded_at=recorded_at,
            nonce=entropy.octets(NONCE_BYTES),
            key=key,
        )
        line = _bounded(write_line(draft, place))
        head = Head(run=head.run, seq=place.seq, hash=digest(line))
        lines.append(line)
    return Chained(lines=tuple(lines), head=head)


def opened_or_closed(events: Iterable[AnyEvent]) -> bool | None:
    """Return whether these events leave the run open; None where they do not touch it."""
    is_open: bool | None = None
    for event in events:
        if isinstance(event, RunStarted | RunReopened):
            is_open = True
        elif isinstance(event, RunClosed):
            is_open = False
    return is_open


def _check_count(count: int) -> None:
    if not 0 < count <= DRAFTS_LIMIT:
        raise RefusedError(
            f"{count} events in one command; it must be 1 to {DRAFTS_LIMIT}",
            hint="do it in smaller parts",
        )


def _bounded(line: bytes) -> bytes:
    if len(line) > LINE_LIMIT_BYTES:
        raise RefusedError(
            f"an event of {len(line)} bytes; at most {LINE_LIMIT_BYTES} can be recorded",
            hint="put long text into a note or a file into evidence",
        )
    return line
