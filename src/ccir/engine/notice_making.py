"""One preview under way: every message is rendered once while the list is read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from ccir.catalog.rendering import RenderedText
from ccir.delivery.dry_run import DryRun
from ccir.delivery.recipients import RecipientList, Rejected, Totals
from ccir.delivery.render_process import Renderer
from ccir.domain.manual_queue import ListItem
from ccir.domain.notices import Recipient
from ccir.engine.attendant import Attendant
from ccir.engine.notice_sources import LIMIT_REJECTED_KEPT
from ccir.errors import InvalidDocumentError, RefusedError

_PROGRESS_EVERY = 250


class Making:
    """Complaints and samples, which grow while the list is read.

    `rejected` holds the first rejected rows; `reject_too` is told all of them.
    """

    def __init__(
        self,
        renderer: Renderer,
        *,
        attendant: Attendant,
        reject_too: Callable[[Rejected], None] | None,
    ) -> None:
        self._dry = DryRun(renderer)
        self._attendant = attendant
        self._reject_too = reject_too
        self.rejected: list[Rejected] = []

    @property
    def samples(self) -> dict[str, RenderedText]:
        """Return the first message in each language."""
        return self._dry.samples

    def reject(self, rejected: Rejected) -> None:
        """Take note of a row that names nobody."""
        if len(self.rejected) < LIMIT_REJECTED_KEPT:
            self.rejected.append(rejected)
        if self._reject_too is not None:
            self._reject_too(rejected)

    def listed(self, people: RecipientList) -> Iterator[ListItem]:
        """Yield a list, after the message to each who is told was rendered without a fault.

        Raises:
            InvalidDocumentError: messages cannot be rendered; the first few rows are named.
        """
        return self._rendered(people, lambda: people.progress)

    def in_room(self, recipients: Iterable[Recipient]) -> Iterator[ListItem]:
        """Yield those who stand for a room; see `listed`."""
        return self._rendered(recipients, lambda: (1, 1))

    def _rendered(
        self, items: Iterable[ListItem], progress: Callable[[], tuple[int, int | None]]
    ) -> Iterator[ListItem]:
        read: deque[ListItem] = deque()  # in order, and not known yet to be without a fault
        for done, _ in enumerate(self._dry.through(_recipients(items, read)), start=1):
            if done % _PROGRESS_EVERY == 0:
                self._attendant.progress("render messages", *progress())
            yield from _up_to_a_recipient(read)
        self._refuse_faults()
        yield from read

    def _refuse_faults(self) -> None:
        if not self._dry.faulty:
            return
        words = [f"row {fault.row}: {fault.message}" for fault in self._dry.faults]
        more = self._dry.faulty - len(words)
        raise InvalidDocumentError(
            "\n".join([*words, *([f"and {more} rows more"] if more else [])]),
            hint="correct facts or rows, then preview again",
        )


def _recipients(items: Iterable[ListItem], read: deque[ListItem]) -> Iterator[Recipient]:
    for item in items:
        read.append(item)
        if isinstance(item, Recipient):
            yield item


def _up_to_a_recipient(read: deque[ListItem]) -> Iterator[ListItem]:
    while read:
        item = read.popleft()
        yield item
        if isinstance(item, Recipient):
            return


def refuse_nobody(totals: Totals, *, kept: int) -> None:
    """Refuse a version that reaches nobody.

    Raises:
        RefusedError: everybody was told already, waits for a person's decision, or is no longer
            written to.
        InvalidDocumentError: the list names nobody.
    """
    if kept:
        return
    queued = sum(totals.queued.values())
    if totals.already_told:
        raise RefusedError(
            f"all {totals.already_told} recipients may have been told by an earlier version",
            hint="--again sends a correction to them on purpose",
        )
    if queued:
        raise RefusedError(
            f"all {queued} recipients wait for a person's decision",
            hint="--include-queued REASON tells those of one reason all the same",
        )
    if totals.suppressed:
        raise RefusedError(
            f"all {totals.suppressed} recipients have an address that is no longer written to",
            hint="take another channel: --channel NAME; `ccir notice suppressions` counts why",
        )
    raise InvalidDocumentError(
        "the list names nobody", hint="its rows are email,name,language and free columns"
    )
