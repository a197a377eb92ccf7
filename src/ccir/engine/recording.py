"""Records what happened outside without a step of its own."""

from __future__ import annotations

from ccir.domain.commands import RecordOutcome
from ccir.domain.events import AnyEvent
from ccir.engine.handle import Handled, handle
from ccir.engine.workspace import Workspace


def record_outcome(workspace: Workspace, run_id: str, outcome: AnyEvent, *, by: str) -> Handled:
    """Append an outcome to the run's log."""
    return handle(workspace, run_id, RecordOutcome(by=by, outcome=outcome))
