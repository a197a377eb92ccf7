"""Examines a workspace: its log, its files, its tools, its documents; sends and changes nothing."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from ccir.backup.interface import ToolKit
from ccir.catalog.rulebook import load_books
from ccir.catalog.sources import KINDS
from ccir.config.settings import STATE_FOLDER
from ccir.domain.wording import sealed_texts
from ccir.drilling.targets import backup_target
from ccir.engine.channels import channel_named
from ccir.engine.drift import drift
from ccir.engine.families import backup_tool, store_factory
from ccir.engine.footing import complaints_about
from ccir.engine.handle import load, open_runs
from ccir.engine.linting import lint_documents
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError

Health = Literal["pass", "note", "fail", "error"]
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_FILES_LIMIT = 100_000


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """What was found about one thing; a `note` is worth knowing and harms nothing."""

    name: str
    verdict: Health
    detail: str
    hint: str = ""


def diagnose(
    workspace: Workspace, tell: Callable[[str], None] = lambda _stage: None
) -> tuple[Diagnosis, ...]:
    """Return everything found, in the order it was looked at; `tell` hears each stage."""
    found: list[Diagnosis] = []
    for stage, examine in _STAGES.items():
        tell(stage)
        try:
            found.extend(examine(workspace))
        except CcirError as error:
            found.append(
                Diagnosis(name=stage, verdict="error", detail=error.message, hint=error.hint)
            )
    return tuple(found)


def exit_status(found: tuple[Diagnosis, ...]) -> int:
    """Return the exit status of an examination: a proven fault outranks what is missing."""
    verdicts = {diagnosis.verdict for diagnosis in found}
    if "fail" in verdicts:
        return 1
    return 3 if "error" in verdicts else 0


def _library(workspace: Workspace) -> Iterator[Diagnosis]:
    del workspace
    library = store_factory().library()
    verdict: Health = "note" if library.advice else "pass"
    detail = f"{library.name} with SQLite {library.version}, journal {library.journal}"
    yield Diagnosis(name="sqlite", verdict=verdict, detail=detail, hint=library.advice)


def _duties(workspace: Workspace) -> Iterator[Diagnosis]:
    complaints = complaints_about(workspace.settings, load_books(workspace.sources))
    for complaint in complaints:
        hint = "`ccir obligations list` and `holidays` show what there is"
        yield Diagnosis(name="obligations", verdict="fail", detail=complaint, hint=hint)
    if not complaints:
        count = len(workspace.settings.contracts)
        yield Diagnosis(name="obligations", verdict="pass", detail=f"{count} contracts of clients")


def _log(workspace: Workspace) -> Iterator[Diagnosis]:
    breaks = workspace.stores.events.verify()
    for found in breaks:
        yield Diagnosis(
            name="log",
            verdict="fail",
            detail=f"{found.kind}: {found.detail}",
            hint="keep .ccir as it is, copy it, and compare with a backup of it",
        )
    if not breaks:
        runs = workspace.stores.events.runs()
        events = sum(row.seq for row in runs)
        detail = f"{len(runs)} runs, {events} events: the chain is whole"
        yield Diagnosis(name="log", verdict="pass", detail=detail)


def _texts(workspace: Workspace) -> Iterator[Diagnosis]:
    sealed = [
        text
        for row in workspace.stores.events.runs()
        for entry in workspace.stores.events.read(row.id)
        for text in sealed_texts(entry.event)
    ]
    damaged = workspace.stores.people.damaged(sealed)
    if damaged:
        yield Diagnosis(
            name="sealed texts",
            verdict="fail",
            detail=f"{len(damaged)} of {len(sealed)} are lost or changed",
            hint="bring .ccir/people.db back from a backup of this workspace",
        )
    else:
        yield Diagnosis(name="sealed texts", verdict="pass", detail=f"{len(sealed)} are sound")


def _modes(workspace: Workspace) -> Iterator[Diagnosis]:
    state = workspace.folder / STATE_FOLDER
    open_ = [path for path in _private(state) if stat.S_IMODE(path.lstat().st_mode) & _OTHERS]
    for path in open_[:5]:
        mode = stat.S_IMODE(path.lstat().st_mode)
        yield Diagnosis(
            name="file modes",
            verdict="fail",
            detail=f"{path.relative_to(workspace.folder)} is open to others (mode {mode:04o})",
            hint=f"chmod go= {path}",
        )
    if not open_:
        yield Diagnosis(name="file modes", verdict="pass", detail=f"{state.name} is private")


def _private(state: Path) -> Iterator[Path]:
    yield state
    for count, path in enumerate(state.rglob("*")):
        if count >= _FILES_LIMIT:
            return
        # What a drill restores keeps its own modes, inside a folder that is private.
        if not path.is_relative_to(state / "scratch") and not path.is_symlink():
            yield path


def _tools(workspace: Workspace) -> Iterator[Diagnosis]:
    settings = workspace.settings
    kit = ToolKit(clock=workspace.clock, environment=workspace.environment.passed_on)
    used = {target.tool for target in settings.targets.values()}
    for name in sorted(used or {"restic"}):
        try:
            version = backup_tool(name)(kit).version()
        except CcirError as error:
            verdict: Health = "error" if used else "note"
            yield Diagnosis(name=name, verdict=verdict, detail=error.message, hint=error.hint)
        else:
            yield Diagnosis(name=name, verdict="pass", detail=f"version {version}")
    for name, target in settings.targets.items():
        yield _judged(
            f"target {name}",
            lambda name=name, target=target: (  # type: ignore[misc] # bound at once
                backup_tool(target.tool)(kit).probe(backup_target(name, target))
            ),
            good=f"{target.shown_repository} can be asked",
        )
    if not settings.targets:
        yield Diagnosis(
            name="targets",
            verdict="note",
            detail="no backup is named in ccir.toml",
            hint="add [targets.NAME], so that backups can be verified",
        )


def _channels(workspace: Workspace) -> Iterator[Diagnosis]:
    for name in workspace.settings.channels:
        yield _judged(
            f"channel {name}",
            lambda name=name: channel_named(workspace, name).probe(),  # type: ignore[misc] # bound at once
            good="can be reached",
        )
    if not workspace.settings.channels:
        yield Diagnosis(
            name="channels",
            verdict="note",
            detail="no channel is named in ccir.toml",
            hint="add [channels.NAME], so that people can be told",
        )


class _Finding(msgspec.Struct, frozen=True):
    """What a probe has in common, of a tool and of a channel."""

    verdict: str
    detail: str
    hint: str


def _judged(name: str, probe: Callable[[], object], *, good: str) -> Diagnosis:
    try:
        found = msgspec.convert(probe(), _Finding, from_attributes=True)
    except CcirError as error:
        return Diagnosis(name=name, verdict="error", detail=error.message, hint=error.hint)
    if found.verdict == "pass":
        return Diagnosis(name=name, verdict="pass", detail=found.detail or good)
    verdict: Health = "fail" if found.verdict == "fail" else "error"
    return Diagnosis(name=name, verdict=verdict, detail=found.detail, hint=found.hint)


def _documents(workspace: Workspace) -> Iterator[Diagnosis]:
    findings = lint_documents(workspace.sources)
    for finding in findings:
        verdict: Health = "fail" if finding.severity == "error" else "note"
        where = f"{finding.file}:{finding.line}:{finding.column}"
        yield Diagnosis(
            name="documents",
            verdict=verdict,
            detail=f"{where}: {finding.message}",
            hint=finding.hint,
        )
    if not findings:
        yield Diagnosis(name="documents", verdict="pass", detail="all are in order")
    for kind in KINDS:
        for source in workspace.sources.list(kind):
            if source.shadows:
                detail = f"{source.path} stands in for the shipped one"
                yield Diagnosis(name="documents", verdict="note", detail=detail)


def _drift(workspace: Workspace) -> Iterator[Diagnosis]:
    for row in open_runs(workspace):
        words = drift(workspace, load(workspace, row.id).run)
        if words:
            yield Diagnosis(name=f"run {row.id}", verdict="note", detail=words)


def _people(workspace: Workspace) -> Iterator[Diagnosis]:
    people = workspace.settings.people
    unreachable = [name for name, person in people.items() if not person.out_of_band]
    if unreachable:
        yield Diagnosis(
            name="people",
            verdict="note",
            detail=f"no out-of-band contact for {', '.join(unreachable)}",
            hint="add out_of_band in ccir.toml, then print `ccir contacts`",
        )


_STAGES: dict[str, Callable[[Workspace], Iterator[Diagnosis]]] = {
    "sqlite": _library,
    "log": _log,
    "sealed texts": _texts,
    "file modes": _modes,
    "tools and targets": _tools,
    "channels": _channels,
    "documents": _documents,
    "obligations": _duties,
    "runs": _drift,
    "people": _people,
}
