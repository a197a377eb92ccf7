"""Folders of dumps and archives with SHA256SUMS: lists, checks, counts and restores them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from ccir.backup.archive_check import check
from ccir.backup.archive_contents import contents
from ccir.backup.archive_dump import dump
from ccir.backup.archive_faults import Watch, judged
from ccir.backup.archive_folders import root_of
from ccir.backup.archive_plant import plant
from ccir.backup.archive_restore import restore
from ccir.backup.archive_snapshots import find, listed
from ccir.backup.held_interface import FileContent
from ccir.backup.interface import (
    Content,
    Inventory,
    Listing,
    Outcome,
    RestoreRequest,
    Snapshot,
    Target,
    ToolKit,
)

_FORMAT = "1.0"


class Archive:
    """A folder of this machine in which each backup is a folder with a list of its digests.

    No program and no password: ccir reads the files itself, follows no link and changes nothing.
    """

    def __init__(self, kit: ToolKit) -> None:
        self._kit = kit

    def version(self) -> str:
        """Return the version of the rules by which folders are read."""
        return _FORMAT

    def probe(self, target: Target) -> Outcome:
        """Look whether the folder is there, and whether the target says what fits it."""
        watch = self._watch(self._kit.deadlines.open_seconds)
        return judged(watch, lambda: root_of(target))

    def snapshots(self, target: Target) -> Listing:
        """List the target's snapshots; `fail` with a list means that some are damaged."""
        watch = self._watch(self._kit.deadlines.open_seconds)
        found: list[Listing] = []
        outcome = judged(watch, lambda: found.append(listed(target, watch)))
        if not found:
            return Listing(outcome=outcome)
        damage = found[0].outcome
        seen = msgspec.structs.replace(damage, seconds=outcome.seconds)
        return msgspec.structs.replace(found[0], outcome=seen)

    def check(self, target: Target, *, subset: str | None = None) -> Outcome:
        """Judge names and sizes of all listed files and, with `subset`, so many files' bytes."""
        watch = self._watch(self._kit.deadlines.check_seconds)
        return judged(watch, lambda: check(target, subset=subset, watch=watch))

    def content(self, target: Target, snapshot: Snapshot) -> Content:
        """Count the snapshot's listed files and add up their sizes."""
        sizes: list[int] = []
        outcome = self.contents(target, snapshot, take=lambda file: sizes.append(file.size))
        if outcome.verdict != "pass":
            return Content(outcome=outcome)
        return Content(outcome=outcome, files=len(sizes), bytes=sum(sizes))

    def restore(
        self, target: Target, snapshot: Snapshot, *, into: Path, request: RestoreRequest
    ) -> Outcome:
        """Copy the snapshot's listed files to the same paths below `into`; nothing is unpacked."""
        watch = self._watch(self._kit.deadlines.restore_seconds)

        def work() -> None:
            kept = find(target, snapshot, watch)
            restore(kept, into=into, request=request, watch=watch)

        return judged(watch, work)

    def contents(
        self, target: Target, snapshot: Snapshot, *, take: Callable[[FileContent], None]
    ) -> Outcome:
        """Tell what every file must hash to: the list says it."""
        watch = self._watch(self._kit.deadlines.list_seconds)
        return judged(
            watch, lambda: contents(find(target, snapshot, watch), take=take, watch=watch)
        )

    def dump(
        self, target: Target, snapshot: Snapshot, *, read: Callable[[IO[bytes]], None]
    ) -> Outcome:
        """Stream the snapshot's listed files as a tar archive; raises what `read` raises."""
        watch = self._watch(self._kit.deadlines.restore_seconds)
        return judged(watch, lambda: dump(find(target, snapshot, watch), read=read, watch=watch))

    def inventory(self, target: Target) -> Inventory:
        """Tell that there are neither keys nor locks."""
        return Inventory(outcome=self.probe(target))

    def tamper(self, target: Target) -> Outcome | None:
        """Tell nothing: whoever makes the backups may have other rights than this user."""
        del target
        return None

    def plant(self, source: Path, *, folder: Path) -> Target:
        """Copy `source` into a folder of today's date below `folder`, with its list."""
        return plant(self._kit, source, folder=folder)

    def _watch(self, seconds: float) -> Watch:
        return Watch(self._kit, seconds)


MEMBER = Archive
