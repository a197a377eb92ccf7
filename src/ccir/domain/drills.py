"""What a drill is: which backup to restore, and how to judge what came back."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ccir.domain.playbook import Id, PeriodText, Text, Version

Mode = Literal["full", "sample", "stream"]
Selection = Literal["newest", "newest-and-older"]

# What a drill can prove, each level more than the one before it.
LEVELS = {
    "L0": "the snapshot is listed",
    "L1": "the repository's structure is whole",
    "L2": "a part of the repository's data was read and is whole",
    "L3": "the bytes came back",
    "L4": "every file is what the backup says it is",
    "L5": "every file is what was there when the backup was made",
    "L6": "the application's own checks pass",
}


class CheckPlan(msgspec.Struct, frozen=True, kw_only=True, rename={"arguments": "with"}):
    """One check of the restored data; `kind` names a member of the checks family."""

    kind: Id
    arguments: dict[str, object] = {}


class Schedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often a drill is due, counted from the last one: `every: 24h`, `every: 7d`."""

    every: PeriodText


class Verification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of the repository is proven before and besides the restore.

    `structure` lets the tool check the repository. `data_parts` also reads one part in so many
    of its data, the next one each time. `content` compares every file that came back with the
    hashes that the repository's own trees hold.
    """

    structure: bool = True
    data_parts: Annotated[int, Meta(ge=1, le=256)] | None = None
    content: bool = True


class Ceiling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a drill writes at most; a snapshot, or a sample, that is more is not restored."""

    bytes: Annotated[int, Meta(ge=1)] | None = None
    files: Annotated[int, Meta(ge=1)] | None = None


class Drill(msgspec.Struct, frozen=True, kw_only=True):
    """A restore drill: a target, the checks of what was restored, and bounds.

    `target` is a purpose that the workspace binds to one of its targets. `rpo` and `rto`
    stand in for the target's own objectives. `space_factor` is how much room, times the
    snapshot's size, must be free before anything is restored. Without a `schedule` it is
    played only when somebody asks.

    `select` also takes one older snapshot, the next one each time. `mode` restores everything,
    or the next of `buckets` samples, or reads everything as a stream and writes nothing.
    Each `control_every` drills damage is made and must be found; 0 never does. `nice` is how
    much the tool yields to other work. A failed drill's files are kept for `keep_on_fail`.
    `coverage_days` is how long a file that was verified counts as verified.
    """

    id: Id
    version: Version
    title: Text
    summary: Text
    target: Id
    checks: Annotated[tuple[CheckPlan, ...], Meta(min_length=1)]
    rpo: PeriodText | None = None
    rto: PeriodText | None = None
    space_factor: Annotated[float, Meta(ge=1, le=100)] = 1.1
    deadline: PeriodText = "2h"
    schedule: Schedule | None = None
    select: Selection = "newest"
    mode: Mode = "full"
    buckets: Annotated[int, Meta(ge=2, le=1_000)] = 10
    verify: Verification = Verification()
    control_every: Annotated[int, Meta(ge=0, le=1_000)] = 10
    ceiling: Ceiling = Ceiling()
    nice: Annotated[int, Meta(ge=0, le=19)] = 0
    keep_on_fail: PeriodText | None = None
    coverage_days: Annotated[int, Meta(ge=1, le=3_650)] = 30


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """Which sample of how many was restored; the first is number 0."""

    number: int
    of: int


class PhaseTime(msgspec.Struct, frozen=True, kw_only=True):
    """How many seconds a phase of a drill took: `locate`, `check`, `restore`, `validate`."""

    name: str
    seconds: float


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what came back is what the repository's trees say, byte for byte."""

    files: int
    bytes: int


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the newest snapshot was verified in the last `days`.

    `snapshots_visited` of the `snapshots` that the target retains were restored or streamed.
    `oldest_unverified_seconds` is how long the file that waits longest has been known.
    `runs_until_full` is how many more drills it takes until all of it is verified.
    `new_files` hold content that no earlier drill had met.
    """

    days: int
    files: int
    bytes: int
    verified_files: int
    verified_bytes: int
    snapshots: int
    snapshots_visited: int
    oldest_unverified_seconds: float | None = None
    runs_until_full: int | None = None
    new_files: int = 0
