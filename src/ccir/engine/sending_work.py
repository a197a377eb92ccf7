"""Sends a notice as a person asks for it: as the work of its step where that is open."""

from __future__ import annotations

from ccir.domain.deciding_notices import existing_notice
from ccir.engine.attendant import Attendant
from ccir.engine.handle import load
from ccir.engine.notice_rows import ledger_counts
from ccir.engine.notice_sending import Sending, send_notice
from ccir.engine.work import notify_step, run_step
from ccir.engine.workspace import Workspace
from ccir.errors import RefusedError


def send_as_work(
    workspace: Workspace, run_id: str, *, notice: str, by: str, attendant: Attendant
) -> Sending:
    """Send the approved version of a notice, and settle the step that it belongs to.

    Raises:
        RefusedError: it lacks approvals, comes too early, or the person says no.
        ConflictError: another process is sending it.
        CcirError: the channel or the pinned text cannot be used.
    """
    run = load(workspace, run_id).run
    existing_notice(run, notice)
    step = notify_step(run, notice, workspace.clock.now())
    if step is None:
        return send_notice(workspace, run_id, notice=notice, by=by, attendant=attendant)
    worked = run_step(workspace, run_id, step.id, by=by, attendant=attendant)
    if worked.error is not None:
        raise worked.error
    version = worked.run.latest(notice)
    if version is None:
        raise RefusedError(f"notice '{notice}' has no version", hint="preview it first")
    return Sending(
        version=version,
        counts=ledger_counts(workspace, worked.run, version),
        report=worked.sending,
    )
