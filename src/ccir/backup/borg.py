"""borg, 1.2 and 1.4: lists, checks, counts and restores archives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from ccir.backup.borg_archives import listing, location
from ccir.backup.borg_call import Command, read_version
from ccir.backup.borg_contents import content, contents
from ccir.backup.borg_faults import FAULTS
from ccir.backup.borg_location import disk_fault, local_folder, locks_in, plain_fault
from ccir.backup.borg_plant import plant
from ccir.backup.borg_restore import restore
from ccir.backup.borg_verdict import call, probe
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

_LOCK_WAIT = "--lock-wait=1"  # seconds


class Borg:
    """borg's repositories, local and behind ssh; a snapshot is an archive.

    A local repository is read through a stand-in (`borg_view`): no call locks or changes it.
    Behind ssh only `check` takes a lock.
    """

    def __init__(self, kit: ToolKit) -> None:
        self._kit = kit

    def version(self) -> str:
        """Return the installed borg's version.

        Raises:
            UnavailableError: borg is missing or does not tell its version.
        """
        return read_version(self._kit)

    def probe(self, target: Target) -> Outcome:
        """Look for borg, its age, the local repository's folder and the password's file."""
        return probe(self._kit, target)

    def snapshots(self, target: Target) -> Listing:
        """List the target's archives; `fail` with a list means that some cannot be read."""
        return listing(self._kit, target)

    def check(self, target: Target, *, subset: str | None = None) -> Outcome:
        """Judge the structure and every checksum; with any `subset` decrypt all data as well.

        borg cannot decrypt a part of a repository: a part that is asked for is in the whole.
        """
        reading = () if subset is None else ("--verify-data",)
        command = Command(
            arguments=("check", *reading),
            deadline_seconds=self._kit.deadlines.check_seconds,
            remotely=(_LOCK_WAIT,),
        )
        return call(self._kit, target, command)

    def content(self, target: Target, snapshot: Snapshot) -> Content:
        """Count the archive's regular files and add up their sizes."""
        found, where = location(self._kit, target, snapshot)
        return content(self._kit, target, location=where) if where else Content(outcome=found)

    def restore(
        self, target: Target, snapshot: Snapshot, *, into: Path, request: RestoreRequest
    ) -> Outcome:
        """Write the archive's files below `into`, under the paths they were backed up from."""
        found, where = location(self._kit, target, snapshot)
        if not where:
            return found
        return restore(self._kit, target, location=where, into=into, request=request)

    def contents(
        self, target: Target, snapshot: Snapshot, *, take: Callable[[FileContent], None]
    ) -> Outcome:
        """Tell what every file must hash to: borg reads all of the archive for it."""
        found, where = location(self._kit, target, snapshot)
        return contents(self._kit, target, location=where, take=take) if where else found

    def dump(
        self, target: Target, snapshot: Snapshot, *, read: Callable[[IO[bytes]], None]
    ) -> Outcome:
        """Stream the archive as a tar archive; a further name of a file is a hard link there."""
        found, where = location(self._kit, target, snapshot)
        if not where:
            return found
        command = Command(
            arguments=("export-tar", where, "-"),
            deadline_seconds=self._kit.deadlines.restore_seconds,
            reader=read,
        )
        return call(self._kit, target, command)

    def inventory(self, target: Target) -> Inventory:
        """List the exclusive locks of a local repository; there is only one key, its own."""
        folder = local_folder(target.repository)
        if folder is None:
            return Inventory(outcome=probe(self._kit, target))
        plain = plain_fault(folder)
        if plain is not None:
            return Inventory(outcome=FAULTS.outcome(plain))
        try:
            return Inventory(outcome=Outcome(verdict="pass"), locks=locks_in(folder))
        except OSError as error:
            return Inventory(outcome=FAULTS.outcome(disk_fault(error)))

    def tamper(self, target: Target) -> Outcome | None:
        """Tell nothing: borg's server accepts a deletion and keeps what was deleted."""
        del target
        return None

    def plant(self, source: Path, *, folder: Path) -> Target:
        """Make a small repository of `source` below `folder`, under a passphrase of its own."""
        return plant(self._kit, source, folder=folder)


MEMBER = Borg
