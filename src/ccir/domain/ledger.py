"""One row per recipient of a notice: which notice it belongs to, and how far it got."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from ccir.domain.notices import Evidence, LedgerState, Receipt

Basis = Literal["", "answer", "relay-log", "report", "acknowledgement", "person"]
"""What a row's state rests on: the channel's own answer, the relay's log, a delivery report, the
recipient's acknowledgement, or a person's decision; empty before there is any."""

Halt = Literal["", "paused", "stopped"]


class NoticeKey(msgspec.Struct, frozen=True, kw_only=True):
    """The one version of a run's notice that goes out over one channel."""

    run: str
    notice: str
    version: int
    channel: str


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger holds about one recipient; her address is not in it.

    `row` is her row of the list, `recipient_key` the keyed hash of her address, `attempts`
    how often her row was claimed, `code` and `reply` what the other side said last. A planned
    row with `not_before` was put off until then; `is_reserved` says that this is the slot that
    her domain's rate has given her. `changed_at` is when its state changed last.
    """

    row: int
    recipient_key: str
    state: LedgerState
    attempts: int = 0
    code: int = 0
    reply: str = ""
    message_id: str = ""
    basis: Basis = ""
    not_before: dt.datetime | None = None
    is_reserved: bool = False
    evidence: Evidence | None = None
    changed_at: dt.datetime | None = None


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What the other side said about a claimed row.

    With `again_at` the row is planned again for then: surely nothing of it was taken.
    """

    row: int
    receipt: Receipt
    message_id: str = ""
    again_at: dt.datetime | None = None


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What became known of a row after it was sent, and from what.

    Only a row in one of the states `known` is marked: what was learnt later counts, and what
    was learnt earlier does not take it back.
    """

    row: int
    state: LedgerState
    basis: Basis
    known: frozenset[LedgerState]
    code: int = 0
    reply: str = ""
