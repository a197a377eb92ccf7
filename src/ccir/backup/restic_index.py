"""Reads from restic's index how long blobs are.

A file of the index never changes, so what it says may be kept: ids and lengths of encrypted
data, which tell nothing of anybody. What was kept and is not as it was written is read again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import IO

import msgspec

from ccir.backup.interface import Outcome, Target, ToolKit
from ccir.backup.restic_call import LOCKLESS, Command
from ccir.backup.restic_faults import FAULTS
from ccir.backup.restic_verdict import call
from ccir.program import Stream

# What restic's encryption adds to a blob: a nonce and a check sum of 16 bytes each.
_CRYPTO_BYTES = 32
_FOLDER = "index"
_ID_BYTES = 32
_RECORD_BYTES = 36
_PRIVATE = 0o700
_LARGEST_BYTES = 1 << 30
_ID = re.compile(r"[0-9a-f]{64}")


def blob_lengths(
    kit: ToolKit, target: Target, wanted: set[bytes]
) -> tuple[Outcome, dict[bytes, int]]:
    """Return how many bytes each of the wanted blobs holds, as far as the index knows it."""
    lengths: dict[bytes, int] = {}
    if not wanted:
        return Outcome(verdict="pass"), lengths
    outcome, names = _names(kit, target)
    for name in names:
        if outcome.verdict != "pass" or len(lengths) == len(wanted):
            break
        outcome, records = _file(kit, target, name)
        lengths |= {blob: length for blob, length in _records(records) if blob in wanted}
    return outcome, lengths


def _names(kit: ToolKit, target: Target) -> tuple[Outcome, list[str]]:
    names: list[str] = []

    def hear(stream: Stream, line: str) -> None:
        if stream == "stdout" and line.strip():
            names.append(line.strip())

    listing = Command(arguments=("list", "index"), deadline_seconds=0, read=hear)
    return _called(kit, target, listing), names


def _file(kit: ToolKit, target: Target, name: str) -> tuple[Outcome, bytes]:
    """Return one file of the index as records of 32 bytes of id and 4 of length."""
    kept = None if kit.cache is None else kit.cache / _FOLDER / name
    known = None if kept is None else _recalled(kept)
    if known is not None:
        return Outcome(verdict="pass"), known
    printed: list[bytes] = []

    def read(stream: IO[bytes]) -> None:
        printed.append(stream.read(_LARGEST_BYTES))

    words = ("cat", "index", name)
    outcome = _called(kit, target, Command(arguments=words, deadline_seconds=0, reader=read))
    if outcome.verdict != "pass":
        return outcome, b""
    try:
        records = _packed(b"".join(printed))
    except (msgspec.MsgspecError, ValueError, OverflowError):
        return FAULTS.instead(outcome, "unrecognised-output"), b""
    if kept is not None:
        _keep(kept, records)
    return outcome, records


def _called(kit: ToolKit, target: Target, command: Command) -> Outcome:
    return call(
        kit,
        target,
        msgspec.structs.replace(
            command,
            arguments=(*LOCKLESS, *command.arguments),
            deadline_seconds=kit.deadlines.list_seconds,
        ),
    )


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    type: str
    length: int
    uncompressed_length: int = 0


class _Pack(msgspec.Struct, frozen=True, kw_only=True):
    blobs: tuple[_Entry, ...] = ()


class _Index(msgspec.Struct, frozen=True, kw_only=True):
    packs: tuple[_Pack, ...] = ()


def _packed(text: bytes) -> bytes:
    index = msgspec.json.decode(text, type=_Index)
    return b"".join(
        bytes.fromhex(each.id) + _length(each).to_bytes(_RECORD_BYTES - _ID_BYTES, "big")
        for pack in index.packs
        for each in pack.blobs
        if each.type == "data"
    )


def _length(entry: _Entry) -> int:
    return entry.uncompressed_length or entry.length - _CRYPTO_BYTES


def _records(octets: bytes) -> Iterator[tuple[bytes, int]]:
    for at in range(0, len(octets), _RECORD_BYTES):
        middle = at + _ID_BYTES
        yield octets[at:middle], int.from_bytes(octets[middle : at + _RECORD_BYTES], "big")


def _keep(file: Path, records: bytes) -> None:
    """Keep what was read; where that cannot be done, it is read again next time."""
    part = file.with_name(f".{file.name}.part")
    with suppress(OSError):
        file.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        part.write_bytes(sha256(records).digest() + records)
        part.replace(file)


def _recalled(file: Path) -> bytes | None:
    """Return what was kept, or None where it is gone, cut short or changed."""
    try:
        octets = file.read_bytes()
    except OSError:
        return None
    digest, records = octets[:_ID_BYTES], octets[_ID_BYTES:]
    return records if sha256(records).digest() == digest else None
