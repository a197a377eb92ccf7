"""Backups of the workspace's targets: checked, drilled, restored, and told as events."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec

from ccir.backup.interface import Deadlines, Target
from ccir.catalog.documents import load_drill
from ccir.catalog.findings import suggestion
from ccir.config.choice import binding, missing_binding
from ccir.config.conversion import is_path
from ccir.config.settings import STATE_FOLDER
from ccir.domain import events as e
from ccir.domain.drills import Drill
from ccir.drilling.checking import check_backup
from ccir.drilling.clean import CONTENT, CleanResult, seek_clean
from ccir.drilling.drill import run_drill
from ccir.drilling.interface import DrillKit, DrillResult, Memory, Stage
from ccir.drilling.recovery import restore
from ccir.drilling.scratch import reap_orphans
from ccir.drilling.targets import backup_target
from ccir.engine.attendant import Attendant
from ccir.engine.drill_schedule import history
from ccir.engine.families import check_arguments
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, UnavailableError, UsageError
from ccir.steps.interface import Judged
from ccir.store.state_folder import make_private

_LISTS = "lists of the files in a backup"
_KEY_BYTES = 32


def named_target(workspace: Workspace, given: str | None) -> str:
    """Return the id of the target a person means: as she named it, or the only one there is.

    Raises:
        UsageError: several could be meant.
        NotFoundError: no target or purpose has that name.
    """
    settings = workspace.settings
    if given is None:
        return _only_target(workspace)
    if given in settings.targets:
        return given
    if given in settings.bindings and binding(settings, given, "targets") is not None:
        return settings.bindings[given]
    raise NotFoundError(f"there is no target '{given}'", hint=suggestion(given, settings.targets))


def check(
    workspace: Workspace,
    purpose: str,
    attendant: Attendant,
    *,
    step: str | None = None,
    subset: str | None = None,
) -> Judged[e.BackupChecked]:
    """Verify the backup of the target that the purpose is bound to.

    Raises:
        UnavailableError: no target is bound to it.
    """
    target = _target(workspace, purpose)
    found = check_backup(target, _kit(workspace, target, attendant), subset=subset)
    event = e.BackupChecked(
        target=target.name,
        verdict=found.verdict,
        reason=found.reason,
        snapshot=found.snapshot,
        age_seconds=found.age_seconds,
        rpo_seconds=found.rpo_seconds,
        checks=found.checks,
        step=step,
    )
    return Judged(event=event, detail=found.detail, hint=found.hint)


def drill(
    workspace: Workspace,
    name: str,
    attendant: Attendant,
    *,
    step: str | None = None,
    snapshot: str | None = None,
    rotates: bool = False,
) -> Judged[e.DrillFinished]:
    """Restore what the drill names into scratch, judge it and clean up.

    One that `rotates` takes what its earlier plays have not taken yet, and now and then makes
    damage that must be found; during an incident there is no time for either.

    Raises:
        NotFoundError: there is no such drill.
        InvalidDocumentError: it has errors.
        UnavailableError: no target is bound to its purpose.
    """
    plan = load_drill(workspace.sources.named("drills", name), check_arguments())
    target = _target(workspace, plan.target)
    kit = _kit(workspace, target, attendant)
    if rotates:
        past = tuple(each.result for each in history(workspace, plan.id))
        kit = msgspec.structs.replace(kit, past=past)
    found = run_drill(plan, target, kit, snapshot=snapshot)
    event = _finished(found, step=step, definition=_digest(plan))
    return Judged(event=event, detail=found.detail, hint=found.hint)


def tidy_scratch(workspace: Workspace) -> None:
    """Remove what dead drills left in scratch, and what failed ones might keep until now."""
    scratch = workspace.settings.scratch
    if scratch.is_dir() and not scratch.is_symlink():
        reap_orphans(scratch, now=workspace.clock.now())


def last_clean(
    workspace: Workspace, purpose: str, attendant: Attendant, *, limit: int, drill: str | None
) -> CleanResult:
    """Find the newest snapshot of a target with clean content; see `ccir.drilling.clean`.

    The checks of the drill count too, where one is named.

    Raises:
        NotFoundError: there is no such drill.
        UnavailableError: no target is bound to the purpose.
    """
    target = _target(workspace, purpose)
    kit = _kit(workspace, target, attendant)
    return seek_clean(_clean_plan(workspace, drill), target, kit, limit=limit)


def recover(
    workspace: Workspace,
    name: str,
    attendant: Attendant,
    *,
    into: Path,
    snapshot: str | None = None,
    step: str | None = None,
) -> Judged[e.BackupRestored]:
    """Restore a target's backup into an empty or new folder, verify it, and keep it."""
    target = _target(workspace, name)
    found = restore(target, _kit(workspace, target, attendant), into=into, snapshot=snapshot)
    event = e.BackupRestored(
        target=target.name,
        verdict=found.verdict,
        reason=found.reason,
        snapshot=found.snapshot,
        destination=str(found.destination),
        files=found.files,
        bytes=found.bytes,
        seconds=found.seconds,
        checks=found.checks,
        step=step,
    )
    return Judged(event=event, detail=found.detail, hint=found.hint)


