"""Addresses that a person puts on the list of those no longer written to, or takes off it."""

from __future__ import annotations

import msgspec

from ccir.delivery.recipient_addresses import checked_address
from ccir.delivery.recipient_lines import UnreadableLineError
from ccir.domain.commands import AddNote
from ccir.domain.suppressions import Suppression
from ccir.engine.handle import handle
from ccir.engine.texts import seal
from ccir.engine.workspace import Workspace
from ccir.errors import InvalidDocumentError


class SuppressionOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Which addresses a person adds or takes off, and why."""

    by: str
    reason: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def change_suppressions(workspace: Workspace, run_id: str, order: SuppressionOrder) -> None:
    """Change the list as a person says, and note it in the run's log with her reason.

    Raises:
        InvalidDocumentError: a line is no address; nothing changes then.
        UsageError: the reason is empty or too long.
    """
    people, now = workspace.stores.people, workspace.clock.now()
    entries = [
        Suppression(key=key, reason="by-hand", at=now, run=run_id)
        for key in _keys(workspace, order.add)
    ]
    removed = _keys(workspace, order.remove)
    words = f"no longer written to: {len(entries)} added, {len(removed)} taken off: {order.reason}"
    handle(workspace, run_id, AddNote(by=order.by, text=seal(workspace, run_id, words)))
    people.suppress(entries)
    people.unsuppress(removed)


def _keys(workspace: Workspace, addresses: tuple[str, ...]) -> list[str]:
    return [
        workspace.stores.people.key_of(_checked(address, line=number))
        for number, address in enumerate(addresses, 1)
    ]


def _checked(address: str, *, line: int) -> str:
    try:
        return checked_address(address)
    except UnreadableLineError as error:
        raise InvalidDocumentError(
            f"address {line}: {error}", hint="one mail address a line, nothing else"
        ) from error
