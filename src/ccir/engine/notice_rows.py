"""The rows of a notice's version in the ledger: how they stand, and who is in trouble."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice

from ccir.domain.ledger import LedgerRow, NoticeKey
from ccir.domain.notices import Counts, Recipient
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


def next_try_of(workspace: Workspace, run: Run, version: VersionRecord) -> dt.datetime | None:
    """Return when the first of the version's rows that were put off may go; None without any."""
    return workspace.stores.ledger.next_due(key_of(run, version))


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


def planned_recipients(
    workspace: Workspace, run: Run, version: VersionRecord
) -> Iterator[Recipient]:
    """Yield whose message is to go out, in the order of the list."""
    planned = (
        row.row
        for row in workspace.stores.ledger.rows(key_of(run, version))
        if row.state in {"planned", "claimed"}
    )
    people = workspace.stores.people.recipients(version.list)
    wanted = next(planned, None)
    for person in people:
        if wanted is None:
            return
        if person.row == wanted:
            yield person
            wanted = next(planned, None)
