"""What a store remembers of backups: every snapshot and key that a target was ever seen with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

import msgspec

from ccir.domain.event_parts import Sealed


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word that something about a backup is as it should be, and why."""

    at: dt.datetime
    by: str
    reason: Sealed


class SeenSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot as a look found it; how much it holds is None where nobody has counted."""

    id: str
    taken_at: dt.datetime
    host: str = ""
    user: str = ""
    file_count: int | None = None
    byte_count: int | None = None


class SeenKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as a look found it; `label` says who made it."""

    id: str
    label: str = ""


class KnownSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot that was seen; `gone_at` is the first look that missed it, None while it is there.

    How much it holds is None where nobody has counted yet.
    """

    id: str
    taken_at: dt.datetime
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    host: str = ""
    user: str = ""
    file_count: int | None = None
    byte_count: int | None = None
    gone_at: dt.datetime | None = None
    accepted: Acceptance | None = None


class KnownKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was seen; `last_seen_at` is the last look that found it."""

    id: str
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    label: str = ""
    accepted: Acceptance | None = None


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of a target, snapshots oldest first; nothing before the first look."""

    looked_at: dt.datetime | None = None
    snapshots: tuple[KnownSnapshot, ...] = ()
    keys: tuple[KnownKey, ...] = ()


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at a target found.

    `is_complete` says that what is not among the snapshots is not there. `keys` is None where
    they could not be listed.
    """

    at: dt.datetime
    snapshots: tuple[SeenSnapshot, ...]
    is_complete: bool = True
    keys: tuple[SeenKey, ...] | None = None


class HeldContent(msgspec.Struct, frozen=True, kw_only=True):
    """What stands for the bytes of one file, and how many they are.

    `is_verified` says that they are proven now; `is_lost` that they did not come back as they
    must, so that no earlier proof counts.
    """

    digest: bytes
    bytes: int
    is_verified: bool = False
    is_lost: bool = False


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a snapshot is verified; `oldest_unverified_at` is when what waits was new.

    `new_files` hold content that was not known before.
    """

    files: int
    bytes: int
    verified_files: int
    verified_bytes: int
    oldest_unverified_at: dt.datetime | None = None
    new_files: int = 0


class BackupLedger(Protocol):
    """What every target was seen with, so that what is missing or new is noticed."""

    def known(self, target: str) -> Known:
        """Return what is known of the target; asking makes nothing."""
        ...

    def record(self, target: str, sighting: Sighting) -> None:
        """Keep what a look found: all of it or nothing.

        A snapshot that a complete look misses is gone from then on, until it is seen again.
        Counts that are known stay.
        """
        ...

    def note_counts(self, target: str, snapshot: str, *, files: int, byte_count: int) -> None:
        """Keep how much a known snapshot holds, unless that is known already."""
        ...

    def accept(self, target: str, id: str, acceptance: Acceptance) -> None:  # noqa: A002 - the word people use
        """Keep that a person accepts the snapshot or key of that whole id; the last word counts.

        Raises:
            NotFoundError: the target was never seen with it.
        """
        ...

    def cover(
        self,
        target: str,
        contents: Iterable[HeldContent],
        *,
        at: dt.datetime,
        since: dt.datetime,
    ) -> Covered:
        """Keep what the newest snapshot holds, file by file, and tell how much is verified.

        What was verified before `since` counts no more. What was not held since then is
        forgotten.
        """
        ...
