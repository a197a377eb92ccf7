"""What every backup tool is asked and what it answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Literal, Protocol

import msgspec

from ccir.backup.held_interface import FileContent, Key, Lock
from ccir.clock import Clock

ToolVerdict = Literal["pass", "fail", "error"]
Reason = Literal[
    "",
    "repository-damaged",
    "pack-damaged",
    "index-damaged",
    "snapshot-damaged",
    "key-damaged",
    "config-damaged",
    "repository-missing",
    "no-snapshots",
    "wrong-password",
    "password-unavailable",
    "password-timeout",
    "password-exposed",
    "locked",
    "unreachable",
    "timed-out",
    "cancelled",
    "no-space",
    "permission-denied",
    "read-only",
    "tool-missing",
    "tool-too-old",
    "tool-crashed",
    "unrecognised-output",
    "wrong-target",
    "content-unknown",
    "not-append-only",
]
# Bytes restored so far and in all; the second is None where the tool does not tell.
Progress = Callable[[int, int | None], None]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup protects: the repository, how to open it, and what is promised.

    `hosts`, `tags` and `paths` narrow the snapshots down: any of the hosts, all of the tags and
    all of the paths. `append_only` promises that nobody who backs up can delete anything,
    `retention_seconds` that no snapshot younger than that is ever removed.
    `environment` is given to the tool only and may hold credentials.
    """

    name: str
    repository: str
    tool: str = "restic"
    password_file: str | None = None
    password_command: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    rpo_seconds: float | None = None
    rto_seconds: float | None = None
    append_only: bool = False
    retention_seconds: float | None = None
    environment: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return f"Target(name={self.name!r}, tool={self.tool!r})"


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One state of the data that the repository holds.

    `taken_at` is what the machine that made the backup said. `file_count` and `byte_count` are
    None where the tool recorded none when it made the snapshot.
    """

    id: str
    taken_at: dt.datetime
    host: str = ""
    user: str = ""
    paths: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    file_count: int | None = None
    byte_count: int | None = None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How one call of a tool went.

    `fail` means that the backup is bad, `error` that there is no verdict. `detail` says what
    was seen and `hint` what to do now, a sentence each. `stopped_early` means that the verdict
    stood before the tool was done. `output` is an excerpt without secrets.
    """

    verdict: ToolVerdict
    reason: Reason = ""
    detail: str = ""
    hint: str = ""
    exit_code: int | None = None
    seconds: float = 0.0
    stopped_early: bool = False
    output: str = ""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """The target's snapshots, oldest first, and how many the repository holds in all."""

    outcome: Outcome
    snapshots: tuple[Snapshot, ...] = ()
    in_repository: int = 0


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """How many regular files a snapshot holds and the sum of their sizes in bytes.

    A file with several names counts once a name, as it does where it is restored.
    """

    outcome: Outcome
    files: int = 0
    bytes: int = 0


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    """The keys and locks of a repository; both empty where the tool knows none."""

    outcome: Outcome
    keys: tuple[Key, ...] = ()
    locks: tuple[Lock, ...] = ()


class Deadlines(msgspec.Struct, frozen=True, kw_only=True):
    """How many seconds each kind of call may take."""

    open_seconds: float = 120.0
    check_seconds: float = 3_600.0
    list_seconds: float = 1_800.0
    restore_seconds: float = 6 * 3_600.0


class ToolKit(msgspec.Struct, frozen=True, kw_only=True):
    """What a tool works with.

    `environment` is the parent's, of which a tool takes only what it needs. `is_cancelled` is
    asked again and again while a call runs; it must be quick. `nice` is added to the tool's
    niceness. What never changes in a repository may be kept below `cache`.
    """

    clock: Clock
    environment: Mapping[str, str]
    deadlines: Deadlines = Deadlines()
    is_cancelled: Callable[[], bool] = lambda: False
    nice: int = 0
    cache: Path | None = None


class BackupTool(Protocol):
    """Speaks with one kind of repository; a bad answer is an `Outcome`, never an exception."""

    def version(self) -> str:
        """Return the installed tool's version.

        Raises:
            UnavailableError: the tool is missing or does not tell its version.
        """
        ...

    def probe(self, target: Target) -> Outcome:
        """Tell, without opening the repository, whether the target could be used at all."""
        ...

    def snapshots(self, target: Target) -> Listing:
        """List the target's snapshots; changes nothing and takes no lock."""
        ...

    def check(self, target: Target, *, subset: str | None = None) -> Outcome:
        """Judge the repository's structure, and read the part of its data that `subset` names.

        `subset` is 'n/t' (the n-th of t parts), a percentage, or a size as the tool takes it.
        """
        ...

    def content(self, target: Target, snapshot: Snapshot) -> Content:
        """Count what the snapshot holds; takes no lock."""
        ...

    def restore(
        self, target: Target, snapshot: Snapshot, *, into: Path, request: RestoreRequest
    ) -> Outcome:
        """Write the snapshot's files below the folder `into`; takes no lock."""
        ...

    def contents(
        self, target: Target, snapshot: Snapshot, *, take: Callable[[FileContent], None]
    ) -> Outcome:
        """Tell of every regular file what its bytes must hash to, from the repository alone.

        Restores nothing and takes no lock. A pass means that `take` heard of every file.
        """
        ...

    def dump(
        self, target: Target, snapshot: Snapshot, *, read: Callable[[IO[bytes]], None]
    ) -> Outcome:
        """Stream the snapshot as a tar archive to `read`; writes nothing and takes no lock.

        `read` is called in a thread of its own; a snapshot that ends early is never a pass.
        """
        ...

    def inventory(self, target: Target) -> Inventory:
        """List the keys that open the repository and the locks that stand in it."""
        ...

    def tamper(self, target: Target) -> Outcome | None:
        """Try, without harm, whether backed-up data could be deleted; None where it cannot tell.

        A `fail` with the reason `not-append-only` means that it could.
        """
        ...

    def plant(self, source: Path, *, folder: Path) -> Target:
        """Make a new small repository below the empty `folder` that backs up `source`.

        The target opens it with a password of its own. For a drill's negative control only.

        Raises:
            UnavailableError: the tool cannot make one.
        """
        ...


class RestoreRequest(msgspec.Struct, frozen=True, kw_only=True):
    """How to restore.

    `keeps_going` restores whatever can be had of a damaged backup instead of stopping at the
    first proof of damage; `verifies` reads everything again once it is written. `only` names
    the files to restore, each without a leading '/'; empty means all.
    """

    keeps_going: bool = False
    verifies: bool = False
    only: tuple[str, ...] = ()
    progress: Progress = lambda _done, _total: None


# A member of the family is a factory, so that one kit serves all calls of one command.
ToolFactory = Callable[[ToolKit], BackupTool]
