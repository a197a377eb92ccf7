"""Asks again those who did not confirm in time: through the next channel, or by calling a role.

1. Only those whose time is over, and those whom nothing that was tried could reach; who has
   confirmed is never asked again.
2. Through a channel it makes a new version, which is approved and sent as any other.
3. The role is called where the notice names no channel, or the round went through it already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec

from ccir.config.choice import binding, missing_binding
from ccir.domain.acknowledgement import Standing
from ccir.domain.moments import shown, zone_of
from ccir.domain.notices import Recipient
from ccir.domain.run import Run
from ccir.engine.alerting import Alerted, AlertOrder, alert
from ccir.engine.attendant import Attendant
from ccir.engine.handle import load, refuse_closed
from ccir.engine.notice_rounds import Member, Round, round_of, silent
from ccir.engine.notice_rows import key_of
from ccir.engine.notice_versions import Previewed, PreviewOrder, preview
from ccir.engine.workspace import Workspace
from ccir.errors import RefusedError

_UNREACHABLE: Standing = "unreachable"


class EscalationOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Which notice is escalated, and by whom."""

    notice: str
    by: str


class Escalated(msgspec.Struct, frozen=True, kw_only=True):
    """How many had not confirmed, how many of them had no time left, and what was done."""

    silent: int
    overdue: int
    previewed: Previewed | None = None
    alerted: Alerted | None = None
    role: str = ""


class SilentRows:
    """The rows of those who are asked again, as the list's file had them."""

    def __init__(self, people: Iterator[Recipient], *, expected: int) -> None:
        self._people = people
        self.expected: int | None = expected

    def __iter__(self) -> Iterator[tuple[int, dict[str, str] | str]]:
        for person in self._people:
            own = {"email": person.address, "name": person.name, "language": person.language}
            yield person.row, {**person.columns, **own}


def escalate(
    workspace: Workspace, run_id: str, order: EscalationOrder, *, attendant: Attendant
) -> Escalated:
    """Make the version that asks again, or call the role; see the module.

    Raises:
        NotFoundError: there is no such notice, or it asks for nothing.
        RefusedError: nobody was asked, all have confirmed, their time is not over, or the notice
            does not say who comes next.
        UnavailableError: no channel is bound to the purpose, or the role has no address.
    """
    run = load(workspace, run_id).run
    refuse_closed(run)
    found = round_of(workspace, run, order.notice)
    for version in found.versions:
        workspace.stores.acks.settle(key_of(run, version))
    members = [member for member, _ in silent(workspace, run, found)]
    now = workspace.clock.now()
    overdue = sum(_is_over(member, now) for member in members)
    _refuse_early(run, found, members=members, overdue=overdue)
    counts = Escalated(silent=len(members), overdue=overdue)
    channel = _next_channel(workspace, found)
    if channel is None:
        return _called(workspace, run, order=order, found=found, counts=counts)
    people = (
        recipient for member, recipient in silent(workspace, run, found) if _is_over(member, now)
    )
    made = preview(
        workspace,
        run_id,
        PreviewOrder(
            notice=order.notice,
            by=order.by,
            rows=SilentRows(people, expected=overdue),
            channel=channel,
            again=True,
        ),
        attendant=attendant,
    )
    key = key_of(load(workspace, run_id).run, made.version)
    workspace.stores.acks.open_round(key, root=found.root.version)
    return msgspec.structs.replace(counts, previewed=made)


def _is_over(member: Member, now: dt.datetime) -> bool:
    return member.standing == _UNREACHABLE or member.due_at < now


def _refuse_early(run: Run, found: Round, *, members: list[Member], overdue: int) -> None:
    if not members:
        raise RefusedError(
            f"everybody has confirmed '{found.notice.id}'", hint="there is nobody to ask again"
        )
    if not overdue:
        first = shown(min(member.due_at for member in members), zone_of(run.zone))
        raise RefusedError(
            f"{len(members)} have not confirmed yet, but have time until {first}",
            hint=f"look again then: `ccir notice roll-call {found.notice.id}`",
        )


def _next_channel(workspace: Workspace, found: Round) -> str | None:
    """Return the channel to ask through next; None where it is the role's turn."""
    acknowledge = found.notice.acknowledge
    if acknowledge is None or acknowledge.channel is None:
        return None
    name = binding(workspace.settings, acknowledge.channel, "channels")
    if name is None:
        raise missing_binding(workspace.settings, acknowledge.channel, "channels")
    is_used_up = name in {version.channel for version in found.versions}
    return None if is_used_up else name


def _called(
    workspace: Workspace, run: Run, *, order: EscalationOrder, found: Round, counts: Escalated
) -> Escalated:
    role = None if found.notice.acknowledge is None else found.notice.acknowledge.role
    if role is None:
        raise RefusedError(
            f"'{found.notice.id}' does not say whom to turn to next",
            hint="name a role in its 'acknowledge', or ask by hand: "
            f"`ccir notice roll-call {found.notice.id} --rows`",
        )
    words = (
        f"{counts.overdue} have not confirmed '{found.notice.id}' in time. "
        f"See who: ccir notice roll-call {found.notice.id} --rows"
    )
    alerted = alert(workspace, run.id, AlertOrder(roles=(role,), by=order.by, message=words))
    return msgspec.structs.replace(counts, alerted=alerted, role=role)
