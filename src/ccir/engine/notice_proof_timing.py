"""How a notice stands against the clocks that it has to meet, whatever the time is now."""

from __future__ import annotations

from ccir.domain.board import due_moment
from ccir.domain.deciding_notices import existing_notice
from ccir.domain.run import Run
from ccir.engine.duty_clocks import Computed, written
from ccir.engine.notice_proof_model import Timing
from ccir.engine.run_clocks import RunClocks
from ccir.engine.workspace import Workspace


def timings(workspace: Workspace, run: Run, notice: str) -> list[Timing]:
    """Return the notice's rules with their times, and the playbook's own due time last."""
    document = existing_notice(run, notice)
    found: list[Timing] = []
    if document.obligations:
        clocks = RunClocks(workspace, run)
        rules = [rule for rule in document.obligations if clocks.has(rule)]
        found += [_timing(clocks.one(rule, None)) for rule in rules]
    own = due_moment(run, document.due)
    if own is not None:
        found.append(
            Timing(
                rule="",
                citation="",
                plan_by=own.isoformat(timespec="seconds"),
                legal_due=None,
                limit=own,
                because="the playbook's own due time",
            )
        )
    return found


def _timing(computed: Computed) -> Timing:
    clock, zone = computed.clock, computed.place.zone
    deadline = clock.deadline
    return Timing(
        rule=clock.duty.rule.id,
        citation=clock.duty.rule.citation,
        plan_by=None if deadline is None else written(deadline.plan_by, zone),
        legal_due=None if deadline is None else written(deadline.legal_due, zone),
        limit=computed.legal_at,
        because=clock.because,
    )
