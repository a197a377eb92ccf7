"""Opens what an archive is packed with, so that a cut or a changed bit is noticed."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from ccir.checks.reading import BadDataError, NoVerdictError

_XZ_MEMORY_BYTES = 256 << 20
_DIRECTORY_BYTES = 256 << 20
_PACKED_CHUNK_BYTES = 1 << 16
_GZIP, _BZIP2, _XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ZIP_TAIL_BYTES = 65_536 + 22 + 20 + 56
_IN_ZIP64 = 0xFFFFFFFF


class Stream(Protocol):
    """What is read from front to end."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes; none at the end."""
        ...


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, octets: bytes, max_length: int) -> bytes: ...


def is_zip(file: Path) -> bool:
    """Tell whether the file begins as a zip does."""
    return _head(file).startswith(_ZIP)


@contextmanager
def unpacked(file: Path) -> Iterator[Stream]:
    """Open the file, unpacked if gzip, bzip2 or xz packed it."""
    head = _head(file)
    with file.open("rb") as opened:
        if head.startswith(_GZIP):
            import gzip

            yield cast("Stream", gzip.GzipFile(fileobj=opened))
        elif head.startswith((_BZIP2, _XZ)):
            yield _Unpacked(opened, head)
        else:
            yield opened


@contextmanager
def complaints_of_reading() -> Iterator[None]:
    """Turn what the libraries say about a damaged archive into a verdict."""
    import lzma
    import tarfile
    import zipfile
    import zlib

    try:
        yield
    except lzma.LZMAError as error:
        if "emory" in str(error):
            raise NoVerdictError("too-large", str(error), hint="look at it by hand") from error
        raise _damaged(error) from error
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _damaged(error) from error
    except OSError as error:  # gzip and bz2 say so without a number that the system gave
        if error.errno is not None:
            raise
        raise _damaged(error) from error


def refuse_huge_directory(file: Path) -> None:
    """Refuse a zip whose table of contents would not fit into memory.

    Raises:
        NoVerdictError: it is larger than 256 MiB.
    """
    if _directory_bytes(file) > _DIRECTORY_BYTES:
        detail = "its table of contents does not fit into memory"
        raise NoVerdictError("too-large", detail, hint="look at it by hand")


def _directory_bytes(file: Path) -> int:
    """Return what the record at the zip's end says (APPNOTE 4.3.14 and 4.3.16); 0 without one."""
    with file.open("rb") as opened:
        opened.seek(max(file.stat().st_size - _ZIP_TAIL_BYTES, 0))
        tail = opened.read(_ZIP_TAIL_BYTES)
    size = _number(tail, b"PK\x05\x06", at=12, form="<I")
    return size if size != _IN_ZIP64 else _number(tail, b"PK\x06\x06", at=40, form="<Q")


def _number(tail: bytes, magic: bytes, *, at: int, form: str) -> int:
    begin = tail.rfind(magic)
    octets = tail[begin + at : begin + at + struct.calcsize(form)]
    if begin < 0 or len(octets) < struct.calcsize(form):
        return 0
    return int(struct.unpack(form, octets)[0])


class _Unpacked:
    """Unpacks bzip2 or xz, also of several streams in a row, in bounded memory."""

    def __init__(self, packed: BinaryIO, head: bytes) -> None:
        self._packed = packed
        self._is_xz = head.startswith(_XZ)
        self._decompressor = self._new()
        self._has_ended = False

    def read(self, size: int, /) -> bytes:
        octets = b""
        while not octets and not self._has_ended:
            octets = self._decompressor.decompress(self._needed(), max_length=size)
            if self._decompressor.eof:
                self._go_on()
        return octets

    def _needed(self) -> bytes:
        if not self._decompressor.needs_input:
            return b""
        octets = self._packed.read(_PACKED_CHUNK_BYTES)
        if not octets:
            raise EOFError("it ended before the end of its compressed data")
        return octets

    def _go_on(self) -> None:
        """Begin the next stream, if there is one; zeros between streams are padding."""
        rest = self._decompressor.unused_data.lstrip(b"\0")
        rest = rest or self._packed.read(_PACKED_CHUNK_BYTES).lstrip(b"\0")
        self._packed.seek(-len(rest), 1)
        self._has_ended = not rest
        self._decompressor = self._new()

    def _new(self) -> _Decompressor:
        import bz2
        import lzma

        if self._is_xz:
            return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)
        return bz2.BZ2Decompressor()


def _damaged(error: Exception) -> BadDataError:
    """Say what is wrong without a member's name, which a library's message may hold."""
    return BadDataError("archive-damaged", f"it is damaged ({type(error).__name__})")


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(len(_XZ))
