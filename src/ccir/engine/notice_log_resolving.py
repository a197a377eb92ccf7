"""Closes rows in doubt by what the relay's log says of their messages.

1. A message that the log names is `accepted`, `delivered` or `bounced`, or is still in the
   relay's queue and stays in doubt.
2. One that it does not name was never taken, if the log covers the whole time in which it can
   have left, with `MARGIN` to spare for clocks that differ. Such rows are planned again only where
   a person asks for that, and gave the logs of every relay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from ccir.delivery.message_ids import message_id
from ccir.delivery.relay_log import Fate, RelayLog
from ccir.delivery.relay_log_files import Covered, read_files
from ccir.delivery.relay_log_times import LogClock, Span
from ccir.domain.events import SendingStarted
from ccir.domain.ledger import LedgerRow
from ccir.domain.notice_events import Decision
from ccir.domain.notices import LedgerState
from ccir.domain.run import Run, VersionRecord
from ccir.engine.channels import channel_named
from ccir.engine.handle import Loaded, load
from ccir.engine.notice_doubts import (
    Closing,
    Resolved,
    close,
    in_doubt,
    refuse_resending,
    resolved,
    version_of,
)
from ccir.engine.notice_rows import key_of
from ccir.engine.texts import fit_words, seal_if_any
from ccir.engine.workspace import Workspace

MARGIN = dt.timedelta(minutes=5)

_STATES: dict[str, LedgerState] = {
    "delivered": "delivered",
    "accepted": "accepted",
    "bounced": "bounced",
}
_DECISIONS: dict[LedgerState, Decision] = {
    "delivered": "told",
    "accepted": "told",
    "bounced": "not-told",
    "planned": "resend",
}


class LogOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Which logs are read, in place of their own ends `covers`, and what follows.

    With `resends` the rows that the log covers and does not name are planned again.
    """

    notice: str
    by: str
    files: tuple[Path, ...]
    covers: Span | None = None
    resends: bool = False
    reason: str | None = None
    version: int | None = None
    is_dry: bool = False


class LogResolved(msgspec.Struct, frozen=True, kw_only=True):
    """What the logs closed; `foreign` deliveries named an address that is not the recipient's."""

    resolved: Resolved
    covered: Covered
    foreign: int


def resolve_by_log(workspace: Workspace, run_id: str, order: LogOrder) -> LogResolved:
    """Close rows in doubt by the relay's logs.

    Raises:
        NotFoundError: there is no such notice or version, or a log cannot be read.
        InvalidDocumentError: a log is damaged.
        RefusedError: it was never previewed, or is to be sent again and does not go out any more.
        ConflictError: somebody is sending it.
    """
    loaded = load(workspace, run_id)
    run = loaded.run
    version = version_of(run, order.notice, order.version)
    if order.resends:
        refuse_resending(run, version)
    if order.reason is not None:
        fit_words(order.reason)
    with in_doubt(workspace, run, version, is_dry=order.is_dry) as doubtful:
        id_of = _message_ids(workspace, run, version)
        ids = {row.row: id_of(row) for row in doubtful}
        wanted = {ids[row.row]: row.recipient_key for row in doubtful}
        log = RelayLog(wanted, key_of=workspace.stores.people.key_of)
        covered = read_files(order.files, log, LogClock(workspace.clock, zone=workspace.zone))
        if order.covers is not None:
            covered = msgspec.structs.replace(covered, spans=(order.covers,))
        judged = _Judged(workspace, loaded, version, covered=covered)
        for row in doubtful:
            judged.judge(row, log.fate(ids[row.row]), resends=order.resends)
        closings = judged.closings()
        if not order.is_dry and closings:
            reason = seal_if_any(workspace, run.id, order.reason)
            close(workspace, run, version, closings=closings, by=order.by, reason=reason)
    return LogResolved(
        resolved=resolved(workspace, run, version, closings=closings, left=judged.left),
        covered=covered,
        foreign=log.foreign,
    )


class _Judged:
    """Rows by what the log says of them."""

    def __init__(
        self, workspace: Workspace, loaded: Loaded, version: VersionRecord, *, covered: Covered
    ) -> None:
        self._began = _first_sending(loaded, version)
        self._now = workspace.clock.now()
        self._spans = covered.spans
        self._rows: dict[LedgerState, list[LedgerRow]] = {}
        self.left: dict[str, int] = {"queued": 0, "not-found": 0, "not-covered": 0}

    def judge(self, row: LedgerRow, fate: Fate | None, *, resends: bool) -> None:
        """Take note of one row (rules 1 and 2)."""
        if fate is not None and fate.state == "queued":
            self.left["queued"] += 1
        elif fate is not None:
            kept = msgspec.structs.replace(row, code=fate.code, reply=fate.reply)
            self._rows.setdefault(_STATES[fate.state], []).append(kept)
        elif not self._is_covered(row):
            self.left["not-covered"] += 1
        elif resends:
            self._rows.setdefault("planned", []).append(row)
        else:
            self.left["not-found"] += 1

    def closings(self) -> list[Closing]:
        """Return how the rows are closed, by their new state."""
        return [
            Closing(decision=_DECISIONS[state], basis="relay-log", state=state, rows=tuple(rows))
            for state, rows in sorted(self._rows.items())
        ]

    def _is_covered(self, row: LedgerRow) -> bool:
        """Return whether one span holds all the time in which the row can have left."""
        evidence = row.evidence
        first_at = self._began if evidence is None else evidence.sent_at
        left = Span(first_at=first_at, last_at=row.changed_at or self._now)
        return any(span.holds(left, margin=MARGIN) for span in self._spans)


def _first_sending(loaded: Loaded, version: VersionRecord) -> dt.datetime:
    """Return when the version began to go out; no row of it can have left before."""
    began: Iterable[dt.datetime] = (
        entry.recorded_at
        for entry in loaded.entries
        if isinstance(entry.event, SendingStarted)
        and (entry.event.notice, entry.event.version) == (version.notice, version.version)
    )
    return next(iter(began), version.at)


def _message_ids(
    workspace: Workspace, run: Run, version: VersionRecord
) -> Callable[[LedgerRow], str]:
    """Return what gives a row's Message-ID: that of the ledger, else the one it left with."""
    key = key_of(run, version)
    domain = channel_named(workspace, version.channel).traits.domain
    return lambda row: row.message_id or message_id(key, row.recipient_key, domain=domain)
