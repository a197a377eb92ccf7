"""The rounds in which a notice asks for answers, and how its recipients stand.

1. A round is the version that asked first, and the versions that asked again those who did not
   confirm (`ccir notice escalate`). Rows of the list keep their numbers through all of them.
2. A version that was previewed in another way, as a correction is, begins a round of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec

from ccir.domain.acknowledgement import Answer, Counting, Standing, Tally, is_settled, standing
from ccir.domain.notices import LedgerState, Recipient, masked
from ccir.domain.playbook import Notice
from ccir.domain.run import Run, VersionRecord
from ccir.engine.notice_acks import asking_notice
from ccir.engine.notice_links import due_at
from ccir.engine.notice_rows import key_of
from ccir.engine.workspace import Workspace
from ccir.errors import RefusedError
from ccir.store.acks_interface import Asked

UNGROUPED = "(none)"


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that asks, and its versions of one round, the first one first."""

    notice: Notice
    versions: tuple[VersionRecord, ...]

    @property
    def root(self) -> VersionRecord:
        """Return the version that asked first; it has everybody."""
        return self.versions[0]

    @property
    def newest(self) -> VersionRecord:
        """Return the version that asked last."""
        return self.versions[-1]


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient in a round; `due_at` is by when she is to confirm."""

    row: int
    recipient_key: str
    standing: Standing
    due_at: dt.datetime
    answer: Answer | None = None
    confirmed_at: dt.datetime | None = None


class RollCall(msgspec.Struct, frozen=True, kw_only=True):
    """How the recipients of a round stand, in all and by the words of a column.

    `first_due_at` and `last_due_at` are by when those are to confirm who have not yet; None
    where all have.
    """

    round: Round
    tally: Tally
    groups: dict[str, Tally] = {}
    first_due_at: dt.datetime | None = None
    last_due_at: dt.datetime | None = None


class MaskedMember(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who has not confirmed, as she may be shown."""

    row: int
    recipient: str
    standing: Standing
    group: str
    due_at: dt.datetime


def round_of(workspace: Workspace, run: Run, name: str) -> Round:
    """Return the newest round of a notice that was begun to be sent.

    Raises:
        NotFoundError: there is no such notice, or it asks for nothing.
        RefusedError: none of its versions was sent.
    """
    notice, acks = asking_notice(run, name), workspace.stores.acks
    numbers = [
        (acks.round_of(key_of(run, version)), version)
        for version in run.notices.get(name, ())
        if next(acks.all(key_of(run, version)), None) is not None
    ]
    if not numbers:
        raise RefusedError(
            f"nobody was asked by '{name}' yet", hint=f"send it first: `ccir notice send {name}`"
        )
    newest = numbers[-1][0]
    return Round(
        notice=notice, versions=tuple(version for root, version in numbers if root == newest)
    )


def members(workspace: Workspace, run: Run, found: Round) -> Iterator[Member]:
    """Yield how each recipient of a round stands, in the list's order."""
    acks = workspace.stores.acks
    again: dict[str, list[Asked]] = {}
    for version in found.versions[1:]:
        for asked in acks.all(key_of(run, version)):
            again.setdefault(asked.recipient_key, []).append(asked)
    for first in acks.all(key_of(run, found.root)):
        yield _member(run, found.notice, [first, *again.get(first.recipient_key, ())])


def roll_call(workspace: Workspace, run: Run, name: str, *, by: str | None = None) -> RollCall:
    """Return how a notice's recipients stand, also by the words of the list's column `by`.

    Raises:
        NotFoundError: there is no such notice, or it asks for nothing.
        RefusedError: none of its versions was sent.
    """
    found = round_of(workspace, run, name)
    counting, groups = Counting(), dict[str, Counting]()
    dues: list[dt.datetime] = []
    for member, group in _grouped(workspace, run, found, by=by):
        counting.add(member.standing, member.answer)
        if by is not None:
            groups.setdefault(group, Counting()).add(member.standing, member.answer)
        if not is_settled(member.standing):
            dues = [min([*dues[:1], member.due_at]), max([*dues[1:], member.due_at])]
    return RollCall(
        round=found,
        tally=counting.tally,
        groups={word: groups[word].tally for word in sorted(groups)},
        first_due_at=dues[0] if dues else None,
        last_due_at=dues[1] if dues else None,
    )


def silent_rows(
    workspace: Workspace, run: Run, name: str, *, by: str | None = None
) -> Iterator[MaskedMember]:
    """Yield, masked, who has not confirmed, in the list's order.

    Raises:
        NotFoundError: there is no such notice, or it asks for nothing.
        RefusedError: none of its versions was sent.
    """
    found = round_of(workspace, run, name)
    for member, recipient in _with_people(workspace, run, found):
        if not is_settled(member.standing):
            yield MaskedMember(
                row=member.row,
                recipient=masked(recipient.address),
                standing=member.standing,
                group="" if by is None else _group(recipient, by),
                due_at=member.due_at,
            )


def silent(workspace: Workspace, run: Run, found: Round) -> Iterator[tuple[Member, Recipient]]:
    """Yield who has not confirmed, as she stands in the list."""
    for member, recipient in _with_people(workspace, run, found):
        if not is_settled(member.standing):
            yield member, recipient


def _member(run: Run, notice: Notice, asked: list[Asked]) -> Member:
    answered = [each for each in asked if each.confirmed_at is not None]
    first = min(answered, key=_confirmed_at, default=None)
    states: list[LedgerState] = [each.state for each in asked]
    latest = max(answered, key=lambda each: each.notice.version, default=None)
    return Member(
        row=asked[0].row,
        recipient_key=asked[0].recipient_key,
        standing=standing(
            states,
            confirmed_at=None if first is None else first.confirmed_at,
            late=first is not None and first.late,
        ),
        due_at=due_at(run, notice, since=asked[0].sent_at),
        answer=None if latest is None else latest.answer,
        confirmed_at=None if first is None else first.confirmed_at,
    )


def _confirmed_at(asked: Asked) -> dt.datetime:
    return asked.confirmed_at or dt.datetime.max.replace(tzinfo=dt.UTC)


def _grouped(
    workspace: Workspace, run: Run, found: Round, *, by: str | None
) -> Iterator[tuple[Member, str]]:
    if by is None:
        yield from ((member, "") for member in members(workspace, run, found))
        return
    for member, recipient in _with_people(workspace, run, found):
        yield member, _group(recipient, by)


def _group(recipient: Recipient, by: str) -> str:
    return recipient.columns.get(by, "").strip() or UNGROUPED


def _with_people(
    workspace: Workspace, run: Run, found: Round
) -> Iterator[tuple[Member, Recipient]]:
    people = workspace.stores.people.recipients(found.root.list)
    recipient = next(people, None)
    for member in members(workspace, run, found):
        while recipient is not None and recipient.row < member.row:
            recipient = next(people, None)
        if recipient is not None and recipient.row == member.row:
            yield member, recipient
