"""Reads what borg prints for programs: its version, archives, the files of one."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterator
from os.path import normpath

import msgspec

from ccir.backup.interface import Snapshot, Target

_VERSION = re.compile(r"^borg (\d+)\.(\d+)\.(\d+)")
_ID = re.compile(r"[0-9a-f]{64}")
# With `!a` a name comes as a literal in ASCII: whole, whatever bytes it is made of.
_SHOWN = ("{type}", "{size}", "{health}", "{linktarget!a}", "{bpath!a}")
LISTED = "{TAB}".join((*_SHOWN, "{NL}"))
HASHED = "{TAB}".join((*_SHOWN, "{sha256}{NL}"))
# Options of `borg create` whose value is the next word.
_VALUED = frozenset(
    {
        *("-C", "-c", "-e", "--checkpoint-interval", "--chunker-params", "--comment"),
        *("--compression", "--debug-profile", "--debug-topic", "--exclude", "--exclude-from"),
        *("--exclude-if-present", "--files-cache", "--files-changed", "--filter", "--lock-wait"),
        *("--paths-delimiter", "--pattern", "--patterns-from", "--remote-buffer", "--remote-path"),
        *("--remote-ratelimit", "--rsh", "--stdin-group", "--stdin-mode", "--stdin-name"),
        *("--stdin-user", "--timestamp", "--umask", "--upload-buffer", "--upload-ratelimit"),
    }
)


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """One archive as `borg list --json` tells it; its time is without a zone, in borg's own."""

    id: str
    name: str
    start: dt.datetime
    hostname: str = ""
    username: str = ""
    command_line: tuple[str, ...] = ()


class _Encryption(msgspec.Struct, frozen=True, kw_only=True):
    mode: str


class Archives(msgspec.Struct, frozen=True, kw_only=True):
    """A repository's archives, and how it is encrypted."""

    archives: tuple[Archive, ...]
    encryption: _Encryption

    @property
    def is_plain(self) -> bool:
        """Whether anybody can read and write the repository without a passphrase."""
        return self.encryption.mode == "none"


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an archive's list; a further name of a file says which it is a `link` to.

    `path` is as Python names a file; `sha256` is empty where nothing was hashed.
    """

    kind: str
    size: int
    is_whole: bool
    link: str
    path: str
    sha256: str = ""

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file, under its first name or another."""
        return self.kind in {"-", "h"}


def parse_version(text: str) -> tuple[int, int, int] | None:
    """Return the version that `borg --version` prints, or None if it prints something else."""
    found = _VERSION.match(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def parse_archives(text: str) -> Archives | None:
    """Return what `borg list --json` prints, or None for garbage."""
    try:
        found = msgspec.json.decode(text, type=Archives)
    except msgspec.MsgspecError:
        return None
    return found if all(_ID.fullmatch(each.id) for each in found.archives) else None


def parse_item(line: str) -> Item | None:
    """Return what a line of an archive's list says, or None for garbage."""
    try:
        kind, size, health, link, path, sha256 = line.split("\t")
        return Item(
            kind=kind,
            size=int(size),
            is_whole=health == "healthy",
            link=str(ast.literal_eval(link)),
            path=str(ast.literal_eval(path)),
            sha256=sha256,
        )
    except (ValueError, SyntaxError):
        return None


def as_linked(path: str) -> str:
    """Return the path as a link to it shows it: borg leaves out there what is no UTF-8."""
    return path.encode("utf-8", errors="replace").decode("utf-8")


def snapshot_of(archive: Archive) -> Snapshot:
    """Return the archive as a snapshot; its name stands as its only tag."""
    zoned = archive.start if archive.start.tzinfo else archive.start.replace(tzinfo=dt.UTC)
    return Snapshot(
        id=archive.id,
        taken_at=zoned.astimezone(dt.UTC),
        host=archive.hostname,
        user=archive.username,
        paths=tuple(_paths(archive.command_line)),
        tags=(archive.name,),
    )


def belongs(target: Target, snapshot: Snapshot) -> bool:
    """Tell whether it is of any of the target's hosts and of all of its paths.

    borg knows no tags: an archive's name has to begin with each of the target's.
    """
    return (
        (not target.hosts or snapshot.host in target.hosts)
        and all(snapshot.tags[0].startswith(tag) for tag in target.tags)
        and set(target.paths) <= set(snapshot.paths)
    )


def _paths(command_line: tuple[str, ...]) -> Iterator[str]:
    """Yield the absolute paths that `borg create` was given: those after the archive's name.

    Of relative ones nobody recorded where they began.
    """
    words = _without_options(command_line)
    for word in words:
        if "::" in word:
            break
    yield from (normpath(word) for word in words if word.startswith("/"))


def _without_options(command_line: tuple[str, ...]) -> Iterator[str]:
    words = iter(command_line)
    for word in words:
        if word in _VALUED:
            next(words, None)
        elif not word.startswith("-"):
            yield word
