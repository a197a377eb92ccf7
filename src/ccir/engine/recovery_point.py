"""Seeks the point to go back to, before data was encrypted, and tells it as an event."""

from __future__ import annotations

import msgspec

from ccir.config.choice import binding
from ccir.domain import events as e
from ccir.domain.moments import shown
from ccir.drilling.clean import CleanResult
from ccir.drilling.selecting import ID_SHOWN
from ccir.engine.attendant import Attendant
from ccir.engine.backups import last_clean
from ccir.engine.workspace import Workspace
from ccir.reports.telling import span
from ccir.steps.interface import Judged


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """A search for the last clean snapshot: every snapshot it saw, and the event it led to."""

    found: CleanResult
    judged: Judged[e.CleanSnapshotSought]


def seek_recovery_point(
    workspace: Workspace,
    purpose: str,
    attendant: Attendant,
    *,
    limit: int,
    drill: str | None = None,
    step: str | None = None,
) -> Sought:
    """Find the newest clean snapshot of a target, for a step or for nobody's.

    Raises:
        NotFoundError: there is no such drill.
        UnavailableError: no target is bound to the purpose.
    """
    found = last_clean(workspace, purpose, attendant, limit=limit, drill=drill)
    clean = found.clean
    event = e.CleanSnapshotSought(
        target=binding(workspace.settings, purpose, "targets") or purpose,
        verdict=found.verdict,
        reason=found.reason,
        snapshot=None if clean is None else clean.snapshot,
        taken_at=None if clean is None else clean.taken_at,
        lost_seconds=found.lost_seconds,
        examined=len(found.examined),
        step=step,
    )
    detail = _in_words(workspace, found)
    return Sought(found=found, judged=Judged(event=event, detail=detail, hint=found.hint))


def _in_words(workspace: Workspace, found: CleanResult) -> str:
    if found.clean is None:
        return found.detail
    lost = found.lost_seconds
    taken = shown(found.clean.taken_at, workspace.zone)
    return (
        f"the recovery point before encryption: snapshot {found.clean.snapshot[:ID_SHOWN]} of "
        f"{taken}; {span(lost) if lost else 'nothing'} would be lost"
    )
