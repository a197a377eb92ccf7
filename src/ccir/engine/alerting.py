"""Calls roles: one short message to whoever holds them, through a team's channel."""

from __future__ import annotations

import msgspec

from ccir.channels.interface import Channel, Message
from ccir.config.choice import binding, missing_binding
from ccir.delivery.message_ids import message_id
from ccir.domain.commands import RecordOutcome
from ccir.domain.events import RolesAlerted
from ccir.domain.ledger import NoticeKey
from ccir.domain.notices import Receipt
from ccir.domain.run import Run
from ccir.engine.channels import channel_named
from ccir.engine.handle import handle, load
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, UnavailableError, UsageError

PURPOSE = "staff-alert"
MESSAGE_LIMIT = 500
_NONCE_BYTES = 8


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
    receipts = _sent(channel, _messages(workspace, run, order, people=people, to=name))
    worst = next((r for r in receipts.values() if r.state != "accepted"), None)
    event = RolesAlerted(
        roles=order.roles,
        channel=name,
        state="accepted" if worst is None else worst.state,
        detail="" if worst is None else worst.reply,
    )
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
        return {to: _message(workspace, run, order, address=to, domain=channel.traits.domain)}
    return {
        person: _message(
            workspace,
            run,
            order,
            address=_address(workspace, person, role),
            domain=channel.traits.domain,
        )
        for person, role in zip(people, order.roles, strict=True)
    }


def _address(workspace: Workspace, person: str, role: str) -> str:
    entry = workspace.settings.people.get(person)
    if entry is None or entry.email is None:
        who = f"'{person}' ({role}) has no mail address" if person else f"nobody is {role}"
        raise UnavailableError(who, hint="`ccir contacts` shows other ways; add email to ccir.toml")
    return entry.email


def _message(
    workspace: Workspace, run: Run, order: AlertOrder, *, address: str, domain: str
) -> Message:
    nonce = workspace.entropy.octets(_NONCE_BYTES).hex()
    key = NoticeKey(run=run.id, notice=f"alert-{nonce}", version=1, channel="alert")
    words = order.message or "You are needed. Answer on the out-of-band channel now."
    holders = ", ".join(f"{role} ({run.roles.get(role) or 'nobody'})" for role in order.roles)
    return Message(
        to=address,
        subject=f"[{run.id} {run.severity}] {run.title}",
        text=f"{words}\n\nCalled: {holders}\nRun: {run.id}\n",
        language="en",
        message_id=message_id(key, workspace.stores.people.key_of(address), domain=domain),
        date=workspace.clock.now(),
    )


def _sent(channel: Channel, messages: dict[str, Message]) -> dict[str, Receipt]:
    try:
        with channel.open() as session:
            return {person: session.send(message) for person, message in messages.items()}
    except UnavailableError as error:
        away = Receipt(state="refused-temporary", reply=error.message, retryable=True)
        return dict.fromkeys(messages, away)
