"""Finds a manifest's files among those that were restored, and compares their digests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec

from ccir.checks.interface import regular_files
from ccir.checks.reading import CHUNK_BYTES, Watch


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """How many listed files are alike, differ or are missing; `extra` are not listed."""

    alike: int
    changed: int
    missing: int
    extra: int


def compare(folder: Path, digests: Mapping[str, str], watch: Watch) -> Compared:
    """Compare each listed file with the restored one; links are not followed.

    Raises:
        NoVerdictError: it took too long, or was cancelled.
        OSError: a restored file cannot be read.
    """
    restored = {str(path.relative_to(folder)) for path in regular_files(folder)}
    stripped = leading(digests, restored)
    listed = {_without(path, stripped): digest for path, digest in digests.items()}
    present = sorted(listed.keys() & restored)
    alike = sum(_digest(folder / path, watch) == listed[path] for path in present)
    return Compared(
        alike=alike,
        changed=len(present) - alike,
        missing=len(listed) - len(present),
        extra=len(restored) - len(present),
    )


def leading(listed: Collection[str], restored: Collection[str]) -> int:
    """Return how many leading folders of the listed paths the restored ones do not have.

    A tool that was given a relative path stores `crm/a`, not `srv/crm/a`. Only folders that
    all listed paths share can be missing. The fewest with which any listed file is found are
    taken; none where no listed file is found at all.
    """
    common = os.path.commonpath([os.path.dirname(path) for path in listed])  # noqa: PTH120 - names only
    for count in range(len(common.split("/")) + 1 if common else 1):
        if any(_without(path, count) in restored for path in listed):
            return count
    return 0


def _without(path: str, count: int) -> str:
    return path.split("/", count)[count]


def _digest(file: Path, watch: Watch) -> str:
    digest = hashlib.sha256()
    with file.open("rb", buffering=0) as opened:
        while octets := opened.read(CHUNK_BYTES):
            watch.look()
            digest.update(octets)
    return digest.hexdigest()
