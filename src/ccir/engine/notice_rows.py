"""The rows of a notice's version in the ledger: how they stand, and who is in trouble."""

from __future__ import annotations

from itertools import islice

from ccir.domain.ledger import LedgerRow, NoticeKey
from ccir.domain.notices import Counts
from ccir.domain.run import Run, VersionRecord
from ccir.engine.workspace import Workspace

DIGEST_SHOWN = 12


def key_of(run: Run, version: VersionRecord) -> NoticeKey:
    """Return under which key the ledger holds the version's rows."""
    return NoticeKey(
        run=run.id, notice=version.notice, version=version.version, channel=version.channel
    )


def ledger_counts(workspace: Workspace, run: Run, version: VersionRecord) -> Counts:
    """Return how the version's rows stand; all are planned before the first sending."""
    counts = workspace.stores.ledger.counts(key_of(run, version))
    return counts if counts.total else Counts(planned=version.recipients)


def troubled_rows(
    workspace: Workspace, run: Run, version: VersionRecord, *, limit: int
) -> list[tuple[LedgerRow, str]]:
    """Return the first rows that were refused or are in doubt, with their addresses."""
    rows = (
        row
        for row in workspace.stores.ledger.rows(key_of(run, version))
        if row.state not in {"planned", "claimed", "accepted"}
    )
    people = workspace.stores.people
    return [(row, people.recipient(version.list, row.row).address) for row in islice(rows, limit)]
