"""Judges a file by its first hundred bytes, so that SQLite never opens what is not ours.

The layout is SQLite's documented file format, https://www.sqlite.org/fileformat2.html.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from ccir.errors import NotFoundError, StoreDamagedError, UnavailableError
from ccir.store.sqlite_schema import Schema

HEADER_BYTES = 100
MAGIC = b"SQLite format 3\x00"
WAL_FORMAT = 2
LARGEST_PAGE = 65_536
_RESTORE = "change nothing, copy the file, and bring it back from a backup"


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What the header of a SQLite file says about it."""

    is_wal: bool
    page_bytes: int
    pages: int
    user_version: int
    application_id: int


def check_file(path: Path, schema: Schema) -> Header:
    """Return the file's header if the file is ours and whole; only read it.

    Raises:
        NotFoundError: there is no file.
        StoreDamagedError: it is foreign, newer than this ccir, cut short, or no database.
        UnavailableError: it may not be read.
    """
    octets = _first_bytes(path)
    if not octets.startswith(MAGIC) or len(octets) < HEADER_BYTES:
        raise StoreDamagedError(f"{path} is no SQLite database", hint=_RESTORE)
    header = _header(octets)
    if header.application_id != schema.application_id:
        raise StoreDamagedError(
            f"{path} belongs to another program",
            hint="move it away; `ccir init` then makes a new one",
        )
    refuse_newer(path, header.user_version, schema)
    if _is_cut_short(path, header):
        raise StoreDamagedError(f"{path} is cut short", hint=_RESTORE)
    return header


def refuse_newer(path: Path, version: int, schema: Schema) -> None:
    """Let a file pass that this program can read.

    Raises:
        StoreDamagedError: a newer ccir wrote it.
    """
    if version > schema.version:
        raise StoreDamagedError(
            f"{path} has format {version}; this ccir knows up to {schema.version}",
            hint="use the newer ccir that wrote it",
        )


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEADER_BYTES)
    except FileNotFoundError:
        raise NotFoundError(f"there is no {path}", hint="run `ccir init`") from None
    except OSError as error:
        raise UnavailableError(
            f"{path} cannot be read: {error.strerror}", hint="check the file's mode and owner"
        ) from error


def _header(octets: bytes) -> Header:
    page_bytes = _number(octets, 16, 2)
    return Header(
        is_wal=WAL_FORMAT in octets[18:20],
        page_bytes=LARGEST_PAGE if page_bytes == 1 else page_bytes,
        pages=_number(octets, 28, 4),
        user_version=_number(octets, 60, 4),
        application_id=_number(octets, 68, 4),
    )


def _number(octets: bytes, start: int, length: int) -> int:
    return int.from_bytes(octets[start : start + length], "big")


def _is_cut_short(path: Path, header: Header) -> bool:
    # A process killed while it copied the journal back leaves a short file beside the
    # journal that completes it: that file is for SQLite to repair.
    if any(_has_bytes(path.with_name(path.name + ending)) for ending in ("-wal", "-journal")):
        return False
    return path.stat().st_size < header.page_bytes * header.pages


def _has_bytes(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:  # also one that another process has just removed
        return False
