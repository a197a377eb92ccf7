"""Hands out messages row by row while the renderer is batches ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ccir.catalog.environment import RenderError
from ccir.catalog.rendering import RenderedText
from ccir.delivery.render_frames import RenderFault
from ccir.delivery.render_process import Renderer, Written
from ccir.domain.notices import Recipient


class RenderAhead:
    """The messages of recipients who are asked for nearly in the order in which they are expected.

    `expected` are in the order of their rows. Who is expected but never asked for is passed over;
    who is asked for out of turn costs a wait of her own.
    """

    def __init__(self, renderer: Renderer, expected: Iterable[Recipient]) -> None:
        self._renderer = renderer
        self._written = renderer.stream(expected)
        self._next = next(self._written, None)

    def message(self, row: int, other: Callable[[], Recipient]) -> tuple[Recipient, RenderedText]:
        """Return who stands in a row, with her message; `other` brings her who comes out of turn.

        Raises:
            RenderError: it cannot be written; the row is named.
            InvalidDocumentError: the text takes more than a renderer may take.
            UnavailableError: renderers are ended from outside again and again.
        """
        while self._next is not None and self._next[0].row < row:
            self._advance()
        if self._next is not None and self._next[0].row == row:
            recipient, written = self._next
            self._advance()
        else:
            recipient = other()
            [written] = self._renderer.many([recipient])
        return recipient, _whole(written)

    def _advance(self) -> None:
        self._next = next(self._written, None)


def _whole(written: Written) -> RenderedText:
    if isinstance(written, RenderFault):
        raise RenderError(f"row {written.row:,}: {written.message}", hint=written.hint)
    return written
