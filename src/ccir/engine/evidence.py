"""Files taken into a run's evidence: kept in the workspace, named in the log by their digest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ccir.config.settings import STATE_FOLDER
from ccir.domain.commands import AddEvidence, FinishStep
from ccir.domain.decide import decide
from ccir.domain.events import EvidenceAdded
from ccir.domain.run import Run
from ccir.engine.handle import Handled, handle, load
from ccir.engine.texts import opened, seal
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError
from ccir.evidence.files import StoredFile, differs, take

FOLDER = "evidence"


class Exhibit(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence; `name` is empty where it was erased."""

    seq: int
    name: str
    sha256: str
    size_bytes: int
    step: str | None
    by: str
    at: dt.datetime


def evidence_folder(workspace: Workspace) -> Path:
    """Return where evidence is kept, under the digest of its content."""
    return workspace.folder / STATE_FOLDER / FOLDER


def add_evidence(
    workspace: Workspace,
    run_id: str,
    *,
    file: Path,
    by: str,
    step: str | None = None,
    at: dt.datetime | None = None,
) -> Handled:
    """Copy a file into the evidence folder and record it.

    Raises:
        NotFoundError: there is no such file or step.
        UnavailableError: it cannot be read or copied.
    """
    taken = take(file, evidence_folder(workspace))
    command = AddEvidence(
        by=by,
        sha256=taken.sha256,
        size_bytes=taken.size_bytes,
        name=seal(workspace, run_id, file.name),
        step=step,
    )
    return handle(workspace, run_id, command, at=at)


def take_for_step(
    workspace: Workspace,
    run: Run,
    step: str,
    *,
    files: Sequence[Path],
    by: str,
    at: dt.datetime | None,
) -> None:
    """Take files for a step that is about to be finished; none where it cannot be finished.

    Raises:
        RefusedError: the step could not be finished even with them.
        NotFoundError: one of the files is not there.
    """
    record = run.record(step)
    with_them = msgspec.structs.replace(record, evidence=record.evidence + len(files))
    as_if = msgspec.structs.replace(run, steps=run.steps | {step: with_them})
    decide(as_if, FinishStep(by=by, step=step), workspace.clock.now())
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise NotFoundError(f"there is no file '{missing[0]}'", hint="check the path")
    for file in files:
        add_evidence(workspace, run.id, file=file, by=by, step=step, at=at)


def exhibits(workspace: Workspace, run_id: str) -> list[Exhibit]:
    """Return a run's evidence in the order it was taken."""
    return [
        Exhibit(
            seq=entry.seq,
            name=opened(workspace, entry.event.name) or "",
            sha256=entry.event.sha256,
            size_bytes=entry.event.size_bytes,
            step=entry.event.step,
            by=entry.by,
            at=entry.at,
        )
        for entry in load(workspace, run_id).entries
        if isinstance(entry.event, EvidenceAdded)
    ]


def difference(workspace: Workspace, exhibit: Exhibit) -> str:
    """Return in a few words how the kept file differs from what was taken; empty if not."""
    file = StoredFile(sha256=exhibit.sha256, size_bytes=exhibit.size_bytes)
    return differs(file, evidence_folder(workspace))
