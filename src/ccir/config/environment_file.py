"""Reads a target's environment file: credentials for its backup tool and for nothing else."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import msgspec

from ccir.config.complaints import Complaint, SettingsError
from ccir.config.conversion import is_path
from ccir.config.settings import Target
from ccir.config.values import Secret
from ccir.errors import RefusedError, UnavailableError

LIMIT_BYTES = 64 * 1024

# A name that ends in `_` stands for every variable that begins so.
ALLOWED: dict[str, tuple[str, ...]] = {
    "azure": ("AZURE_",),
    "b2": ("B2_",),
    "gs": ("GOOGLE_",),
    "rclone": ("RCLONE_CONFIG", "RCLONE_CONFIG_PASS"),
    "rest": ("RESTIC_REST_USERNAME", "RESTIC_REST_PASSWORD", "RESTIC_CACERT"),
    "s3": ("AWS_", "RESTIC_AWS_ASSUME_ROLE_"),
    "ssh": ("BORG_RSH", "BORG_REMOTE_PATH"),
    "swift": ("OS_", "ST_", "SWIFT_DEFAULT_CONTAINER_POLICY"),
}
_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=([^\x00-\x08\x0a-\x1f\x7f]*)")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_ROOT = 0


def target_environment(target: Target) -> dict[str, Secret]:
    """Return the variables that the target's environment file holds; none without a file.

    Each line is `NAME=VALUE`, `export NAME=VALUE`, empty, or a comment after `#`; one pair
    of quotes around a value is taken off. Which names may stand in it depends on the
    repository's scheme (`ALLOWED`).

    Raises:
        SettingsError: lines that are no assignment, or set a variable of something else.
        RefusedError: another user could read or has written the file.
        UnavailableError: the file is missing or cannot be read.
    """
    file = target.environment_file
    if file is None:
        return {}
    lines = [_parsed(line, allowed=_allowed(target)) for line in _text(file).split("\n")]
    complaints = tuple(
        msgspec.structs.replace(line, line=number)
        for number, line in enumerate(lines, start=1)
        if isinstance(line, Complaint)
    )
    if complaints:
        raise SettingsError(file, complaints)
    return dict(line for line in lines if isinstance(line, tuple))


def _text(file: Path) -> str:
    try:
        # Not waiting for a writer: a pipe is refused by what it is.
        handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as stream:
            _refuse_exposed(file, os.fstat(handle))
            octets = stream.read(LIMIT_BYTES + 1)
    except OSError as error:
        raise UnavailableError(
            f"the environment file {file} cannot be read: {error.strerror}",
            hint="correct environment_file, or make the file with mode 0600",
        ) from error
    return _decoded(file, octets)


def _refuse_exposed(file: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(f"{file} is no ordinary file", hint="name a file of mode 0600")
    if found.st_mode & _OTHERS:
        raise RefusedError(
            f"{file} holds secrets and other users may use it (mode {found.st_mode & 0o777:04o})",
            hint=f"run: chmod 600 {file}",
        )
    if found.st_uid not in {os.geteuid(), _ROOT}:
        raise RefusedError(f"{file} belongs to another user", hint="make the file your own")


def _decoded(file: Path, octets: bytes) -> str:
    if len(octets) > LIMIT_BYTES:
        message = f"the file is larger than {LIMIT_BYTES // 1024} KiB"
        raise SettingsError(file, (Complaint(path=(), message=message),))
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        complaint = Complaint(path=(), message="this is not UTF-8", line=line)
        # Not from the error: it carries the bytes, and these are secrets.
        raise SettingsError(file, (complaint,)) from None


def _parsed(line: str, *, allowed: tuple[str, ...]) -> tuple[str, Secret] | Complaint | None:
    """Return name and value, or what is wrong without the value, or None for nothing to read."""
    text = line.strip()
    if not text or text.startswith("#"):
        return None
    found = _LINE.fullmatch(text)
    if found is None:
        return Complaint(path=(), message="expected NAME=VALUE")
    name, value = found.groups()
    if not any(_covers(entry, name) for entry in allowed):
        return _not_allowed(name, allowed)
    return name, Secret(_unquoted(value))


def _not_allowed(name: str, allowed: tuple[str, ...]) -> Complaint:
    known = ", ".join(f"{entry}…" if entry.endswith("_") else entry for entry in allowed)
    return Complaint(
        path=(name,),
        message="this repository takes no such variable",
        hint=f"allowed: {known}" if known else "a repository of this kind takes none",
    )


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def _covers(allowed: str, name: str) -> bool:
    return name.startswith(allowed) if allowed.endswith("_") else name == allowed


def _allowed(target: Target) -> tuple[str, ...]:
    if is_path(target.repository):
        return ()
    return ALLOWED.get(target.repository.partition(":")[0], ())
