"""Renders a notice's messages in a bounded process of its own, ahead of who needs them.

1. The renderer is given the text once, then batches of recipients, a few before it has answered.
2. Where it is lost (too much memory or time, killed, garbled), the batch that it owed is given
   to a new one row by row. So the row at fault is named; nobody else's message is lost.
3. Too many lost renderers end the whole: a text that no row can be written with is no row's fault.
"""

from __future__ import annotations

import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from ccir.catalog.rendering import RenderedText
from ccir.clock import Clock
from ccir.conversation import Conversation, ConversationError
from ccir.delivery.letter_text import LetterText
from ccir.delivery.render_frames import Answer, Batch, Opening, Ready, RenderFault, RenderLimits
from ccir.delivery.render_losses import is_text_fault, lost_at_start, lost_for_good, row_fault
from ccir.domain.notices import Recipient
from ccir.errors import CcirError, InvalidDocumentError
from ccir.process import conversation
from ccir.program import Program

_ENTRY = "from ccir.delivery.render_child import main; main()"
Written = RenderedText | RenderFault
_Frame = TypeVar("_Frame", Ready, Answer)


@contextmanager
def rendering(
    text: LetterText,
    *,
    clock: Clock,
    limits: RenderLimits | None = None,
    program: Program | None = None,
) -> Iterator[Renderer]:
    """Start a renderer of the text; it ends with the context, or where this process ends.

    `program` speaks as `render_child` does, which is the usual one.

    Raises:
        InvalidDocumentError: the text is no template, or making it ready takes too much.
        UnavailableError: the renderer cannot be started.
    """
    limits = limits or RenderLimits()
    renderer = Renderer(text, clock=clock, limits=limits, program=program or _renderer())
    try:
        renderer.start()
        yield renderer
    finally:
        renderer.end()


class _Owed(msgspec.Struct, kw_only=True):
    """A batch whose answer is owed; one of a lost batch's rows is asked for once more only."""

    batch: Batch
    is_last_try: bool = False
    answer: Answer | None = None


