"""One row per recipient of a notice: which notice it belongs to, and how far it got."""

from __future__ import annotations

import msgspec

from ccir.domain.notices import LedgerState


class NoticeKey(msgspec.Struct, frozen=True, kw_only=True):
    """The one version of a run's notice that goes out over one channel."""

    run: str
    notice: str
    version: int
    channel: str


class LedgerRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger holds about one recipient; her address is not in it.

    `row` is her row of the list, `recipient_key` the keyed hash of her address, `attempts`
    how often her row was claimed, `code` and `reply` what the other side said last.
    """

    row: int
    recipient_key: str
    state: LedgerState
    attempts: int = 0
    code: int = 0
    reply: str = ""
    message_id: str = ""
