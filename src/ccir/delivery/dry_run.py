"""Renders a whole list before anybody is told: what is wrong with which row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from ccir.catalog.rendering import RenderedText
from ccir.delivery.render_frames import RenderFault
from ccir.delivery.render_process import Renderer
from ccir.domain.notices import Recipient

FAULTS_KEPT = 10


class DryRun:
    """One run through a list; what it found grows on the way.

    `written` counts the messages that can be written by language, `faulty` the rows that have
    none; `faults` are the first `FAULTS_KEPT` of those, and `samples` the first message in each
    language.
    """

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self.written: Counter[str] = Counter()
        self.faulty = 0
        self.faults: list[RenderFault] = []
        self.samples: dict[str, RenderedText] = {}

    def through(self, recipients: Iterable[Recipient]) -> Iterator[Recipient]:
        """Yield every recipient once it is known whether her message can be written.

        Raises:
            InvalidDocumentError: the text takes more than a renderer may take.
            UnavailableError: renderers are ended from outside again and again.
        """
        for batch, answer in self._renderer.answers(recipients, is_dry=True):
            self.written.update(answer.written)
            self.faulty += len(answer.faults)
            self.faults += answer.faults[: FAULTS_KEPT - len(self.faults)]
            self.samples = answer.samples | self.samples
            yield from batch.recipients
