"""restic, 0.14 and newer: lists, checks, counts and restores snapshots."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

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
from ccir.backup.restic_call import LOCKLESS, Command, read_version
from ccir.backup.restic_contents import contents
from ccir.backup.restic_faults import FAULTS
from ccir.backup.restic_inventory import inventory
from ccir.backup.restic_location import local_folder, takes_locks
from ccir.backup.restic_output import Counter, Lines, belonging_to, parse_snapshots
from ccir.backup.restic_plant import plant
from ccir.backup.restic_restore import restore
from ccir.backup.restic_tamper import tamper
from ccir.backup.restic_verdict import call, probe


class Restic:
    """restic's repositories, local and remote.

    Only `check` takes a lock, and none where the repository is read-only: listing and restoring
    must work on a copy that nobody can write, and while a crashed program's lock still stands.
    """

    def __init__(self, kit: ToolKit) -> None:
        self._kit = kit

    def version(self) -> str:
        """Return the installed restic's version.

        Raises:
            UnavailableError: restic is missing or does not tell its version.
        """
        return read_version(self._kit)

    def probe(self, target: Target) -> Outcome:
        """Look for restic, its age, the local repository's folder and the password's file."""
        return probe(self._kit, target)

    def snapshots(self, target: Target) -> Listing:
        """List the target's snapshots; `fail` with a list means that some cannot be read."""
        printed = Lines()
        command = Command(
            arguments=(*LOCKLESS, "--json", "snapshots"),
            deadline_seconds=self._kit.deadlines.open_seconds,
            stops=False,
            read=printed.hear,
        )
        outcome = call(self._kit, target, command)
        if outcome.verdict != "pass" and outcome.reason != "snapshot-damaged":
            return Listing(outcome=outcome)
        found = parse_snapshots(printed.text())
        if found is None:
            return Listing(outcome=FAULTS.instead(outcome, "unrecognised-output"))
        own = belonging_to(target, found)
        return Listing(outcome=outcome, snapshots=own, in_repository=len(found))

    def check(self, target: Target, *, subset: str | None = None) -> Outcome:
        """Judge the repository's structure and, with `subset`, so much of its data."""
        folder = local_folder(target.repository)
        locks = folder is None or takes_locks(folder)
        reading = () if subset is None else (f"--read-data-subset={subset}",)
        command = Command(
            arguments=(*(() if locks else LOCKLESS), "check", *reading),
            deadline_seconds=self._kit.deadlines.check_seconds,
            locks=locks,
        )
        return call(self._kit, target, command)

    def content(self, target: Target, snapshot: Snapshot) -> Content:
        """Count the snapshot's regular files and add up their sizes."""
        counter = Counter()
        command = Command(
            arguments=(*LOCKLESS, "--json", "ls", "--", snapshot.id),
            deadline_seconds=self._kit.deadlines.list_seconds,
            read=counter.hear,
        )
        outcome = call(self._kit, target, command)
        if outcome.verdict == "pass" and counter.strange_lines:
            outcome = FAULTS.instead(outcome, "unrecognised-output")
        return Content(outcome=outcome, files=counter.files, bytes=counter.bytes)

    def restore(
        self, target: Target, snapshot: Snapshot, *, into: Path, request: RestoreRequest
    ) -> Outcome:
        """Write the snapshot's files below `into`, under the paths they were backed up from."""
        return restore(self._kit, target, snapshot=snapshot, into=into, request=request)

    def contents(
        self, target: Target, snapshot: Snapshot, *, take: Callable[[FileContent], None]
    ) -> Outcome:
        """Tell what every file must hash to: the ids of its blobs are their SHA-256."""
        return contents(self._kit, target, snapshot=snapshot, take=take)

    def dump(
        self, target: Target, snapshot: Snapshot, *, read: Callable[[IO[bytes]], None]
    ) -> Outcome:
        """Stream the snapshot as a tar archive.

        0.14 ends well over a damaged tree, with most files missing: whoever reads must count.
        """
        command = Command(
            arguments=(*LOCKLESS, "dump", "--archive=tar", "--", snapshot.id, "/"),
            deadline_seconds=self._kit.deadlines.restore_seconds,
            reader=read,
        )
        return call(self._kit, target, command)

    def inventory(self, target: Target) -> Inventory:
        """List the keys and the locks; takes none."""
        return inventory(self._kit, target)

    def tamper(self, target: Target) -> Outcome | None:
        """Ask a REST server to delete what is not there; None for other repositories."""
        return tamper(self._kit, target)

    def plant(self, source: Path, *, folder: Path) -> Target:
        """Make a small repository of `source` below `folder`, under a password of its own."""
        return plant(self._kit, source, folder=folder)


MEMBER = Restic
