"""Calls restic and turns what it said, and how it ended, into an outcome."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from ccir.backup.fault_interface import Sighting
from ccir.backup.interface import Outcome, Target, ToolKit
from ccir.backup.restic_call import Command, call_restic, read_version, secrets_of
from ccir.backup.restic_faults import FAULTS
from ccir.backup.restic_lines import Listener
from ccir.backup.restic_location import (
    has_damaged_key,
    local_folder,
    locks_in,
    password_file_fault,
    plain_fault,
)
from ccir.backup.restic_output import parse_version
from ccir.capture import redactor
from ccir.errors import InvalidDocumentError, UnavailableError
from ccir.program import Finished, Stop, Stream

OLDEST = (0, 14, 0)
_OUTPUT_CHARACTERS = 8_192
_UNLOCK_SECONDS = 60.0
_PASSED = Outcome(verdict="pass")


def probe(kit: ToolKit, target: Target) -> Outcome:
    """Look for restic, its age, the local repository's folder and the password's file."""
    try:
        version = parse_version(f"restic {read_version(kit)}")
    except UnavailableError as error:
        return FAULTS.refused("tool-missing", error)
    if version is None or version < OLDEST:
        return FAULTS.outcome(Sighting(reason="tool-too-old"))
    found = _before_the_call(target) or password_file_fault(target.password_file)
    return _PASSED if found is None else _outcome(target, found)


def call(kit: ToolKit, target: Target, command: Command) -> Outcome:
    """Run one command and judge it; a repository that is plainly missing is not asked."""
    plain = _before_the_call(target)
    if plain is not None:
        return _outcome(target, plain)
    listener = Listener(stops=command.stops)

    def hear(stream: Stream, line: str) -> Stop | None:
        command.read(stream, line)
        return listener.hear(stream, line)

    try:
        with _without_new_lock(kit, target, command):
            finished = call_restic(kit, target, command=command, hear=hear)
    except UnavailableError as error:
        return FAULTS.refused("tool-missing", error)
    except InvalidDocumentError as error:
        return FAULTS.refused("wrong-target", error)
    if command.locks and finished.was_killed:
        _clear_own_lock(kit, target)
    printed = finished.stderr or (finished.stdout if command.prints_for_people else "")
    return msgspec.structs.replace(
        _judged(target, listener, finished),
        exit_code=finished.exit_code,
        seconds=finished.seconds,
        stopped_early=finished.ended == "stopped",
        output=printed[-_OUTPUT_CHARACTERS:],
    )


def _before_the_call(target: Target) -> Sighting | None:
    folder = local_folder(target.repository)
    return None if folder is None else plain_fault(folder)


def _judged(target: Target, listener: Listener, finished: Finished) -> Outcome:
    folder = local_folder(target.repository)
    sighting = listener.verdict(
        finished, is_local=folder is not None, asks_command=bool(target.password_command)
    )
    if sighting is None:
        return _PASSED
    if sighting.reason == "wrong-password" and folder is not None and has_damaged_key(folder):
        sighting = Sighting(reason="key-damaged", line=f"{folder / 'keys'}: {sighting.line}")
    return _outcome(target, sighting)


def _outcome(target: Target, sighting: Sighting) -> Outcome:
    """Return the outcome of what was seen; what is missing behind a network proves nothing."""
    line = redactor(secrets_of(target))(sighting.line)
    outcome = FAULTS.outcome(Sighting(reason=sighting.reason, line=line))
    if sighting.reason == "repository-missing" and local_folder(target.repository) is None:
        return msgspec.structs.replace(outcome, verdict="error")
    return outcome


@contextmanager
def _without_new_lock(kit: ToolKit, target: Target, command: Command) -> Iterator[None]:
    """Leave no lock that was not there before, however the call ends.

    restic 0.14 leaves its own where it is interrupted within 0.2 s of taking it.
    """
    folder = local_folder(target.repository) if command.locks else None
    before = frozenset() if folder is None else locks_in(folder)
    try:
        yield
    finally:
        if folder is not None and locks_in(folder) - before:
            _clear_own_lock(kit, target)


def _clear_own_lock(kit: ToolKit, target: Target) -> None:
    """Remove the lock that the ended restic did not; `unlock` touches stale locks only."""
    command = Command(arguments=("unlock",), deadline_seconds=_UNLOCK_SECONDS)
    call_restic(kit, target, command=command, hear=lambda _stream, _line: None)
