"""Calls borg once for a target: its environment, its secrets, its bounds."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import msgspec

from ccir.backup.borg_lines import PASSWORD_READY
from ccir.backup.borg_output import parse_version
from ccir.backup.interface import Target, ToolKit
from ccir.errors import UnavailableError
from ccir.process import find_tool, run
from ccir.program import Finished, Judge, Limits, Program, Stream, bare_environment

_KEPT = ("SSH_AUTH_SOCK",)
_LARGEST_PASSWORD_BYTES = 4_096
_VERSION_SECONDS = 10.0
# Most of it is a list of files, 200 bytes each: enough for 40 million.
_LIMITS = Limits(produced_bytes=8 << 30, line_bytes=64 << 20)
# Tells on stderr when the passphrase is there, so that a hung command can be told from a hung
# network.
_ANNOUNCE = f'"$@"; code=$?; echo "{PASSWORD_READY}" >&2; exit $code'


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One command of borg's: its arguments and how long it may take.

    `remotely` are arguments for a repository on another host, where there is no stand-in.
    `stops` ends it at the first proof of damage; `folder` is where it works; `read` sees every
    line; a `reader` gets stdout as raw bytes instead of its lines.
    """

    arguments: tuple[str, ...]
    deadline_seconds: float
    remotely: tuple[str, ...] = ("--bypass-lock",)
    stops: bool = True
    folder: Path | None = None
    read: Callable[[Stream, str], object] = lambda _stream, _line: None
    reader: Callable[[IO[bytes]], None] | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What borg is told to work on, and the private folder for all that it keeps for itself."""

    repository: str
    private: Path


def call_borg(
    kit: ToolKit, target: Target, *, command: Command, place: Place, hear: Judge
) -> Finished:
    """Run borg on the place; nothing secret stands among the arguments.

    Raises:
        UnavailableError: borg is not installed or cannot be started.
    """
    name, *words = command.arguments
    program = Program(
        argv=(str(_borg_path(kit)), name, "--log-json", *words),
        environment=_environment(kit, target, place),
        deadline_seconds=command.deadline_seconds,
        folder=command.folder,
        reader=command.reader,
        nice=kit.nice,
        secrets=secrets_of(target),
        limits=_LIMITS,
    )
    return run(program, clock=kit.clock, judge=hear, is_cancelled=kit.is_cancelled)


def read_version(kit: ToolKit) -> str:
    """Return the installed borg's version.

    Raises:
        UnavailableError: borg is missing or does not tell its version.
    """
    path = _borg_path(kit)
    program = Program(
        argv=(str(path), "--version"),
        environment=bare_environment(kit.environment),
        deadline_seconds=_VERSION_SECONDS,
    )
    found = parse_version(run(program, clock=kit.clock).stdout)
    if found is None:
        raise UnavailableError(f"'{path}' does not tell its version", hint="reinstall borg")
    return ".".join(map(str, found))


def secrets_of(target: Target) -> tuple[str, ...]:
    """Return the values that must not be kept of anything borg prints about the target."""
    return (*target.environment.values(), *_password(target.password_file))


def _borg_path(kit: ToolKit) -> Path:
    try:
        return find_tool("borg", path=kit.environment.get("PATH", ""))
    except UnavailableError as error:
        hint = "install it (Debian: apt-get install borgbackup) or add its folder to PATH"
        raise UnavailableError(error.message, hint=hint) from error


def _environment(kit: ToolKit, target: Target, place: Place) -> dict[str, str]:
    keys = _keys_folder(kit.environment)
    return {
        **bare_environment(kit.environment, keep=_KEPT),
        **target.environment,
        **_password_source(target),
        **({"BORG_KEYS_DIR": str(keys)} if keys.is_dir() else {}),
        "BORG_BASE_DIR": str(place.private),
        "BORG_REPO": place.repository,
        "BORG_EXIT_CODES": "legacy",
        # Its memory of repositories is new each time; ccir holds encryption against the target.
        "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
        "TZ": "UTC",  # times are printed without their zone
    }


def _keys_folder(environment: Mapping[str, str]) -> Path:
    """Return where borg keeps key files: a repository may be opened by one of them only."""
    home = Path(environment.get("HOME", "/nonexistent"))
    return Path(environment.get("XDG_CONFIG_HOME", home / ".config")) / "borg" / "keys"


def _password_source(target: Target) -> dict[str, str]:
    if target.password_file is not None:
        return {"BORG_PASSCOMMAND": shlex.join(("cat", "--", target.password_file))}
    if not target.password_command:
        return {}
    words = ("/bin/sh", "-c", _ANNOUNCE, "sh", *target.password_command)
    return {"BORG_PASSCOMMAND": shlex.join(words)}


def _password(path: str | None) -> tuple[str, ...]:
    """Return the passphrase, only to keep it out of what is captured; borg reads it itself."""
    if path is None:
        return ()
    try:
        with Path(path).open("rb") as file:
            return (file.read(_LARGEST_PASSWORD_BYTES).decode("utf-8", errors="replace"),)
    except OSError:
        return ()
