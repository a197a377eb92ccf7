"""Builds a run's report from its log, its sealed texts and the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccir.domain.deciding_notices import is_one_account
from ccir.engine.handle import load
from ccir.engine.status import counts_of
from ccir.engine.texts import opened
from ccir.reports.model import PersonView, ReportRequest, build

if TYPE_CHECKING:
    from ccir.domain.events import Sealed
    from ccir.engine.workspace import Workspace
    from ccir.reports.model import Report


def report(workspace: Workspace, run_id: str, *, privileged: bool = False) -> Report:
    """Return the report of a run as it stands now."""
    loaded = load(workspace, run_id)
    run = loaded.run
    asserted = {
        name for name in run.notices if (version := run.latest(name)) and is_one_account(version)
    }

    def text(sealed: Sealed) -> str | None:
        return opened(workspace, sealed)

    return build(
        ReportRequest(
            run=run,
            entries=loaded.entries,
            now=workspace.clock.now(),
            people={
                name: PersonView(name=person.name, simulated=person.simulated)
                for name, person in workspace.settings.people.items()
            },
            text=text,
            privileged=privileged,
            organisation=workspace.settings.organisation.name,
            counts={name: counts_of(workspace, run, name) for name in run.notices},
            one_account=frozenset(asserted),
        )
    )
