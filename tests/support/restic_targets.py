"""Targets of the small restic repository, and what the real tool says about them."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from ccir.backup.interface import (
    BackupTool,
    Deadlines,
    Outcome,
    RestoreRequest,
    Snapshot,
    Target,
    ToolKit,
)
from ccir.clock import SystemClock
from support.restic_repository import Repository

AMPLE = Deadlines(open_seconds=30, check_seconds=30, list_seconds=30, restore_seconds=30)
# restic 0.14 tries again for minutes where a file is missing; its first complaint comes at once.
SHORT = Deadlines(open_seconds=1, check_seconds=30, list_seconds=1.5, restore_seconds=1.5)
REQUEST = RestoreRequest()


def kit(*, deadlines: Deadlines = AMPLE, path: str | None = None) -> ToolKit:
    """Return a kit with the machine's clock and the first restic on the PATH."""
    environment = {"PATH": path or os.environ["PATH"], "HOME": "/nonexistent"}
    return ToolKit(clock=SystemClock(), environment=environment, deadlines=deadlines)


def target_of(repository: Repository) -> Target:
    """Return the target that is this repository."""
    return Target(
        name="crm",
        repository=str(repository.folder),
        password_file=str(repository.password_file),
    )


def the_snapshot(repository: Repository) -> Snapshot:
    """Return the repository's only snapshot, without asking restic."""
    at = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    return Snapshot(id=repository.snapshot_id, taken_at=at)


def only_file(folder: Path) -> Path:
    """Return the only file of a folder."""
    (found,) = (path for path in folder.iterdir() if path.is_file())
    return found


def said(outcome: Outcome) -> str:
    """Return verdict and reason."""
    return f"{outcome.verdict} {outcome.reason}".strip()


def judged(
    tool: BackupTool, repository: Repository, snapshot: Snapshot, *, into: Path
) -> list[str]:
    """What the five calls say: snapshots, check, check with data, content, restore.

    Data is read only where the structure is whole: what failed once fails again.
    """
    target = target_of(repository)
    checked = said(tool.check(target))
    return [
        said(tool.snapshots(target).outcome),
        checked,
        said(tool.check(target, subset="1/1")) if checked == "pass" else checked,
        said(tool.content(target, snapshot).outcome),
        said(tool.restore(target, snapshot, into=into, request=REQUEST)),
    ]
