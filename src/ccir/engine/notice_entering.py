"""Enters answers that a person heard by telephone or face to face, with how she heard them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec

from ccir.domain.acknowledgement import Answer, is_late
from ccir.domain.commands import AddNote, RecordOutcome
from ccir.domain.notice_events import RecipientsConfirmed
from ccir.domain.playbook import Notice
from ccir.domain.run import Run
from ccir.engine.handle import checked_moment, handle, load
from ccir.engine.notice_acks import answers_to, first_due_at
from ccir.engine.notice_rounds import Round, round_of
from ccir.engine.notice_rows import key_of
from ccir.engine.texts import seal
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, UsageError
from ccir.store.acks_interface import Asked, Confirmation

LIMIT_ENTERED_AT_ONCE = 1_000


class EntryOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Who answered what, by rows of the list or addresses, and how that is known.

    `at` is when they answered, where that is not now.
    """

    notice: str
    by: str
    how: str
    rows: tuple[int, ...] = ()
    addresses: tuple[str, ...] = ()
    answer: str | None = None
    at: dt.datetime | None = None


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """How many confirmed by this entry, how many had before, and how many of the first late."""

    version: int
    confirmed: int
    already: int
    late: int


def enter(workspace: Workspace, run_id: str, order: EntryOrder) -> Entered:
    """Keep what recipients answered to a person, and record it with how she knows.

    Raises:
        NotFoundError: the notice asks for nothing, or a row or address was not asked.
        RefusedError: nobody was asked yet, or the words hold a card number.
        UsageError: the answer is none that the notice asks for, or its time is yet to come.
    """
    run = load(workspace, run_id).run
    found = round_of(workspace, run, order.notice)
    answer = _answer(found.notice, order.answer)
    asked = [*_asked(workspace, run, found, order=order)]
    now = workspace.clock.now()
    event = RecipientsConfirmed(notice=order.notice, version=found.newest.version, rows=0)
    at = checked_moment(run, RecordOutcome(by=order.by, outcome=event), at=order.at, now=now)
    note = AddNote(by=order.by, text=seal(workspace, run_id, _words(order, len(asked))))
    first, late = 0, 0
    for each in asked:
        is_first_late = is_late(at, first_due_at(workspace, run, each))
        confirmation = Confirmation(
            row=each.row, answer=answer, how="person", at=at, late=is_first_late
        )
        new = workspace.stores.acks.confirm(each.notice, [confirmation], recorded=True)
        first, late = first + new, late + (new if is_first_late else 0)
    event = msgspec.structs.replace(event, rows=first, late=late)
    outcomes = [RecordOutcome(by=order.by, outcome=event)] if first else []
    handle(workspace, run_id, note, *outcomes, at=order.at)
    return Entered(
        version=found.newest.version, confirmed=first, already=len(asked) - first, late=late
    )


def _answer(notice: Notice, given: str | None) -> Answer:
    known = answers_to(notice)
    if given is None and len(known) == 1:
        return known[0]
    for answer in known:
        if answer == given:
            return answer
    raise UsageError(
        f"'{notice.id}' asks for {', '.join(known)}"
        + ("" if given is None else f", not for '{given}'"),
        hint=f"say what they answered: --answer {known[0]}",
    )


def _asked(workspace: Workspace, run: Run, found: Round, *, order: EntryOrder) -> Iterator[Asked]:
    rows = [*order.rows, *_rows(workspace, run, found, addresses=order.addresses)]
    if not 1 <= len(rows) <= LIMIT_ENTERED_AT_ONCE:
        raise UsageError(
            f"{len(rows)} recipients; at least one and at most {LIMIT_ENTERED_AT_ONCE} at once",
            hint="name rows (--row 17) or give addresses on standard input (--address -)",
        )
    for row in dict.fromkeys(rows):
        yield _newest(workspace, run, found, row=row)


def _rows(
    workspace: Workspace, run: Run, found: Round, *, addresses: tuple[str, ...]
) -> Iterator[int]:
    stores, key = workspace.stores, key_of(run, found.root)
    for number, address in enumerate(addresses, start=1):
        row = stores.ledger.row_of(key, stores.people.key_of(address))
        if row is None:
            raise NotFoundError(
                f"address {number} was not asked by '{found.notice.id}'",
                hint="compare its spelling with the list, or name the row: --row N",
            )
        yield row.row


def _newest(workspace: Workspace, run: Run, found: Round, *, row: int) -> Asked:
    for version in reversed(found.versions):
        asked = workspace.stores.acks.asked(key_of(run, version), row)
        if asked is not None:
            return asked
    raise NotFoundError(
        f"row {row} was not asked by '{found.notice.id}'",
        hint=f"`ccir notice roll-call {found.notice.id} --rows` lists who has not confirmed",
    )


def _words(order: EntryOrder, count: int) -> str:
    return f"notice {order.notice}, {count} answers entered by hand: {order.how}"
