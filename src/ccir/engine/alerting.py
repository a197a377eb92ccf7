"""Calls roles: one short message to whoever holds them, through a team's channel."""

from __future__ import annotations

import msgspec

from ccir.channels.interface import Channel, Message
from ccir.config.choice import binding, missing_binding
from ccir.domain.commands import RecordOutcome
from ccir.domain.events import RolesAlerted
from ccir.domain.notices import Receipt
from ccir.domain.run import Run
from ccir.engine.alert_sending import alert_message, sent, worst
from ccir.engine.channels import channel_named
from ccir.engine.handle import handle, load
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, UnavailableError, UsageError

PURPOSE = "staff-alert"
MESSAGE_LIMIT = 500


class AlertOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Which roles to call, in whose name, with which words and through which channel."""

    roles: tuple[str, ...]
    by: str
    message: str = ""
    channel: str | None = None


class Alerted(msgspec.Struct, frozen=True, kw_only=True):
    """How a call went; `receipts` has one entry a message, by the person it went to."""

    event: RolesAlerted
    receipts: dict[str, Receipt]


def alert(workspace: Workspace, run_id: str, order: AlertOrder) -> Alerted:
    """Call the roles' holders at once and record how it went.

    A channel that is one room gets one message that names them all.

    Raises:
        NotFoundError: a role is not the playbook's.
        UnavailableError: no channel is bound, or a holder has no address for it.
    """
    run = load(workspace, run_id).run
    name = order.channel or binding(workspace.settings, PURPOSE, "channels")
    if name is None:
        raise missing_binding(workspace.settings, PURPOSE, "channels")
    channel = channel_named(workspace, name)
    people = [_holder(run, role) for role in order.roles]
    receipts = sent(channel, _messages(workspace, run, order, people=people, to=name))
    answer = worst(receipts)
    event = RolesAlerted(roles=order.roles, channel=name, state=answer.state, detail=answer.reply)
    handle(workspace, run_id, RecordOutcome(by=order.by, outcome=event))
    return Alerted(event=event, receipts=receipts)


def _holder(run: Run, role: str) -> str:
    known = [each.id for each in run.playbook.roles]
    if role not in known:
        raise NotFoundError(
            f"playbook '{run.playbook.id}' has no role '{role}'", hint=f"known: {', '.join(known)}"
        )
    return run.roles.get(role, "")


def _messages(
    workspace: Workspace, run: Run, order: AlertOrder, *, people: list[str], to: str
) -> dict[str, Message]:
    if len(order.message) > MESSAGE_LIMIT or "\n" in order.message:
        raise UsageError(
            f"an alert's words are one line of at most {MESSAGE_LIMIT} characters",
            hint="say where to meet; the rest follows there",
        )
    channel = channel_named(workspace, to)
    if not channel.traits.personal:
        return {to: _message(workspace, run, order, channel=channel, address=to)}
    addresses = {
        person: _address(workspace, person, role)
        for person, role in zip(people, order.roles, strict=True)
    }
    return {
        person: _message(workspace, run, order, channel=channel, address=address)
        for person, address in addresses.items()
    }


def _address(workspace: Workspace, person: str, role: str) -> str:
    entry = workspace.settings.people.get(person)
    if entry is None or entry.email is None:
        who = f"'{person}' ({role}) has no mail address" if person else f"nobody is {role}"
        raise UnavailableError(who, hint="`ccir contacts` shows other ways; add email to ccir.toml")
    return entry.email


def _message(
    workspace: Workspace, run: Run, order: AlertOrder, *, channel: Channel, address: str
) -> Message:
    words = order.message or "You are needed. Answer on the out-of-band channel now."
    holders = ", ".join(f"{role} ({run.roles.get(role) or 'nobody'})" for role in order.roles)
    return alert_message(
        workspace,
        channel,
        address,
        run=run.id,
        subject=f"[{run.id} {run.severity}] {run.title}",
        text=f"{words}\n\nCalled: {holders}\nRun: {run.id}\n",
    )
