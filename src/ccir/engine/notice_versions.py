"""Makes a numbered version of a notice: its text in every language, its recipients, its channel.

1. The text of every language, the facts and the organisation are pinned: what is approved is
   what goes out, whatever the files and facts say later.
2. Every recipient's message is rendered once before the version is stored: a value that is
   missing in one row stops the whole notice now, not half-way through the sending.
3. Who may have been told by an earlier version is left out, unless the notice goes to them
   again on purpose (a correction).
4. The digest covers the texts, the values, the recipients, the channel, its rate and time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path

import msgspec

from ccir.catalog.rendering import RenderedText
from ccir.config.choice import binding, missing_binding
from ccir.delivery.recipient_columns import RowSource
from ccir.delivery.recipient_seen import Variant
from ccir.delivery.recipients import RecipientList, Rejected, Totals
from ccir.delivery.render_process import rendering
from ccir.domain.commands import StoreVersion
from ccir.domain.deciding_notices import existing_notice, latest_version
from ccir.domain.manual_queue import QueueReason
from ccir.domain.notices import Recipient
from ccir.domain.playbook import Notice
from ccir.domain.record import canonical, digest
from ccir.domain.run import VersionRecord
from ccir.engine.attendant import Attendant
from ccir.engine.channels import channel_named
from ccir.engine.handle import handle, load, refuse_closed
from ccir.engine.notice_content import ContentCheck, checked_content
from ccir.engine.notice_forms import refuse_lacking_form
from ccir.engine.notice_import import import_list
from ccir.engine.notice_links import refuse_shared_link
from ccir.engine.notice_list_rules import Asked, list_rules, told_before
from ccir.engine.notice_making import Making, refuse_nobody
from ccir.engine.notice_sources import (
    OpenedList,
    Query,
    QueryRecord,
    opened_file,
    opened_query,
    rejects_to,
)
from ccir.engine.notice_texts import NoticeText, letter_text, letters, notice_text, texts_of
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError


class PreviewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks for; `again` includes those whom an earlier version may have told.

    The list is the file `recipients`, the answer to `query`, or `rows` that are there already.
    Rejected rows are written to `rejects`. Rows with one of the `included` reasons are told
    without waiting for a decision.
    With `only_unreached` those alone are told whom no earlier version reached.
    `per_second` and `not_before` bound the sending, and are approved with the rest.
    """

    notice: str
    by: str
    recipients: Path | None = None
    query: Query | None = None
    rows: RowSource | None = None
    rejects: Path | None = None
    included: tuple[QueueReason, ...] = ()
    channel: str | None = None
    again: bool = False
    only_unreached: bool = False
    per_second: float | None = None
    not_before: dt.datetime | None = None


class Previewed(msgspec.Struct, frozen=True, kw_only=True):
    """A stored version, what became of the list's rows, and one message in each language.

    `rejected` and `variants` hold the first of them; `totals` counts all, and is None for a room.
    `content` says what the text lacks of what the notice's rules require.
    """

    notice: Notice
    version: VersionRecord
    totals: Totals | None
    rejected: tuple[Rejected, ...]
    samples: dict[str, RenderedText]
    variants: tuple[Variant, ...] = ()
    query: QueryRecord | None = None
    content: ContentCheck = ContentCheck()


