"""The events about a notice: what was stored, approved, sent, and learnt of it afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ccir.domain.event_parts import Event, Sealed
from ccir.domain.ledger import Basis, Halt
from ccir.domain.notices import Counts

Decision = Literal["told", "not-told", "resend", "other-channel", "hold"]


class NoticePreviewed(Event, frozen=True, kw_only=True):
    """A numbered version of a notice was stored: text, recipients, channel, rate and time.

    `digest` covers all of them; `list` is the recipients' list in the people's store.
    `per_second` and `not_before` are None where nothing but the channel bounds them.
    """

    notice: str
    version: int
    digest: str
    text: Sealed
    channel: str
    list: str
    recipients: int
    rejected: int
    duplicates: int
    already_told: int
    languages: dict[str, int]
    per_second: float | None = None
    not_before: dt.datetime | None = None


class NoticeApproved(Event, frozen=True, kw_only=True):
    """Somebody approved exactly that version."""

    notice: str
    version: int
    digest: str
    role: str


class SendingStarted(Event, frozen=True, kw_only=True):
    """A version began to go out, to the rows that were still planned."""

    notice: str
    version: int
    planned: int


class SendingEnded(Event, frozen=True, kw_only=True):
    """The sender ended: all rows done, or why not.

    `ended` is `complete`, `stopped`, `paused` or `unavailable`.
    """

    notice: str
    version: int
    ended: str
    counts: Counts
    detail: str = ""


class NoticeDenied(Event, frozen=True, kw_only=True):
    """Somebody who may approve that version refused it: it never goes out."""

    notice: str
    version: int
    digest: str
    role: str
    reason: Sealed


class SendingHalted(Event, frozen=True, kw_only=True):
    """A version's sending was paused, or stopped for good; who was told stays told."""

    notice: str
    version: int
    halt: Halt
    reason: Sealed


class SendingReleased(Event, frozen=True, kw_only=True):
    """A paused sending may go on."""

    notice: str
    version: int


class RowsResolved(Event, frozen=True, kw_only=True):
    """Rows in doubt were closed: how, on what ground, how many, and why."""

    notice: str
    version: int
    decision: Decision
    basis: Basis
    rows: int
    reason: Sealed | None = None


class BouncesRead(Event, frozen=True, kw_only=True):
    """Delivery reports were read: how many rows came back, were delivered, and fit to none."""

    notice: str
    version: int
    bounced: int
    delivered: int
    ignored: int = 0


class RecipientsConfirmed(Event, frozen=True, kw_only=True):
    """Recipients confirmed that they know, `late` of them after their time."""

    notice: str
    version: int
    rows: int
    late: int = 0
    by_link: bool = False


class RecipientsUnmasked(Event, frozen=True, kw_only=True):
    """Somebody looked at recipients' data in full: how many rows, in which role, and why."""

    notice: str
    version: int
    rows: int
    role: str
    reason: Sealed


NoticeLearnt = RowsResolved | BouncesRead | RecipientsConfirmed | RecipientsUnmasked
NoticeEvent = (
    NoticePreviewed
    | NoticeApproved
    | NoticeDenied
    | SendingStarted
    | SendingHalted
    | SendingReleased
    | SendingEnded
    | NoticeLearnt
)
