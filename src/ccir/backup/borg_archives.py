"""Lists a borg repository's archives, and finds the name of one: commands take no ids."""

from __future__ import annotations

import msgspec

from ccir.backup.borg_call import Command
from ccir.backup.borg_faults import FAULTS
from ccir.backup.borg_output import Archives, belongs, parse_archives, snapshot_of
from ccir.backup.borg_verdict import call
from ccir.backup.interface import Listing, Outcome, Snapshot, Target, ToolKit
from ccir.program import Stream

# Reads each archive's own record; without it the list comes from the manifest alone.
_TOLD = "{hostname}{username}{command_line}"


def listing(kit: ToolKit, target: Target) -> Listing:
    """Return the target's snapshots; where an archive's record is damaged, of all only names."""
    outcome, found = _asked(kit, target, f"--format={_TOLD}")
    if outcome.reason == "pack-damaged":
        again, found = _asked(kit, target)
        outcome = (
            FAULTS.instead(outcome, "snapshot-damaged") if again.verdict == "pass" else outcome
        )
    if found is None:
        return Listing(outcome=outcome)
    every = map(snapshot_of, found.archives)
    own = sorted(
        (each for each in every if belongs(target, each)), key=lambda each: (each.taken_at, each.id)
    )
    return Listing(outcome=outcome, snapshots=tuple(own), in_repository=len(found.archives))


def location(kit: ToolKit, target: Target, snapshot: Snapshot) -> tuple[Outcome, str]:
    """Return how borg's commands name the snapshot now, empty where it is not there."""
    outcome, found = _asked(kit, target)
    if found is None:
        return outcome, ""
    name = next((each.name for each in found.archives if each.id == snapshot.id), None)
    if name is None:
        return FAULTS.instead(outcome, "no-snapshots"), ""
    # A brace would begin a placeholder.
    return outcome, "::" + name.replace("{", "{{").replace("}", "}}")


def _asked(kit: ToolKit, target: Target, *options: str) -> tuple[Outcome, Archives | None]:
    printed: list[str] = []

    def read(stream: Stream, line: str) -> None:
        if stream == "stdout":
            printed.append(line)

    command = Command(
        arguments=("list", "--json", *options),
        deadline_seconds=kit.deadlines.open_seconds,
        read=read,
    )
    outcome = call(kit, target, command)
    if outcome.verdict != "pass":
        return outcome, None
    found = parse_archives("".join(printed))
    if found is None:
        return FAULTS.instead(outcome, "unrecognised-output"), None
    if found.is_plain and (target.password_file or target.password_command):
        return _not_encrypted(outcome), None
    return outcome, found


def _not_encrypted(outcome: Outcome) -> Outcome:
    """Refuse a repository that somebody may have put in the place of the encrypted one."""
    return msgspec.structs.replace(
        FAULTS.instead(outcome, "wrong-target"),
        detail="the repository is not encrypted, although the target has a passphrase",
        hint="find out who made this repository; if it is right, take the passphrase out",
    )
