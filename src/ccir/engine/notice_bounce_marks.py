"""Keeps what reports say of the rows of one notice, and counts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from ccir.delivery.bounce_meaning import mark_of, suppression_reason
from ccir.delivery.bounce_reports import Report
from ccir.domain.commands import RecordOutcome
from ccir.domain.ledger import Mark, NoticeKey
from ccir.domain.notice_events import BouncesRead
from ccir.domain.notices import LedgerState
from ccir.domain.suppressions import SUPPRESSION_REASONS, Suppression
from ccir.engine.handle import handle
from ccir.engine.notice_bounce_rows import Subject
from ccir.engine.workspace import Workspace

_OUTCOMES = ("failed", "delayed", "delivered", "relayed", "complained")
# One row may be reported delivered to an alias and failed behind it: the failure comes last.
_ORDER: tuple[LedgerState, ...] = ("accepted", "delivered", "bounced")


class VersionBounces(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows of a version changed; `ignored` reports about it changed nothing."""

    run: str
    notice: str
    version: int
    bounced: int
    delivered: int
    ignored: int


class Learnt:
    """What the reports said so far."""

    def __init__(self) -> None:
        self._reports: Counter[str] = Counter()
        self._versions: dict[NoticeKey, VersionBounces] = {}
        self.suppressed = 0

    @property
    def reports(self) -> dict[str, int]:
        """Return how many reports there were, by what they say."""
        return {outcome: self._reports[outcome] for outcome in _OUTCOMES}

    @property
    def versions(self) -> tuple[VersionBounces, ...]:
        """Return how many rows changed, by the notices' versions."""
        return tuple(self._versions.values())

    def add(self, key: NoticeKey, event: BouncesRead, reports: Sequence[Report]) -> None:
        """Count the reports about a version, and the rows that they changed."""
        self._reports.update(report.outcome for report in reports)
        before = self._versions.get(key)
        self._versions[key] = VersionBounces(
            run=key.run,
            notice=key.notice,
            version=key.version,
            bounced=event.bounced + (before.bounced if before else 0),
            delivered=event.delivered + (before.delivered if before else 0),
            ignored=event.ignored + (before.ignored if before else 0),
        )


def learn(
    workspace: Workspace,
    key: NoticeKey,
    about: Sequence[tuple[Subject, Report]],
    *,
    learnt: Learnt,
    by: str | None,
) -> None:
    """Mark a notice's rows, list dead addresses, and record how many; only count without `by`.

    Raises:
        CcirError: the store cannot be written.
    """
    if not about:
        return
    marks = [
        mark
        for subject, report in about
        if (mark := mark_of(report, row=subject.row, address=subject.address)) is not None
    ]
    changed: Counter[LedgerState] = Counter()
    if by is None:
        changed = _would_change(marks, {subject.row: subject.state for subject, _ in about})
    else:
        for state in _ORDER:
            chosen = [mark for mark in marks if mark.state == state]
            changed[state] = workspace.stores.ledger.mark(key, chosen)
    learnt.suppressed += _suppress(workspace, key, about, is_dry=by is None)
    event = BouncesRead(
        notice=key.notice,
        version=key.version,
        bounced=changed["bounced"],
        delivered=changed["delivered"],
        ignored=len(about) - changed.total(),
    )
    if by is not None:
        handle(workspace, key.run, RecordOutcome(by=by, outcome=event))
    learnt.add(key, event, [report for _, report in about])


def _would_change(marks: Sequence[Mark], states: dict[int, LedgerState]) -> Counter[LedgerState]:
    changed: Counter[LedgerState] = Counter()
    for state in _ORDER:
        for mark in marks:
            if mark.state == state and states[mark.row] in mark.known:
                states[mark.row] = state
                changed[state] += 1
    return changed


def _suppress(
    workspace: Workspace, key: NoticeKey, about: Sequence[tuple[Subject, Report]], *, is_dry: bool
) -> int:
    people, now = workspace.stores.people, workspace.clock.now()
    entries = {
        (subject.key, reason): Suppression(
            key=subject.key, reason=reason, at=now, run=key.run, notice=key.notice
        )
        for subject, report in about
        if (reason := suppression_reason(report)) is not None
    }
    if not is_dry:
        return people.suppress(entries.values())
    listed = {
        (name, reason) for reason in SUPPRESSION_REASONS for name in people.suppressed((reason,))
    }
    return len(entries.keys() - listed)
