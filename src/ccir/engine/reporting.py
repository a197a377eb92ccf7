"""Builds a run's report from its log, its sealed texts and the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccir.domain.notice_approvals import is_one_account
from ccir.domain.run_duties import scoped
from ccir.engine.drill_schedule import history
from ccir.engine.handle import load
from ccir.engine.run_clocks import RunClocks
from ccir.engine.status import counts_of
from ccir.engine.texts import opened
from ccir.reports.drill_series import drill_ids
from ccir.reports.duties import DutyClock
from ccir.reports.model import PersonView, ReportRequest, build

if TYPE_CHECKING:
    import datetime as dt

    from ccir.domain.drill_history import Played
    from ccir.domain.events import Sealed
    from ccir.domain.record import Entry
    from ccir.domain.run import Run
    from ccir.engine.duty_clocks import Computed
    from ccir.engine.workspace import Workspace
    from ccir.reports.model import Report


def report(workspace: Workspace, run_id: str, *, privileged: bool = False) -> Report:
    """Return the report of a run as it stands now."""
    loaded = load(workspace, run_id)
    run = loaded.run
    asserted = {
        name for name in run.notices if (version := run.latest(name)) and is_one_account(version)
    }
    now = workspace.clock.now()

    def text(sealed: Sealed) -> str | None:
        return opened(workspace, sealed)

    return build(
        ReportRequest(
            run=run,
            entries=loaded.entries,
            now=now,
            people={
                name: PersonView(name=person.name, simulated=person.simulated)
                for name, person in workspace.settings.people.items()
            },
            text=text,
            privileged=privileged,
            organisation=workspace.settings.organisation.name,
            counts={name: counts_of(workspace, run, name) for name in run.notices},
            one_account=frozenset(asserted),
            clocks=_clocks(workspace, run, now),
            drills=_drills(workspace, loaded.entries),
        )
    )


def _drills(workspace: Workspace, entries: tuple[Entry, ...]) -> tuple[Played, ...]:
    names = drill_ids(entries)
    if not names:
        return ()  # every log would be read for nothing
    return tuple(each for each in history(workspace) if each.result.drill in names)


def _clocks(workspace: Workspace, run: Run, now: dt.datetime) -> tuple[DutyClock, ...]:
    if run.kind == "drill":
        return ()  # a rehearsal of a restore touches nobody
    clocks = RunClocks(workspace, run)
    return tuple(_clock(clocks, each, now) for each in clocks.all(now))


def _clock(clocks: RunClocks, computed: Computed, now: dt.datetime) -> DutyClock:
    clock = computed.clock
    rule = clock.duty.rule.id
    outside = scoped(clock.duty, clocks.timepiece.facts)
    touches = {"not-applicable": False, "undetermined": None}
    return DutyClock(
        clock=clock,
        zone=computed.place.zone,
        touches=True if outside is None else touches[outside.state],
        margin=clocks.margin(rule) if rule in clocks.run.submissions else "",
        doubts=clocks.timepiece.view(computed, now.date()).doubts,
    )
