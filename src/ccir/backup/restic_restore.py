"""Restores a snapshot with restic: all of it, or the files that are named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ccir.backup.interface import Outcome, RestoreRequest, Snapshot, Target, ToolKit
from ccir.backup.restic_call import LOCKLESS, Command
from ccir.backup.restic_output import Meter
from ccir.backup.restic_verdict import call

# restic takes these for patterns unless they are escaped.
_SPECIAL = re.compile(r"[\\*?\[]")
# The kernel takes 2 MiB of arguments; more files take another call.
_MOST_ARGUMENT_BYTES = 1_000_000


def restore(
    kit: ToolKit, target: Target, *, snapshot: Snapshot, into: Path, request: RestoreRequest
) -> Outcome:
    """Write the files below `into`; the first call that fails is the answer."""
    verifying = ("--verify",) if request.verifies else ()
    where = (f"--target={into.absolute()}", "--", snapshot.id)
    outcome = Outcome(verdict="pass")
    seconds = 0.0
    for chosen in _portions(request.only):
        command = Command(
            arguments=(*LOCKLESS, "--json", "restore", *verifying, *chosen, *where),
            deadline_seconds=kit.deadlines.restore_seconds,
            stops=not request.keeps_going,
            read=Meter(request.progress).hear,
        )
        outcome = call(kit, target, command)
        seconds += outcome.seconds
        if outcome.verdict != "pass":
            break
    return msgspec.structs.replace(outcome, seconds=seconds)


def _portions(only: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the arguments that choose the files, so many at a time as a call takes."""
    if not only:
        yield ()
        return
    portion: list[str] = []
    size = 0
    for path in only:
        word = "--include=/" + _SPECIAL.sub(r"\\\g<0>", path)
        if portion and size + len(word.encode()) > _MOST_ARGUMENT_BYTES:
            yield tuple(portion)
            portion, size = [], 0
        portion.append(word)
        size += len(word.encode()) + 1
    yield tuple(portion)
