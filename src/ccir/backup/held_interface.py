"""What a repository holds besides snapshots: what files must be, keys and locks."""

from __future__ import annotations

import datetime as dt

import msgspec


class Chunk(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a file: how many bytes, and their SHA-256."""

    length: int
    sha256: bytes


class FileContent(msgspec.Struct, frozen=True, kw_only=True):
    """What a regular file of a snapshot must be: its chunks in order; none where it is empty.

    `path` is where it is restored, without a leading '/'.
    """

    path: str
    size: int
    chunks: tuple[Chunk, ...]


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One key that opens the repository; `label` says who made it on which host."""

    id: str
    label: str = ""
    created_at: dt.datetime | None = None


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """One lock that stands in the repository; `held_at` is when its holder renewed it last.

    One that is not `renewed` is as old as the work that it guards.
    """

    label: str
    held_at: dt.datetime
    exclusive: bool = False
    renewed: bool = True
