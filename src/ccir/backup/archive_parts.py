"""Chooses the part of a backup's files whose bytes are read: n/t, a percentage, or a size."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

import msgspec

from ccir.backup.archive_faults import ArchiveError

_BUCKET = re.compile(r"(\d{1,6})/(\d{1,6})")
_PERCENTAGE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)%")
_SIZE = re.compile(r"(\d{1,15})([KMGT]?)", re.IGNORECASE)
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_ALL = 100.0


class Sized(msgspec.Struct, frozen=True, kw_only=True):
    """A file that could be read: `key` names it once in the whole backup; its size in bytes."""

    key: str
    size: int


Choice = Callable[[Sequence[Sized]], list[Sized]]


def choice(subset: str) -> Choice:
    """Return what picks the named part of the files, always the same ones for the same part.

    'n/t' takes every file once in t rounds, whatever else is there. A percentage or a size
    takes files until that much is reached. No part of some files is ever nothing.

    Raises:
        ArchiveError: the text names no part.
    """
    if (found := _BUCKET.fullmatch(subset)) and 1 <= int(found[1]) <= int(found[2]):
        number, of = int(found[1]), int(found[2])
        return lambda files: _bucket(files, number, of)
    if (found := _PERCENTAGE.fullmatch(subset)) and 0 < float(found[1]) <= _ALL:
        share = float(found[1]) / _ALL
        return lambda files: _at_least(files, share * sum(file.size for file in files))
    if (found := _SIZE.fullmatch(subset)) and int(found[1]):
        wanted = int(found[1]) * _UNITS[found[2].upper()]
        return lambda files: _at_least(files, wanted)
    raise ArchiveError(
        "wrong-target",
        f"{subset!r} names no part of the data",
        hint="write 1/10 (the first of ten parts), 5% or 2G",
    )


def _bucket(files: Sequence[Sized], number: int, of: int) -> list[Sized]:
    own = [file for file in files if _rank(file) % of == number - 1]
    if own or not files:
        return own
    return [min(files, key=lambda file: (_rank(file) - number) % of)]


def _at_least(files: Sequence[Sized], wanted: float) -> list[Sized]:
    chosen: list[Sized] = []
    so_far = 0
    for file in sorted(files, key=_rank):
        if chosen and so_far >= wanted:
            break
        chosen.append(file)
        so_far += file.size
    return chosen


def _rank(file: Sized) -> int:
    octets = hashlib.sha256(file.key.encode("utf-8", "surrogateescape")).digest()
    return int.from_bytes(octets[:8], "big")
