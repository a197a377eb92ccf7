"""Reads what restic prints for programs: snapshots, files, progress, its version."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import msgspec

from ccir.backup.interface import Progress, Snapshot, Target
from ccir.program import Stream

_VERSION = re.compile(r"^restic (\d+)\.(\d+)\.(\d+)")
_ID = re.compile(r"[0-9a-f]{8,64}")


class Lines:
    """Keeps what restic prints for programs as one text."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def hear(self, stream: Stream, line: str) -> None:
        """Take one line."""
        if stream == "stdout":
            self._lines.append(line)

    def text(self) -> str:
        """Return the text."""
        return "".join(self._lines)


class Counter:
    """Counts the regular files that `restic ls --json` names, and adds up their sizes."""

    def __init__(self) -> None:
        self.files = 0
        self.bytes = 0
        self.strange_lines = 0
        self._decoder = msgspec.json.Decoder(_Node)

    def hear(self, stream: Stream, line: str) -> None:
        """Take one line."""
        if stream == "stderr" or not line:
            return
        try:
            node = self._decoder.decode(line)
        except msgspec.MsgspecError:
            self.strange_lines += 1
            return
        if node.type == "file":
            self.files += 1
            self.bytes += node.size


class Meter:
    """Passes on how far a restore is, where restic tells (from 0.16 on)."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._decoder = msgspec.json.Decoder(_Status)

    def hear(self, stream: Stream, line: str) -> None:
        """Take one line."""
        if stream == "stderr" or not line.startswith("{"):
            return
        try:
            status = self._decoder.decode(line)
        except msgspec.MsgspecError:
            return
        if status.message_type == "status":
            self._progress(status.bytes_restored, status.total_bytes)


def parse_version(text: str) -> tuple[int, int, int] | None:
    """Return the version that `restic version` prints, or None if it prints something else."""
    found = _VERSION.match(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def parse_snapshots(text: str) -> tuple[Snapshot, ...] | None:
    """Return the snapshots of `restic snapshots --json`, oldest first, or None for garbage."""
    try:
        records = msgspec.json.decode(text, type=list[_Record] | None) or []
    except msgspec.MsgspecError:
        return None
    if not all(_ID.fullmatch(record.id) and record.time.tzinfo for record in records):
        return None
    return tuple(sorted(map(_snapshot, records), key=lambda each: (each.taken_at, each.id)))


def belonging_to(target: Target, snapshots: Iterable[Snapshot]) -> tuple[Snapshot, ...]:
    """Return those of any of the target's hosts, with all of its tags and all of its paths."""
    return tuple(snapshot for snapshot in snapshots if _belongs(target, snapshot))


def _belongs(target: Target, snapshot: Snapshot) -> bool:
    return (
        (not target.hosts or snapshot.host in target.hosts)
        and set(target.tags) <= set(snapshot.tags)
        and set(target.paths) <= set(snapshot.paths)
    )


class _Summary(msgspec.Struct, frozen=True, kw_only=True):
    total_files_processed: int | None = None
    total_bytes_processed: int | None = None


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    time: dt.datetime
    id: str
    hostname: str = ""
    username: str = ""
    paths: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    summary: _Summary | None = None


class _Node(msgspec.Struct, frozen=True, kw_only=True):
    type: str = ""
    size: int = 0


class _Status(msgspec.Struct, frozen=True, kw_only=True):
    message_type: str = ""
    bytes_restored: int = 0
    total_bytes: int | None = None


def _snapshot(record: _Record) -> Snapshot:
    summary = record.summary or _Summary()
    return Snapshot(
        id=record.id,
        taken_at=record.time.astimezone(dt.UTC),
        host=record.hostname,
        user=record.username,
        paths=record.paths or (),
        tags=record.tags or (),
        file_count=summary.total_files_processed,
        byte_count=summary.total_bytes_processed,
    )