def preview(
    workspace: Workspace, run_id: str, order: PreviewOrder, *, attendant: Attendant
) -> Previewed:
    """Render a notice for all its recipients and store that as its next version.

    Raises:
        UnavailableError: no channel is bound to the notice's purpose.
        NotFoundError: the notice, the channel, the list or a template does not exist.
        InvalidDocumentError: a message cannot be rendered, or the list cannot be read.
        RefusedError: nobody is left to be told, or a version is being sent.
    """
    run = load(workspace, run_id).run
    notice = existing_notice(run, order.notice)
    refuse_closed(run)
    channel = _channel_name(workspace, notice, order.channel)
    traits = channel_named(workspace, channel).traits
    text = notice_text(workspace, run, notice, is_personal=traits.personal)
    refuse_lacking_form(text.templates, traits.form, channel=channel)
    if not traits.personal:
        refuse_shared_link(text.values, channel=channel)
    asked = Asked(
        channel=channel,
        included=order.included,
        again=order.again,
        only_unreached=order.only_unreached,
    )
    with ExitStack() as files:
        reject_too = files.enter_context(rejects_to(order.rejects))
        renderer = files.enter_context(rendering(letter_text(text), clock=workspace.clock))
        making = Making(renderer, attendant=attendant, reject_too=reject_too)
        people, opened = None, None
        if traits.personal:
            opened = files.enter_context(_source(workspace, notice, order))
            rules = list_rules(
                workspace, run, notice, asked=asked, languages=text.languages, traits=traits
            )
            people = RecipientList(opened.rows, rules, reject=making.reject)
            items = making.listed(people)
        else:
            told = told_before(workspace, run, notice, asked=asked)
            items = making.in_room(_room(workspace, text, channel, told=told))
        summary = import_list(workspace, run=run.id, notice=notice.id, items=items)
        totals = _room_totals(summary.count) if people is None else people.totals
        refuse_nobody(totals, kept=summary.count)
    command = StoreVersion(
        by=order.by,
        notice=notice.id,
        digest=digest(
            canonical(
                [
                    text,
                    channel,
                    summary.digest,
                    summary.count,
                    order.per_second,
                    order.not_before,
                ]
            )
        ),
        text=workspace.stores.people.seal_bytes(run.id, canonical(text)),
        channel=channel,
        list=summary.id,
        recipients=summary.count,
        rejected=totals.rejected,
        duplicates=totals.duplicates,
        already_told=totals.already_told,
        languages=summary.languages,
        per_second=order.per_second,
        not_before=order.not_before,
    )
    run = handle(workspace, run.id, command).run
    return Previewed(
        notice=notice,
        version=latest_version(run, notice.id),
        totals=None if people is None else totals,
        rejected=tuple(making.rejected),
        variants=() if people is None else people.variants,
        query=_query_record(opened, totals),
        samples=making.samples,
        content=checked_content(workspace, run, notice=notice, text=text, samples=making.samples),
    )


def sample(workspace: Workspace, version: VersionRecord) -> dict[str, RenderedText]:
    """Return a stored version's message to the first recipient of each language."""
    writers = letters(texts_of(workspace, version))
    found: dict[str, RenderedText] = {}
    for recipient in workspace.stores.people.recipients(version.list):
        if recipient.language not in found:
            found[recipient.language] = writers.render(recipient)
        if len(found) == len(version.languages):
            break
    return found


def _source(
    workspace: Workspace, notice: Notice, order: PreviewOrder
) -> AbstractContextManager[OpenedList]:
    if order.rows is not None:
        return nullcontext(OpenedList(rows=order.rows))
    if order.query is not None:
        return opened_query(order.query)
    return opened_file(workspace, notice, order.recipients)


def _room(
    workspace: Workspace, text: NoticeText, channel: str, *, told: set[str]
) -> Iterator[Recipient]:
    """Yield the one recipient that stands for everybody in a team's room, unless told already."""
    if workspace.stores.people.key_of(channel) not in told:
        yield Recipient(row=1, address=channel, name=channel, language=text.languages[0])


def _room_totals(kept: int) -> Totals:
    return Totals(read=1, kept=kept, duplicates=0, rejected=0, fallbacks=0, already_told=1 - kept)


def _query_record(opened: OpenedList | None, totals: Totals) -> QueryRecord | None:
    if opened is None or opened.sha256 is None:
        return None
    return QueryRecord(sha256=opened.sha256, rows=totals.read)


def _channel_name(workspace: Workspace, notice: Notice, given: str | None) -> str:
    channels = workspace.settings.channels
    if given is not None:
        if given not in channels:
            raise NotFoundError(
                f"there is no channel '{given}'", hint=f"known: {', '.join(channels) or 'none'}"
            )
        return given
    name = binding(workspace.settings, notice.channel, "channels")
    if name is None:
        raise missing_binding(workspace.settings, notice.channel, "channels")
    return name
