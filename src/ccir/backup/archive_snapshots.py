"""Lists and finds the snapshots in a folder of archives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import msgspec

from ccir.backup.archive_faults import ArchiveError, Watch
from ccir.backup.archive_files import status_of
from ccir.backup.archive_folders import Kept, candidates, read_kept, root_of
from ccir.backup.archive_names import read_name
from ccir.backup.interface import Listing, Outcome, Snapshot, Target

_MOST_TOLD = 3


class Holdings(msgspec.Struct, frozen=True, kw_only=True):
    """The snapshots of a folder, and what is wrong with those that are damaged."""

    kept: tuple[Kept, ...] = ()
    damaged: tuple[ArchiveError, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """A pass, or the damage, of which the first folders are named."""
        if not self.damaged:
            return Outcome(verdict="pass")
        told = [error.detail for error in self.damaged[:_MOST_TOLD]]
        if len(self.damaged) > _MOST_TOLD:
            told.append(f"and {len(self.damaged) - _MOST_TOLD} more like it")
        return ArchiveError("snapshot-damaged", "; ".join(told)).outcome


def holdings(target: Target, watch: Watch) -> Holdings:
    """Return what the target's folder holds; of damaged folders, those with the target's tags.

    Raises:
        ArchiveError: the folder cannot be read.
    """
    root = root_of(target)
    kept: list[Kept] = []
    damaged: list[ArchiveError] = []
    for folder in candidates(root):
        watch.look()
        try:
            found = read_kept(folder)
            found.sums()
            kept.append(found)
        except ArchiveError as error:
            _refuse_unread(error)
            if has_tags(folder.name, target):
                damaged.append(error)
    return Holdings(kept=tuple(kept), damaged=tuple(damaged))


def find(target: Target, snapshot: Snapshot, watch: Watch) -> Kept:
    """Return the snapshot of that id.

    Raises:
        ArchiveError: there is none, or the folder cannot be read.
    """
    damaged: ArchiveError | None = None
    for folder in candidates(root_of(target)):
        watch.look()
        try:
            found = read_kept(folder)
        except ArchiveError as error:
            _refuse_unread(error)
            damaged = error
            continue
        if found.id == snapshot.id:
            return found
    raise damaged or ArchiveError("no-snapshots", "the folder holds no such snapshot")


def listed(target: Target, watch: Watch) -> Listing:
    """Return the target's snapshots, oldest first, and what is wrong with the damaged ones.

    Raises:
        ArchiveError: the folder cannot be read.
    """
    held = holdings(target, watch)
    own = [_described(kept, watch) for kept in held.kept if has_tags(kept.folder.name, target)]
    own.sort(key=lambda snapshot: (snapshot.taken_at, snapshot.id))
    return Listing(outcome=held.outcome, snapshots=tuple(own), in_repository=len(held.kept))


def has_tags(name: str, target: Target) -> bool:
    """Tell whether a folder of that name has all of the target's tags."""
    return set(target.tags) <= set(read_name(name).tags)


def _described(kept: Kept, watch: Watch) -> Snapshot:
    named, sums = read_name(kept.folder.name), kept.sums()
    return Snapshot(
        id=kept.id,
        taken_at=named.taken_at(_newest(kept, sums, watch)),
        tags=named.tags,
        file_count=len(sums),
    )


def _newest(kept: Kept, sums: Mapping[str, str], watch: Watch) -> dt.datetime:
    """Return when the newest listed file was written; where all are gone, the list."""
    found = [status_of(kept.folder, kept.list_name).st_mtime]
    times = [time for path in sums if (time := _written(kept.folder, path, watch)) is not None]
    return dt.datetime.fromtimestamp(max(times or found), tz=dt.UTC)


def _written(folder: Path, path: str, watch: Watch) -> float | None:
    watch.look()
    try:
        return status_of(folder, path).st_mtime
    except ArchiveError as error:
        _refuse_unread(error)
        return None


def _refuse_unread(error: ArchiveError) -> None:
    """Let only damage pass: what could not be read at all is no evidence against it."""
    if error.outcome.verdict != "fail":
        raise error
