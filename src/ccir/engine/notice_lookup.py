"""Answers whether one person was told, from an address that is kept nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Literal

import msgspec

from ccir.delivery.recipient_addresses import checked_address
from ccir.delivery.recipient_lines import UnreadableLineError
from ccir.domain.deciding_notices import existing_notice
from ccir.domain.ledger import LedgerRow
from ccir.domain.notices import LedgerState, masked
from ccir.domain.run import Run, VersionRecord
from ccir.engine.notice_rows import key_of
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, UsageError

Told = Literal["told", "in-doubt", "not-told", "not-listed"]
LIMIT_CHARACTERS = 1_000
_TOLD: frozenset[LedgerState] = frozenset({"accepted", "delivered", "confirmed"})
_IN_DOUBT: frozenset[LedgerState] = frozenset({"claimed", "unknown"})


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How she stands in one version of the notice.

    `sent_at` is before the message's first byte, `changed_at` when the state changed last.
    """

    version: int
    channel: str
    row: int
    state: LedgerState
    basis: str = ""
    sent_at: dt.datetime | None = None
    changed_at: dt.datetime | None = None
    code: int = 0
    reply: str = ""
    relay: str = ""
    tls: str = ""
    sha256: str = ""
    message_id: str = ""


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """Whether she was told, by every version that has her on its list; her address is masked."""

    recipient: str
    answer: Told
    standings: tuple[Standing, ...]


def look_up(workspace: Workspace, run: Run, notice: str, *, address: str) -> Lookup:
    """Return whether the recipient of that address was told; nothing is written.

    Raises:
        UsageError: it is no address.
        NotFoundError: the playbook has no such notice.
    """
    existing_notice(run, notice)
    plain = _plain(workspace, address)
    key = workspace.stores.people.key_of(plain)
    standings = tuple(
        found
        for version in run.notices.get(notice, ())
        if (found := _standing(workspace, run, version, key=key)) is not None
    )
    states = {each.state for each in standings}
    return Lookup(recipient=masked(plain), answer=_answer(states), standings=standings)


def _plain(workspace: Workspace, address: str) -> str:
    """Return the address as a list's row would have it; a room is called as its channel is."""
    words = address.strip()
    if words in workspace.settings.channels:
        return words
    try:
        return checked_address(words[:LIMIT_CHARACTERS])
    except UnreadableLineError as error:
        raise UsageError(
            f"this is no address that a list could hold: {error}", hint="give one mail address"
        ) from None


def _answer(states: set[LedgerState]) -> Told:
    if not states:
        return "not-listed"
    if states & _TOLD:
        return "told"
    return "in-doubt" if states & _IN_DOUBT else "not-told"


def _standing(
    workspace: Workspace, run: Run, version: VersionRecord, *, key: str
) -> Standing | None:
    notice, ledger = key_of(run, version), workspace.stores.ledger
    row = ledger.row_of(notice, key)
    if row is not None:
        return _as_it_stands(version, row)
    if ledger.number(notice):
        return None
    # Before the first sending only the list knows, and it has to be read.
    listed = next(_listed(workspace, version, key=key), None)
    if listed is None:
        return None
    return Standing(version=version.version, channel=version.channel, row=listed, state="planned")


def _listed(workspace: Workspace, version: VersionRecord, *, key: str) -> Iterator[int]:
    people = workspace.stores.people
    try:
        for recipient in people.recipients(version.list):
            if people.key_of(recipient.address) == key:
                yield recipient.row
    except NotFoundError:  # the list was erased before anybody was told by it
        return


def _as_it_stands(version: VersionRecord, row: LedgerRow) -> Standing:
    evidence = row.evidence
    return Standing(
        version=version.version,
        channel=version.channel,
        row=row.row,
        state=row.state,
        basis=row.basis,
        sent_at=None if evidence is None else evidence.sent_at,
        changed_at=row.changed_at,
        code=row.code,
        reply=row.reply,
        relay="" if evidence is None else evidence.relay,
        tls="" if evidence is None else evidence.tls,
        sha256="" if evidence is None else evidence.sha256,
        message_id=row.message_id,
    )