def _finished(found: DrillResult, *, step: str | None, definition: str) -> e.DrillFinished:
    """Return the event of a result, which has the event's fields and words for a person."""
    fields = msgspec.structs.asdict(found)
    told = {name: fields[name] for name in e.DrillFinished.__struct_fields__ if name in fields}
    return e.DrillFinished(**told, step=step, definition=definition)


def _digest(plan: Drill) -> str:
    return sha256(msgspec.json.encode(plan, order="deterministic")).hexdigest()


def _clean_plan(workspace: Workspace, drill: str | None) -> Drill:
    if drill is not None:
        return load_drill(workspace.sources.named("drills", drill), check_arguments())
    return Drill(
        id="last-clean",
        version="1.0.0",
        title="Find the last clean snapshot",
        summary="Restores each snapshot and judges its content.",
        target="any",
        checks=(CONTENT,),
        deadline="6h",
    )


def _only_target(workspace: Workspace) -> str:
    names = sorted(workspace.settings.targets)
    if len(names) == 1:
        return names[0]
    if not names:
        raise missing_binding(workspace.settings, "customer-records", "targets")
    raise UsageError(
        f"{len(names)} targets could be meant: {', '.join(names)}", hint=f"name one: {names[0]}"
    )


def _target(workspace: Workspace, purpose: str) -> Target:
    name = binding(workspace.settings, purpose, "targets")
    if name is None:
        raise missing_binding(workspace.settings, purpose, "targets")
    return backup_target(name, workspace.settings.targets[name])


def _local_repositories(workspace: Workspace) -> list[Path]:
    repositories = (target.repository for target in workspace.settings.targets.values())
    return [workspace.folder / each for each in repositories if is_path(each)]


def _kit(workspace: Workspace, target: Target, attendant: Attendant) -> DrillKit:
    def tell(stage: Stage) -> None:
        attendant.progress(stage.name, stage.done, stage.total)

    return DrillKit(
        clock=workspace.clock,
        environment=workspace.environment.passed_on,
        scratch=workspace.settings.scratch,
        protected=(workspace.folder / STATE_FOLDER, *_local_repositories(workspace)),
        deadlines=_deadlines(workspace.settings.targets[target.name].deadline_seconds),
        ledger=workspace.stores.backups,
        memory=_memory(workspace),
        manifests=workspace.folder / STATE_FOLDER / "manifests",
        is_cancelled=attendant.is_cancelled,
        progress=tell,
    )


def _memory(workspace: Workspace) -> Memory:
    """Return where lists of files are kept; the key of their names is of this installation."""
    key = bytes.fromhex(workspace.stores.people.key_of(_LISTS))[:_KEY_BYTES]
    folder = workspace.folder / STATE_FOLDER / "cache"
    with suppress(UnavailableError):  # where nothing can be kept, it is learnt anew
        make_private(folder)
    return Memory(folder=folder, key=key)


def _deadlines(longest: float | None) -> Deadlines:
    usual = Deadlines()
    if longest is None:
        return usual
    bounds = msgspec.structs.asdict(usual)
    return Deadlines(**{name: min(bound, float(longest)) for name, bound in bounds.items()})
