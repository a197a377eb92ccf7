"""The renderer: a process of its own that writes messages, within bounds that the kernel keeps.

1. It reads the notice's text and its limits, and lowers its own bounds before it looks at the text.
2. For each batch of recipients it writes their messages, or what is wrong with which row.
3. It ends where its input ends. It writes to nothing but its output, which its parent reads.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import AbstractContextManager
from typing import IO

import msgspec

from ccir.catalog.environment import RenderError
from ccir.catalog.rendering import RenderedText
from ccir.conversation import read_frame, write_frame
from ccir.delivery.letter_text import Letters
from ccir.delivery.render_bounds import Bounds, ProcessBounds
from ccir.delivery.render_frames import (
    MEMORY_STATUS,
    Answer,
    Batch,
    Opening,
    Ready,
    RenderFault,
    RenderLimits,
)
from ccir.domain.notices import Recipient
from ccir.errors import CcirError

_OPENING_BYTES = 64 << 20


def main() -> None:
    """Serve the parent on standard input and output until it closes them."""
    serve(sys.stdin.buffer, sys.stdout.buffer, bounds=ProcessBounds())


def serve(source: IO[bytes], sink: IO[bytes], *, bounds: Bounds) -> None:
    """Answer each frame of the source until it ends.

    Raises:
        SystemExit: rendering needs more memory than there may be.
    """
    try:
        opening = read_frame(source, frame_bytes=_OPENING_BYTES)
        if opening is not None:
            _serve(msgspec.msgpack.decode(opening, type=Opening), (source, sink), bounds=bounds)
    except MemoryError:
        raise SystemExit(MEMORY_STATUS) from None


def _serve(opening: Opening, pipes: tuple[IO[bytes], IO[bytes]], *, bounds: Bounds) -> None:
    source, sink = pipes
    limits = opening.limits
    bounds.lower(limits)
    with _batch(bounds, limits):
        try:
            letters = Letters(opening.text)
        except CcirError as error:
            write_frame(sink, _encoded(Ready(message=error.message, hint=error.hint)))
            return
    write_frame(sink, _encoded(Ready()))
    while (asked := read_frame(source, frame_bytes=limits.frame_bytes)) is not None:
        with _batch(bounds, limits):
            answer = _encoded(_answer(letters, msgspec.msgpack.decode(asked, type=Batch)))
        write_frame(sink, answer)


def _batch(bounds: Bounds, limits: RenderLimits) -> AbstractContextManager[None]:
    return bounds.batch(limits.cpu_seconds)


def _encoded(said: Ready | Answer) -> bytes:
    return msgspec.msgpack.encode(said)


def _answer(letters: Letters, batch: Batch) -> Answer:
    faults: list[RenderFault] = []
    messages = [_message(letters, recipient, faults) for recipient in batch.recipients]
    rows = [recipient.row for recipient in batch.recipients]
    if not batch.is_dry:
        return Answer(rows=rows, messages=messages, faults=faults)
    written = [message for message in messages if message is not None]
    return Answer(
        rows=rows,
        faults=faults,
        samples={message.language: message for message in reversed(written)},
        written=dict(Counter(message.language for message in written)),
    )


def _message(
    letters: Letters, recipient: Recipient, faults: list[RenderFault]
) -> RenderedText | None:
    try:
        return letters.render(recipient)
    except MemoryError:
        raise
    except RenderError as error:
        fault = RenderFault(row=recipient.row, message=error.message, hint=error.hint)
    except Exception as error:  # noqa: BLE001 - a template may make Jinja2 raise anything
        fault = RenderFault(
            row=recipient.row,
            message=f"the template does not work with its values ({type(error).__name__})",
            hint="look at the template's conditions, filters and loops",
        )
    faults.append(fault)
    return None
