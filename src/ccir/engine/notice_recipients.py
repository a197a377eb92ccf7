"""Who the newest version of a notice goes to: counts, masked rows, and the manual queue.

1. A queued row is told by no version before a person includes it, with a reason.
2. Her decision is noted in the run's log, the reason sealed; it holds for the recipient, by the
   keyed hash of her address, and for the reasons that she was queued for.
3. It counts from the next preview on: a version that is stored stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ccir.domain.commands import AddNote
from ccir.domain.deciding_notices import latest_version
from ccir.domain.manual_queue import Decision, Queued, QueueReason
from ccir.domain.notices import Recipient, masked
from ccir.domain.run import Run, VersionRecord
from ccir.engine.handle import handle, load, refuse_closed
from ccir.engine.notice_unmasking import Unmasking, opened_rows
from ccir.engine.texts import seal
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, UsageError
from ccir.store.people_interface import ListSummary

LIMIT_DECIDED_AT_ONCE = 1_000


class NoticeRecipients(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of a version's recipients; nobody is put under a place that is not known.

    `jurisdictions` counts by subdivision where it is known and by country elsewhere, `channels`
    by what they prefer. `placeless` and `without_channel` are undetermined.
    """

    version: VersionRecord
    count: int
    languages: dict[str, int]
    jurisdictions: dict[str, int]
    placeless: int
    channels: dict[str, int]
    without_channel: int
    queued: dict[str, int]


class MaskedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient as she may be shown; `reasons` say why she waits in the queue.

    Only where she was unmasked, `recipient` is her whole address, and `name` is not empty.
    """

    row: int
    recipient: str
    language: str
    jurisdiction: str
    channel: str
    reasons: tuple[QueueReason, ...] = ()
    name: str = ""


class QueueOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decided of queued rows of a notice's newest version, and why."""

    notice: str
    by: str
    reason: str
    include: tuple[int, ...] = ()
    exclude: tuple[int, ...] = ()


def notice_recipients(workspace: Workspace, run: Run, notice: str) -> NoticeRecipients:
    """Return the counts of the newest version's recipients.

    Raises:
        NotFoundError: there is no such notice, or its list is gone.
        RefusedError: it was never previewed.
    """
    version = latest_version(run, notice)
    summary = workspace.stores.people.list_summary(version.list)
    jurisdictions = _jurisdictions(summary)
    channels = dict(summary.channels)
    return NoticeRecipients(
        version=version,
        count=summary.count,
        languages=summary.languages,
        placeless=jurisdictions.pop("", 0),
        jurisdictions=jurisdictions,
        without_channel=channels.pop("", 0),
        channels=channels,
        queued=summary.queued,
    )


def masked_rows(workspace: Workspace, version: VersionRecord) -> Iterator[MaskedRow]:
    """Return a version's recipients as they may be shown, in order."""
    return (_masked(each) for each in workspace.stores.people.recipients(version.list))


def unmasked_rows(
    workspace: Workspace, run: Run, version: VersionRecord, *, limit: int, order: Unmasking
) -> Iterator[MaskedRow]:
    """Return a version's first recipients in full, after that was recorded.

    Raises:
        RefusedError: the person may not see them.
        UsageError: the reason is empty.
    """
    rows = opened_rows(workspace, run, version, limit=limit, order=order)
    return (
        msgspec.structs.replace(_masked(each), recipient=each.address, name=each.name)
        for each in rows
    )


def masked_queue(workspace: Workspace, version: VersionRecord) -> Iterator[MaskedRow]:
    """Return those who wait for a decision as they may be shown, in order."""
    people = workspace.stores.people
    return (_masked(each.recipient, each.reasons) for each in people.queue(version.list))


def decide_queue(workspace: Workspace, run_id: str, order: QueueOrder) -> None:
    """Record what a person decided of queued rows; the next preview goes by it.

    Raises:
        UsageError: a row is both included and excluded, or there are too many at once.
        NotFoundError: a row does not wait in the queue of the newest version.
        RefusedError: the notice was never previewed, or the run is closed.
    """
    run = load(workspace, run_id).run
    version = latest_version(run, order.notice)
    refuse_closed(run)
    _refuse_unclear(order)
    wanted = {*order.include, *order.exclude}
    queued = _found(workspace, version, wanted)
    key_of = workspace.stores.people.key_of
    decisions = [
        Decision(
            key=key_of(each.recipient.address),
            reasons=each.reasons,
            is_included=each.recipient.row in order.include,
        )
        for each in queued
    ]
    notes = [
        AddNote(by=order.by, text=seal(workspace, run.id, text))
        for text in _notes(order, version.version, queued)
    ]
    handle(workspace, run.id, *notes)
    workspace.stores.people.decide_queued(run.id, order.notice, decisions)


def _refuse_unclear(order: QueueOrder) -> None:
    both = {*order.include} & {*order.exclude}
    if both:
        raise UsageError(
            f"row {min(both)} is both included and excluded", hint="name it with one of the two"
        )
    if len(order.include) + len(order.exclude) > LIMIT_DECIDED_AT_ONCE:
        raise UsageError(
            f"more than {LIMIT_DECIDED_AT_ONCE} rows at once",
            hint="decide them in several commands, or preview with --include-queued REASON",
        )


def _found(workspace: Workspace, version: VersionRecord, rows: set[int]) -> list[Queued]:
    queue = workspace.stores.people.queue(version.list)
    queued = [each for each in queue if each.recipient.row in rows]
    missing = rows - {each.recipient.row for each in queued}
    if missing:
        raise NotFoundError(
            f"row {min(missing)} does not wait in the queue of version {version.version}",
            hint=f"`ccir notice recipients {version.notice} --queue` lists the rows",
        )
    return queued


def _notes(order: QueueOrder, version: int, queued: Iterable[Queued]) -> Iterator[str]:
    reasons = {each.recipient.row: ", ".join(each.reasons) for each in queued}
    for verb, rows in (("told all the same", order.include), ("left out", order.exclude)):
        if rows:
            named = ", ".join(f"row {row} ({reasons[row]})" for row in sorted({*rows}))
            yield f"'{order.notice}' version {version}, queue: {verb}: {named}: {order.reason}"


def _jurisdictions(summary: ListSummary) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in summary.places:
        place = each.subdivision or each.country
        counts[place] = counts.get(place, 0) + each.count
    return dict(sorted(counts.items()))


def _masked(recipient: Recipient, reasons: tuple[QueueReason, ...] = ()) -> MaskedRow:
    return MaskedRow(
        row=recipient.row,
        recipient=masked(recipient.address),
        language=recipient.language,
        jurisdiction=recipient.subdivision or recipient.country,
        channel=recipient.channel,
        reasons=reasons,
    )