class Renderer:
    """Writes messages in the order of the recipients.

    Every call raises where too many renderers were lost: `InvalidDocumentError` if the text takes
    too much, `UnavailableError` if they were ended from outside. Calls may overlap: answers are
    taken in the order of the questions, and kept for who asked.
    """

    def __init__(
        self, text: LetterText, *, clock: Clock, limits: RenderLimits, program: Program
    ) -> None:
        self._program = program
        self._text = text
        self._clock = clock
        self._limits = limits
        self._losses = 0
        self._over: CcirError | None = None
        self._queue: deque[_Owed] = deque()
        self._process = ExitStack()
        self._talk: Conversation | None = None

    def start(self) -> None:
        """Start the process, unless it runs, and give it the text and all that is owed.

        Raises:
            InvalidDocumentError: the text is no template, or making it ready takes too much.
            UnavailableError: the process cannot be started.
        """
        self._started()

    def end(self) -> None:
        """End the process; the next call starts another one."""
        self._talk = None
        self._process.close()

    def many(self, recipients: Iterable[Recipient]) -> list[Written]:
        """Return each recipient's message, or what is wrong with her row."""
        return [written for _, written in self.stream(recipients)]

    def stream(self, recipients: Iterable[Recipient]) -> Iterator[tuple[Recipient, Written]]:
        """Yield each recipient with her message, while the next ones are rendered already."""
        for batch, answer in self.answers(recipients, is_dry=False):
            faults = {fault.row: fault for fault in answer.faults}
            for recipient, message in zip(batch.recipients, answer.messages, strict=True):
                yield recipient, faults[recipient.row] if message is None else message

    def answers(
        self, recipients: Iterable[Recipient], *, is_dry: bool
    ) -> Iterator[tuple[Batch, Answer]]:
        """Yield each batch with its whole answer, in order."""
        asked: deque[_Owed] = deque()
        for batch in _batches(recipients, self._limits.batch_rows, is_dry=is_dry):
            asked.append(self._ask(batch))
            if len(asked) > self._limits.ahead:
                yield self._taken(asked.popleft())
        while asked:
            yield self._taken(asked.popleft())

    def _ask(self, batch: Batch) -> _Owed:
        owed = _Owed(batch=batch)
        self._queue.append(owed)
        if self._talk is None:
            self.start()
        else:
            self._talk.say(msgspec.msgpack.encode(batch))
        return owed

    def _taken(self, owed: _Owed) -> tuple[Batch, Answer]:
        while owed.answer is None:
            self._take_next()
        return owed.batch, owed.answer

    def _take_next(self) -> None:
        owed = self._queue[0]
        try:
            owed.answer = self._heard(owed.batch)
        except ConversationError as loss:
            self._count(owed.batch, loss)
            self._queue.popleft()
            owed.answer = self._settled(owed, loss)
        else:
            self._queue.popleft()

    def _settled(self, owed: _Owed, loss: ConversationError) -> Answer:
        first, *others = owed.batch.recipients
        if not others and (owed.is_last_try or is_text_fault(loss)):
            return _faulty(owed.batch, row_fault(first, loss, self._limits))
        rows = [
            _Owed(batch=Batch(recipients=[each], is_dry=owed.batch.is_dry), is_last_try=True)
            for each in owed.batch.recipients
        ]
        self._queue.extendleft(reversed(rows))
        return _joined([self._taken(row)[1] for row in rows])

    def _count(self, batch: Batch, loss: ConversationError) -> None:
        self.end()
        self._losses += 1
        if self._losses > self._limits.losses:
            self._over = lost_for_good(batch.recipients, loss, self._limits)
            raise self._over from loss

    def _heard(self, batch: Batch) -> Answer:
        answer = _decoded(self._started().heard(self._limits.batch_seconds), Answer)
        if not answer.fits(batch):
            raise ConversationError("garbled")
        return answer

    def _started(self) -> Conversation:
        if self._over is not None:
            raise self._over
        if self._talk is None:
            self._talk = self._opened()
            for owed in self._queue:
                self._talk.say(msgspec.msgpack.encode(owed.batch))
        return self._talk

    def _opened(self) -> Conversation:
        limits = self._limits
        talk = self._process.enter_context(
            conversation(self._program, clock=self._clock, frame_bytes=limits.frame_bytes)
        )
        talk.say(msgspec.msgpack.encode(Opening(text=self._text, limits=limits)))
        try:
            ready = _decoded(talk.heard(limits.start_seconds), Ready)
        except ConversationError as loss:
            raise lost_at_start(loss, limits) from loss
        if ready.message:
            raise InvalidDocumentError(ready.message, hint=ready.hint)
        return talk


def _renderer() -> Program:
    return Program(
        argv=(sys.executable, "-I", "-c", _ENTRY),
        environment={},
        deadline_seconds=0,
        folder=Path("/"),
    )


def _decoded(frame: bytes, kind: type[_Frame]) -> _Frame:
    try:
        return msgspec.msgpack.decode(frame, type=kind)
    except msgspec.DecodeError as error:  # what it holds may be anybody's: it is not shown
        raise ConversationError("garbled") from error


def _batches(recipients: Iterable[Recipient], rows: int, *, is_dry: bool) -> Iterator[Batch]:
    people = iter(recipients)
    while some := list(islice(people, rows)):
        yield Batch(recipients=some, is_dry=is_dry)


def _faulty(batch: Batch, fault: RenderFault) -> Answer:
    messages: list[RenderedText | None] = [] if batch.is_dry else [None]
    return Answer(rows=[fault.row], messages=messages, faults=[fault])


def _joined(answers: Sequence[Answer]) -> Answer:
    samples: dict[str, RenderedText] = {}
    written: Counter[str] = Counter()
    for answer in answers:
        samples = answer.samples | samples  # the first one of a language stays
        written.update(answer.written)
    return Answer(
        rows=[row for answer in answers for row in answer.rows],
        messages=[message for answer in answers for message in answer.messages],
        faults=[fault for answer in answers for fault in answer.faults],
        samples=samples,
        written=dict(written),
    )
