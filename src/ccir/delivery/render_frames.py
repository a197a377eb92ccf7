"""What the renderer and its parent say to each other, and within which bounds."""

from __future__ import annotations

import msgspec

from ccir.catalog.rendering import RenderedText
from ccir.delivery.letter_text import LetterText
from ccir.domain.notices import Recipient

MEMORY_STATUS = 77
"""The exit status of a renderer that ran out of the memory it may take."""


class RenderLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How much a renderer may take.

    `memory_bytes` are over what its program takes before it sees a template; `cpu_seconds` and
    `batch_seconds` (by the clock on the wall) are for one batch of `batch_rows`, `start_seconds`
    until it is ready for the first. `frame_bytes` bounds what either side says at once, `ahead`
    how many batches it is given before its first answer is taken. After `losses` renderers that
    had to be replaced the next one lost ends the whole.
    """

    memory_bytes: int = 512 << 20
    cpu_seconds: float = 10.0
    batch_seconds: float = 60.0
    start_seconds: float = 30.0
    frame_bytes: int = 64 << 20
    batch_rows: int = 64
    ahead: int = 2
    losses: int = 6


class RenderFault(msgspec.Struct, frozen=True, kw_only=True):
    """Why the message of a row cannot be written, without anything of the recipient's."""

    row: int
    message: str
    hint: str


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """The first frame to the renderer: the text of all messages, and its own bounds."""

    text: LetterText
    limits: RenderLimits


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """The renderer's answer to it; a message where the text is no template."""

    message: str = ""
    hint: str = ""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Recipients whose messages are wanted; `is_dry` asks only whether they can be written."""

    recipients: list[Recipient]
    is_dry: bool = False


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch: its `rows` in their order, and the faults among them.

    `messages` stand in the same order, None for a fault. After a dry run there are none, but
    `samples`: the batch's first message in each language, and `written` counts the messages
    that can be written, by language.
    """

    rows: list[int]
    messages: list[RenderedText | None] = []
    faults: list[RenderFault] = []
    samples: dict[str, RenderedText] = {}
    written: dict[str, int] = {}

    def fits(self, batch: Batch) -> bool:
        """Return whether it answers just this batch."""
        rows = [recipient.row for recipient in batch.recipients]
        faulty = {fault.row for fault in self.faults}
        if self.rows != rows or not faulty.issubset(rows):
            return False
        if batch.is_dry:
            return sum(self.written.values()) == sum(row not in faulty for row in rows)
        lacking = [message is None for message in self.messages]
        return lacking == [row in faulty for row in rows]
