"""Calls borg and turns what it said, and how it ended, into an outcome."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from ccir.backup.borg_call import Command, Place, call_borg, read_version, secrets_of
from ccir.backup.borg_faults import FAULTS
from ccir.backup.borg_lines import Listener
from ccir.backup.borg_location import (
    disk_fault,
    exposed_password,
    local_folder,
    password_fault,
    plain_fault,
)
from ccir.backup.borg_output import parse_version
from ccir.backup.borg_view import has_lost, make_view
from ccir.backup.fault_interface import Sighting
from ccir.backup.interface import Outcome, Target, ToolKit
from ccir.capture import redactor
from ccir.errors import UnavailableError
from ccir.program import Finished, Stop, Stream

OLDEST, TOO_NEW = (1, 2, 0), (2, 0, 0)
_OUTPUT_CHARACTERS = 8_192
_PASSED = Outcome(verdict="pass")


def probe(kit: ToolKit, target: Target) -> Outcome:
    """Look for borg, its age, the local repository's folder and the password's file."""
    try:
        version = parse_version(f"borg {read_version(kit)}")
    except UnavailableError as error:
        return FAULTS.refused("tool-missing", error)
    if version is None or version < OLDEST:
        return FAULTS.outcome(Sighting(reason="tool-too-old"))
    if version >= TOO_NEW:
        return FAULTS.outcome(
            Sighting(reason="unrecognised-output", line="borg 2 has other commands")
        )
    found = _before_the_call(target) or exposed_password(target.password_file)
    return _PASSED if found is None else _outcome(target, found)


def call(kit: ToolKit, target: Target, command: Command) -> Outcome:
    """Run one command and judge it; a repository that is plainly missing is not asked.

    A local repository is shown to borg as a stand-in, and cannot be changed.
    """
    plain = _before_the_call(target)
    if plain is not None:
        return _outcome(target, plain)
    try:
        with TemporaryDirectory(prefix="ccir-borg-") as private:
            return _called(kit, target, command=command, private=Path(private))
    except UnavailableError as error:
        return FAULTS.refused("tool-missing", error)
    except OSError as error:
        return _outcome(target, disk_fault(error))


def _before_the_call(target: Target) -> Sighting | None:
    folder = local_folder(target.repository)
    missing = None if folder is None else plain_fault(folder)
    return missing or password_fault(target.password_file)


def _called(kit: ToolKit, target: Target, *, command: Command, private: Path) -> Outcome:
    folder = local_folder(target.repository)
    view = private / "repository"
    if folder is not None:
        make_view(folder.absolute(), at=view)
    listener = Listener(stops=command.stops)

    def hear(stream: Stream, line: str) -> Stop | None:
        command.read(stream, line)
        return listener.hear(stream, line)

    shown = target.repository if folder is None else str(view)
    options = command.remotely if folder is None else ()
    finished = call_borg(
        kit,
        target,
        command=msgspec.structs.replace(command, arguments=_with(command.arguments, options)),
        place=Place(repository=shown, private=private),
        hear=hear,
    )
    outcome = _judged(target, listener, finished)
    if outcome.verdict == "fail" and folder is not None and has_lost(view):
        outcome = _outcome(target, Sighting(reason="locked", line="it changed while it was read"))
    return _told(outcome, finished, said=_redacted(target, listener, view=shown))


def _with(arguments: tuple[str, ...], options: tuple[str, ...]) -> tuple[str, ...]:
    return (arguments[0], *options, *arguments[1:])


def _judged(target: Target, listener: Listener, finished: Finished) -> Outcome:
    sighting = listener.verdict(finished, asks_command=bool(target.password_command))
    return _PASSED if sighting is None else _outcome(target, sighting)


def _told(outcome: Outcome, finished: Finished, *, said: str) -> Outcome:
    return msgspec.structs.replace(
        outcome,
        exit_code=finished.exit_code,
        seconds=finished.seconds,
        stopped_early=finished.ended == "stopped",
        output=said,
    )


def _redacted(target: Target, listener: Listener, *, view: str) -> str:
    """Return borg's warnings and errors, without secrets and with the repository's own name."""
    redact = redactor(secrets_of(target))
    lines = "\n".join(listener.messages).splitlines()
    text = "\n".join(redact(line) for line in lines).replace(view, target.repository)
    return text[:_OUTPUT_CHARACTERS]


def _outcome(target: Target, sighting: Sighting) -> Outcome:
    """Return the outcome of what was seen; what is missing behind a network proves nothing."""
    line = redactor(secrets_of(target))(sighting.line)
    outcome = FAULTS.outcome(Sighting(reason=sighting.reason, line=line))
    if sighting.reason == "repository-missing" and local_folder(target.repository) is None:
        return msgspec.structs.replace(outcome, verdict="error")
    return outcome
