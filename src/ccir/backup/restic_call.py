"""Calls restic once for a target: its environment, its secrets, its bounds."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from ccir.backup.interface import Target, ToolKit
from ccir.backup.restic_lines import PASSWORD_READY
from ccir.backup.restic_location import local_folder, url_passwords
from ccir.backup.restic_output import parse_version
from ccir.errors import InvalidDocumentError, UnavailableError
from ccir.process import find_tool, run
from ccir.program import Finished, Judge, Limits, Program, Stream, bare_environment

LOCKLESS = ("--no-lock",)
# Proxies, and the agent that holds the keys of an sftp repository.
_KEPT = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSH_AUTH_SOCK", "XDG_CACHE_HOME")
_LARGEST_PASSWORD_BYTES = 4_096
_VERSION_SECONDS = 10.0
# Most of it is `ls`, 300 bytes a file: enough for 25 million files.
_LIMITS = Limits(produced_bytes=8 << 30, line_bytes=64 << 20)
# Tells on stderr when the password is there, so that a hung command can be told from a hung
# network; restic passes that stream on.
_ANNOUNCE = f'"$@"; code=$?; echo "{PASSWORD_READY}" >&2; exit $code'


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One command of restic's: its arguments and how long it may take.

    `stops` ends it at the first proof of damage; `locks` says that it locks the repository;
    `read` sees every line; a `reader` gets stdout as raw bytes instead of its lines.
    """

    arguments: tuple[str, ...]
    deadline_seconds: float
    stops: bool = True
    locks: bool = False
    read: Callable[[Stream, str], object] = lambda _stream, _line: None
    reader: Callable[[IO[bytes]], None] | None = None

    @property
    def prints_for_people(self) -> bool:
        """Whether stdout is for people; otherwise it lists what was backed up."""
        return "--json" not in self.arguments


def call_restic(kit: ToolKit, target: Target, *, command: Command, hear: Judge) -> Finished:
    """Run restic on the target's repository; nothing secret stands among the arguments.

    Raises:
        UnavailableError: restic is not installed or cannot be started.
        InvalidDocumentError: the password command cannot be handed to restic.
    """
    program = Program(
        argv=(str(_restic_path(kit)), *_cache(kit, target), *command.arguments),
        environment=_environment(kit, target),
        deadline_seconds=command.deadline_seconds,
        secrets=secrets_of(target),
        limits=_LIMITS,
        reader=command.reader,
        nice=kit.nice,
    )
    return run(program, clock=kit.clock, judge=hear, is_cancelled=kit.is_cancelled)


def read_version(kit: ToolKit) -> str:
    """Return the installed restic's version.

    Raises:
        UnavailableError: restic is missing or does not tell its version.
    """
    path = _restic_path(kit)
    program = Program(
        argv=(str(path), "version"),
        environment=bare_environment(kit.environment),
        deadline_seconds=_VERSION_SECONDS,
    )
    found = parse_version(run(program, clock=kit.clock).stdout)
    if found is None:
        raise UnavailableError(f"'{path}' does not tell its version", hint="reinstall restic")
    return ".".join(map(str, found))


def secrets_of(target: Target) -> tuple[str, ...]:
    """Return the values that must not be kept of anything restic prints about the target."""
    return (
        *target.environment.values(),
        *url_passwords(target.repository),
        *_password(target.password_file),
    )


def _restic_path(kit: ToolKit) -> Path:
    return find_tool("restic", path=kit.environment.get("PATH", ""))


def _environment(kit: ToolKit, target: Target) -> dict[str, str]:
    keep = (*_KEPT, *map(str.lower, _KEPT))
    return {
        **bare_environment(kit.environment, keep=keep),
        **target.environment,
        **_password_source(target),
        "RESTIC_REPOSITORY": target.repository,
        "RESTIC_PROGRESS_FPS": "1",
    }


def _cache(kit: ToolKit, target: Target) -> tuple[str, ...]:
    """Return where restic keeps what it read: nowhere for a folder, else in a place of our own."""
    if local_folder(target.repository):
        return ("--no-cache",)
    return () if kit.cache is None else (f"--cache-dir={kit.cache / 'restic'}",)


def _password_source(target: Target) -> dict[str, str]:
    if target.password_file is not None:
        return {"RESTIC_PASSWORD_FILE": target.password_file}
    if not target.password_command:
        return {}
    words = ("/bin/sh", "-c", _ANNOUNCE, "sh", *target.password_command)
    return {"RESTIC_PASSWORD_COMMAND": " ".join(_quoted(word, target) for word in words)}


def _quoted(word: str, target: Target) -> str:
    """Quote a word as restic splits them: between two like quotes, without any escapes."""
    if word and "\\" not in word:
        for quote in ('"', "'"):
            if quote not in word:
                return f"{quote}{word}{quote}"
    raise InvalidDocumentError(
        f"target '{target.name}': restic cannot take {shlex.quote(word)} in a password command",
        hint="put the command into a script, and name the script as password_command",
    )


def _password(path: str | None) -> tuple[str, ...]:
    """Return the password, only to keep it out of what is captured; restic reads it itself."""
    if path is None:
        return ()
    try:
        with Path(path).open("rb") as file:
            return (file.read(_LARGEST_PASSWORD_BYTES).decode("utf-8", errors="replace"),)
    except OSError:
        return ()
