"""What the workspace remembers of its backups, and what a person says about it."""

from __future__ import annotations

import datetime as dt
import re

import msgspec

from ccir.backup.interface import Target
from ccir.drilling.alarm_history import Mark, marks, unknown_keys
from ccir.drilling.selecting import SHORTEST_ID
from ccir.engine.texts import opened, seal
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, UsageError
from ccir.store.backups_interface import Acceptance, Known, KnownKey, KnownSnapshot

_ID = re.compile(rf"[0-9a-f]{{{SHORTEST_ID},64}}")


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """A person's acceptance with its reason; None where the reason was erased."""

    at: dt.datetime
    by: str
    reason: str | None


class SnapshotRow(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot that a target was seen with; `marks` say what is remarkable about it."""

    id: str
    taken_at: dt.datetime
    host: str
    user: str
    files: int | None
    bytes: int | None
    first_seen_at: dt.datetime
    gone_at: dt.datetime | None
    marks: tuple[Mark, ...]
    accepted: Word | None


class KeyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A key that a target was seen with; an unknown one was added and nobody accepted it."""

    id: str
    label: str
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    is_unknown: bool
    accepted: Word | None


class TargetRows(msgspec.Struct, frozen=True, kw_only=True):
    """What a target was seen with, snapshots oldest first; None before the first look."""

    target: str
    looked_at: dt.datetime | None
    snapshots: tuple[SnapshotRow, ...]
    keys: tuple[KeyRow, ...]


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """What a person accepted: whole ids."""

    target: str
    snapshots: tuple[str, ...]
    keys: tuple[str, ...]


def remembered(workspace: Workspace, names: tuple[str, ...]) -> tuple[TargetRows, ...]:
    """Return what each of these targets was seen with; no repository is asked."""
    return tuple(_rows(workspace, name) for name in names)


def accept(
    workspace: Workspace, target: str, ids: tuple[str, ...], *, by: str, reason: str
) -> Accepted:
    """Keep that a person accepts snapshots and keys, each named by its first digits.

    Raises:
        UsageError: an id is no id, or several begin so; the reason is empty or too long.
        NotFoundError: the target was never seen with one; then none is accepted.
        RefusedError: the reason holds a card number.
    """
    ledger = workspace.stores.backups
    known = ledger.known(target)
    found = [_meant(known, target, prefix) for prefix in dict.fromkeys(ids)]
    sealed = seal(workspace, f"backup:{target}", reason)
    acceptance = Acceptance(at=workspace.clock.now(), by=by, reason=sealed)
    for each in found:
        ledger.accept(target, each.id, acceptance)
    return Accepted(
        target=target,
        snapshots=tuple(each.id for each in found if isinstance(each, KnownSnapshot)),
        keys=tuple(each.id for each in found if isinstance(each, KnownKey)),
    )


def _meant(known: Known, target: str, prefix: str) -> KnownSnapshot | KnownKey:
    if not _ID.fullmatch(prefix):
        raise UsageError(
            f"'{prefix}' is no id: {SHORTEST_ID} to 64 hexadecimal digits",
            hint=f"`ccir backup snapshots {target}` lists them",
        )
    everything: tuple[KnownSnapshot | KnownKey, ...] = (*known.snapshots, *known.keys)
    near = [each for each in everything if each.id.startswith(prefix)]
    if not near:
        raise NotFoundError(
            f"target '{target}' was never seen with {prefix}",
            hint=f"`ccir backup snapshots {target}` lists what is known",
        )
    if len(near) > 1:
        raise UsageError(f"{len(near)} ids begin with {prefix}", hint="give more of its digits")
    return near[0]


def _rows(workspace: Workspace, name: str) -> TargetRows:
    known = workspace.stores.backups.known(name)
    unknown = {key.id for key in unknown_keys(known)}
    return TargetRows(
        target=name,
        looked_at=known.looked_at,
        snapshots=_snapshot_rows(workspace, name, known),
        keys=tuple(
            KeyRow(
                id=key.id,
                label=key.label,
                first_seen_at=key.first_seen_at,
                last_seen_at=key.last_seen_at,
                is_unknown=key.id in unknown,
                accepted=_word(workspace, key.accepted),
            )
            for key in known.keys
        ),
    )


def _snapshot_rows(workspace: Workspace, name: str, known: Known) -> tuple[SnapshotRow, ...]:
    settings = workspace.settings.targets[name]
    target = Target(  # what opens the repository is not needed, and not read
        name=name,
        repository=str(settings.repository),
        hosts=settings.hosts,
        retention_seconds=settings.retention_seconds,
    )
    told = marks(target, known, workspace.clock.now())
    return tuple(
        SnapshotRow(
            id=each.id,
            taken_at=each.taken_at,
            host=each.host,
            user=each.user,
            files=each.file_count,
            bytes=each.byte_count,
            first_seen_at=each.first_seen_at,
            gone_at=each.gone_at,
            marks=told[each.id],
            accepted=_word(workspace, each.accepted),
        )
        for each in known.snapshots
    )


def _word(workspace: Workspace, acceptance: Acceptance | None) -> Word | None:
    if acceptance is None:
        return None
    reason = opened(workspace, acceptance.reason)
    return Word(at=acceptance.at, by=acceptance.by, reason=reason)
