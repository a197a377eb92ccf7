"""Refuses a version, pauses its sending, lets it go on, or stops it for good.

A sending in another process notices the ledger's halt before its next message; the event of the
run's log says who wanted it and why.
"""

from __future__ import annotations

import datetime as dt

from ccir.domain.commands import DenyNotice, HaltSending, ReleaseSending
from ccir.domain.decide import decide
from ccir.domain.deciding_notices import latest_version
from ccir.domain.ledger import Halt
from ccir.engine.handle import Handled, handle, load
from ccir.engine.notice_approving import roles_of
from ccir.engine.notice_rows import key_of
from ccir.engine.texts import seal
from ccir.engine.workspace import Workspace


def deny(
    workspace: Workspace,
    run_id: str,
    *,
    notice: str,
    by: str,
    reason: str,
    at: dt.datetime | None = None,
) -> Handled:
    """Record that somebody who may approve refuses the newest version.

    Raises:
        RefusedError: she holds no such role, or it goes out already.
    """
    run = load(workspace, run_id).run
    command = DenyNotice(
        by=by,
        notice=notice,
        roles=roles_of(workspace, run, by),
        reason=seal(workspace, run_id, reason),
    )
    return handle(workspace, run_id, command, at=at)


def halt(
    workspace: Workspace, run_id: str, *, notice: str, by: str, how: Halt, reason: str
) -> Handled:
    """Pause the sending of the newest version, or stop it; rows of a stopped one are superseded.

    Raises:
        RefusedError: it has gone out, or is halted so already.
    """
    run = load(workspace, run_id).run
    version = latest_version(run, notice)
    command = HaltSending(by=by, notice=notice, halt=how, reason=seal(workspace, run_id, reason))
    decide(run, command, workspace.clock.now())
    ledger, key = workspace.stores.ledger, key_of(run, version)
    ledger.plan(key, ())  # a halt holds also what was not planned yet
    ledger.set_halt(key, how)
    handled = handle(workspace, run_id, command)
    if how == "stopped":
        ledger.supersede(key)
    return handled


def release(workspace: Workspace, run_id: str, *, notice: str, by: str) -> Handled:
    """Let a paused sending go on.

    Raises:
        RefusedError: it is not paused.
    """
    handled = handle(workspace, run_id, ReleaseSending(by=by, notice=notice))
    version = latest_version(handled.run, notice)
    workspace.stores.ledger.set_halt(key_of(handled.run, version), "")
    return handled
