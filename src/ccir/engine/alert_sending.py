"""Sends alerts: short messages to a room or to people, at once, with no ledger."""

from __future__ import annotations

from collections.abc import Mapping

from ccir.channels.interface import Channel, Message
from ccir.delivery.message_ids import message_id
from ccir.domain.ledger import NoticeKey
from ccir.domain.notices import Receipt
from ccir.engine.workspace import Workspace
from ccir.errors import UnavailableError

_NONCE_BYTES = 8


def alert_message(
    workspace: Workspace, channel: Channel, address: str, *, run: str, subject: str, text: str
) -> Message:
    """Return an alert's message to an address; a room has its channel's name for one."""
    nonce = workspace.entropy.octets(_NONCE_BYTES).hex()
    key = NoticeKey(run=run, notice=f"alert-{nonce}", version=1, channel="alert")
    recipient = workspace.stores.people.key_of(address)
    return Message(
        to=address,
        subject=subject,
        text=text,
        language="en",
        message_id=message_id(key, recipient, domain=channel.traits.domain),
        date=workspace.clock.now(),
    )


def sent(channel: Channel, messages: Mapping[str, Message]) -> dict[str, Receipt]:
    """Give the messages to the channel and return what it said, by the name each came with."""
    try:
        with channel.open() as session:
            return {name: session.send(message) for name, message in messages.items()}
    except UnavailableError as error:
        away = Receipt(state="refused-temporary", reply=error.message, retryable=True)
        return dict.fromkeys(messages, away)


def worst(receipts: Mapping[str, Receipt]) -> Receipt:
    """Return the first receipt that is not `accepted`; where there is none, a bare `accepted`."""
    bad = (receipt for receipt in receipts.values() if receipt.state != "accepted")
    return next(bad, Receipt(state="accepted"))
