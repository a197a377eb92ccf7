"""restic, 0.14 and newer: lists, checks, counts and restores snapshots."""

from __future__ import annotations

from pathlib import Path

from ccir.backup.interface import (
    Content,
    Listing,
    Outcome,
    RestoreRequest,
    Snapshot,
    Target,
    ToolKit,
)
from ccir.backup.restic_call import Command, read_version
from ccir.backup.restic_location import local_folder, takes_locks
from ccir.backup.restic_output import Counter, Lines, Meter, belonging_to, parse_snapshots
from ccir.backup.restic_verdict import call, instead, probe

_LOCKLESS = ("--no-lock",)


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
            arguments=(*_LOCKLESS, "--json", "snapshots"),
            deadline_seconds=self._kit.deadlines.open_seconds,
            stops=False,
            read=printed.hear,
        )
        outcome = call(self._kit, target, command)
        if outcome.verdict != "pass" and outcome.reason != "snapshot-damaged":
            return Listing(outcome=outcome)
        found = parse_snapshots(printed.text())
        if found is None:
            return Listing(outcome=instead(outcome, "unrecognised-output"))
        own = belonging_to(target, found)
        return Listing(outcome=outcome, snapshots=own, in_repository=len(found))

    def check(self, target: Target, *, subset: str | None = None) -> Outcome:
        """Judge the repository's structure and, with `subset`, so much of its data."""
        folder = local_folder(target.repository)
        locks = folder is None or takes_locks(folder)
        reading = () if subset is None else (f"--read-data-subset={subset}",)
        command = Command(
            arguments=(*(() if locks else _LOCKLESS), "check", *reading),
            deadline_seconds=self._kit.deadlines.check_seconds,
            locks=locks,
        )
        return call(self._kit, target, command)

    def content(self, target: Target, snapshot: Snapshot) -> Content:
        """Count the snapshot's regular files and add up their sizes."""
        counter = Counter()
        command = Command(
            arguments=(*_LOCKLESS, "--json", "ls", "--", snapshot.id),
            deadline_seconds=self._kit.deadlines.list_seconds,
            read=counter.hear,
        )
        outcome = call(self._kit, target, command)
        if outcome.verdict == "pass" and counter.strange_lines:
            outcome = instead(outcome, "unrecognised-output")
        return Content(outcome=outcome, files=counter.files, bytes=counter.bytes)

    def restore(
        self, target: Target, snapshot: Snapshot, *, into: Path, request: RestoreRequest
    ) -> Outcome:
        """Write the snapshot's files below `into`, under the paths they were backed up from."""
        verifying = ("--verify",) if request.verifies else ()
        where = (f"--target={into.absolute()}", "--", snapshot.id)
        command = Command(
            arguments=(*_LOCKLESS, "--json", "restore", *verifying, *where),
            deadline_seconds=self._kit.deadlines.restore_seconds,
            stops=not request.keeps_going,
            read=Meter(request.progress).hear,
        )
        return call(self._kit, target, command)


MEMBER = Restic
