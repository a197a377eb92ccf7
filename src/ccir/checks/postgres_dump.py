"""Reads PostgreSQL's dumps: which kind one is, whether it is complete, and what to leave out."""

from __future__ import annotations

import gzip
import re
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, cast

from ccir.checks.reading import CHUNK_BYTES, BadDataError, NoVerdictError, Watch

Kind = Literal["custom", "plain"]
_GZIP = b"\x1f\x8b"
_CUSTOM = b"PGDMP"
_TAR = b"toc.dat\0"
_HEAD_BYTES = 16
# pg_backup_archiver.h: the eleventh byte tells the format; 3 is tar, 5 a folder.
_FORMAT_AT = 10
_OTHER_FORMATS = frozenset({3, 5})
_LINE_BYTES = 1 << 20
_LINES_BETWEEN_LOOKS = 10_000
_COMPLETE = b"-- PostgreSQL database dump complete"
_COPY = re.compile(rb"COPY .* FROM stdin;\r?\n")
_END_OF_COPY = re.compile(rb"\\\.\r?\n")
_SAYS_NOTHING = re.compile(rb"(--.*|\\unrestrict .*|\s*)")
# Owners, rights, databases, table spaces and connections of the machine that the dump came from,
# each on a line of its own. `\restrict` is given anew with a key that the dump does not know.
_LEFT_OUT = re.compile(
    rb"(\\(un)?restrict |\\connect |SET SESSION AUTHORIZATION |GRANT |REVOKE |DROP "
    rb"|(CREATE|ALTER|COMMENT ON) (DATABASE|PUBLICATION|SUBSCRIPTION|TABLESPACE) "
    rb"|CREATE SCHEMA public;|SET default_tablespace = "
    rb"|UPDATE pg_catalog\.pg_database |ALTER DEFAULT PRIVILEGES "
    rb"|ALTER [^;]* OWNER TO |ALTER TABLE [^;]* DROP CONSTRAINT ).*"
)


def is_gzip(dump: Path) -> bool:
    """Tell whether gzip packed it."""
    with dump.open("rb") as file:
        return file.read(len(_GZIP)) == _GZIP


@contextmanager
def _opened(dump: Path) -> Iterator[BinaryIO]:
    """Open a dump, unpacked if gzip packed it; damage of that packing is bad data."""
    is_packed = is_gzip(dump)
    with dump.open("rb") as file:
        try:
            yield cast("BinaryIO", gzip.GzipFile(fileobj=file)) if is_packed else file
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise BadDataError("dump-damaged", "its gzip data is cut or damaged") from error


def kind_of(dump: Path) -> Kind:
    """Return which kind of dump it is; what is no dump at all counts as an incomplete plain one.

    Raises:
        BadDataError: it is empty.
        NoVerdictError: it is a part of a dump in several files, or a tar.
    """
    with _opened(dump) as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise BadDataError("empty-file", "it is empty")
    if _is_of_another_kind(head):
        hint = "make it with `pg_dump -Fc`"
        raise NoVerdictError("not-supported", "it is a dump in several files or a tar", hint=hint)
    return "custom" if head.startswith(_CUSTOM) else "plain"


def write_custom(dump: Path, script: Path, watch: Watch) -> None:
    """Write the dump, unpacked, to a new file; pg_restore reads no gzip of its own accord."""
    with _opened(dump) as source, script.open("xb") as target:
        while octets := source.read(CHUNK_BYTES):
            watch.look()
            target.write(octets)


def write_plain(dump: Path, script: Path, *, key: str, watch: Watch) -> None:
    """Write the dump to a new file as psql shall read it: restricted, and without owners.

    Raises:
        BadDataError: it does not say at its end that it is complete.
    """
    with _opened(dump) as source, script.open("xb") as target:
        target.write(b"\\restrict %s\n" % key.encode("ascii"))
        if not _copied(source, target, watch):
            detail = "it does not end as a complete dump does, so it was cut"
            raise BadDataError("dump-incomplete", detail)


def room_for(dump: Path, folder: Path, *, factor: int) -> None:
    """Go on only if the folder has room for the dump times the factor.

    Raises:
        NoVerdictError: it has not.
    """
    needed, free = dump.stat().st_size * factor, shutil.disk_usage(folder).free
    if needed > free:
        detail = f"{needed} bytes may be needed, {free} are free"
        raise NoVerdictError("no-space", detail, hint="free space, or name a larger folder")


def _is_of_another_kind(head: bytes) -> bool:
    if head.startswith(_CUSTOM):
        return bool(_OTHER_FORMATS.intersection(head[_FORMAT_AT : _FORMAT_AT + 1]))
    return head.startswith(_TAR)


def _copied(source: BinaryIO, target: BinaryIO, watch: Watch) -> bool:
    """Copy the dump's lines, and return whether its last words are that it is complete.

    Rows are copied as they are: only outside of them a line has a meaning.
    """
    is_complete = is_in_rows = False
    for number, line in enumerate(_lines(source)):
        if number % _LINES_BETWEEN_LOOKS == 0:
            watch.look()
        if is_in_rows:
            is_in_rows = not _END_OF_COPY.fullmatch(line)
        else:
            is_in_rows = _COPY.fullmatch(line) is not None
            is_last = line.startswith(_COMPLETE) or _SAYS_NOTHING.fullmatch(line.strip())
            is_complete = bool(is_last) and (is_complete or line.startswith(_COMPLETE))
            line = b"\n" if _LEFT_OUT.match(line) else line  # noqa: PLW2901 - the line as psql sees it
        target.write(line)
    return is_complete


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Yield the lines; a longer one comes in parts, of which only the last ends it."""
    while line := source.readline(_LINE_BYTES):
        yield line
