"""The rows of a notice of whom nobody knows whether they were told, and how they are closed.

1. Nobody may be sending the notice meanwhile; what a dead sender left claimed is in doubt too.
2. What is decided stands in the run's log, with its ground and its sealed reason, before a row
   changes: deciding the same again after a crash changes nothing twice.
3. Only a row that is still in doubt changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import msgspec

from ccir.domain.commands import RecordOutcome
from ccir.domain.deciding_notices import latest_version
from ccir.domain.event_parts import Sealed
from ccir.domain.ledger import Basis, LedgerRow, Mark
from ccir.domain.notice_events import Decision, RowsResolved
from ccir.domain.notices import Counts, LedgerState
from ccir.domain.run import Run, VersionRecord
from ccir.engine.duty_recording import owed_by_notice
from ccir.engine.handle import handle
from ccir.engine.notice_rows import key_of
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, RefusedError

IN_DOUBT: frozenset[LedgerState] = frozenset({"unknown", "claimed"})
_CLOSABLE: frozenset[LedgerState] = frozenset({"unknown"})


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that are closed in one way: the state they get, and the words kept with each."""

    decision: Decision
    basis: Basis
    state: LedgerState
    rows: tuple[LedgerRow, ...]


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a version's rows in doubt.

    `closed` counts them by their new state, `left` those still in doubt by the reason. `owed` are
    the rules that the notice meets, once nobody is left who was not told.
    """

    version: VersionRecord
    closed: dict[str, int]
    left: dict[str, int]
    counts: Counts
    owed: tuple[str, ...] = ()


def version_of(run: Run, notice: str, number: int | None) -> VersionRecord:
    """Return a version of the notice, the newest where no number is given.

    Raises:
        NotFoundError: there is no such notice or version.
        RefusedError: it was never previewed.
    """
    latest = latest_version(run, notice)
    if number is None:
        return latest
    for version in run.notices[notice]:
        if version.version == number:
            return version
    raise NotFoundError(
        f"notice '{notice}' has no version {number}", hint=f"the newest is {latest.version}"
    )


def refuse_resending(run: Run, version: VersionRecord) -> None:
    """Refuse to plan rows again of a version that does not go out any more.

    Raises:
        RefusedError: there is a newer version, or this one was stopped.
    """
    if version == run.latest(version.notice) and version.halt != "stopped":
        return
    raise RefusedError(
        f"version {version.version} of '{version.notice}' does not go out any more",
        hint="`--decision other-channel` lets the next version include them",
    )


@contextmanager
def in_doubt(
    workspace: Workspace, run: Run, version: VersionRecord, *, is_dry: bool
) -> Iterator[list[LedgerRow]]:
    """Yield the version's rows in doubt, while nobody can send the notice.

    Raises:
        ConflictError: somebody is sending it.
    """
    key, ledger = key_of(run, version), workspace.stores.ledger
    with ledger.sender(key):
        if not is_dry and ledger.number(key):
            ledger.abandon(key)
        yield [row for row in ledger.rows(key) if row.state in IN_DOUBT]


def close(
    workspace: Workspace,
    run: Run,
    version: VersionRecord,
    *,
    closings: Sequence[Closing],
    by: str,
    reason: Sealed | None,
) -> None:
    """Record how rows in doubt are closed, at least one, and close them."""
    events = [
        RowsResolved(
            notice=version.notice,
            version=version.version,
            decision=each.decision,
            basis=each.basis,
            rows=len(each.rows),
            reason=reason,
        )
        for each in closings
    ]
    handle(workspace, run.id, *(RecordOutcome(by=by, outcome=event) for event in events))
    key = key_of(run, version)
    workspace.stores.ledger.mark(key, (mark for each in closings for mark in _marks(each)))


def resolved(
    workspace: Workspace,
    run: Run,
    version: VersionRecord,
    *,
    closings: Sequence[Closing],
    left: dict[str, int],
) -> Resolved:
    """Return what became of the rows in doubt, as the ledger stands now."""
    counts = workspace.stores.ledger.counts(key_of(run, version))
    owed: tuple[str, ...] = ()
    if counts.told == counts.total and version == run.latest(version.notice):
        found = owed_by_notice(workspace, run, version.notice, now=workspace.clock.now())
        owed = tuple(each.clock.duty.rule.id for each in found)
    closed = {str(each.state): len(each.rows) for each in closings if each.rows}
    return Resolved(
        version=version,
        closed=closed,
        left={why: count for why, count in left.items() if count},
        counts=counts,
        owed=owed,
    )


def _marks(closing: Closing) -> Iterator[Mark]:
    for row in closing.rows:
        yield Mark(
            row=row.row,
            state=closing.state,
            basis=closing.basis,
            known=_CLOSABLE,
            code=row.code,
            reply=row.reply,
        )
