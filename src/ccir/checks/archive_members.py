"""Reads the members of an archive to their end, within bounds."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, cast

import msgspec

from ccir.checks.archive_streams import (
    Stream,
    complaints_of_reading,
    refuse_huge_directory,
    unpacked,
)
from ccir.checks.reading import CHUNK_BYTES, BadDataError, NoVerdictError, Watch

if TYPE_CHECKING:  # imported when the first zip is read
    import zipfile

_MOST_MEMBERS = 1_000_000
_MOST_BYTES_OF_SUMS = 64 << 20
_MOST_BYTES_OF_A_HEADER = 16 << 20
_RATIO_FROM_BYTES = 1 << 20
_ENCRYPTED = 0x1
_END_OF_TAR_BYTES = 1_024  # two blocks of zeros (POSIX.1-2017, pax, ustar Interchange Format)
_BOMB = "raise maximum_bytes or maximum_ratio if it may be so large"


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """How much an archive of so many packed bytes may become."""

    watch: Watch
    packed_bytes: int
    maximum_bytes: int
    maximum_ratio: int

    def check(self, unpacked_bytes: int) -> None:
        """Go on only within all bounds.

        Raises:
            NoVerdictError: it unpacks to too much, or there is no time left.
        """
        self.watch.look()
        if unpacked_bytes > self.maximum_bytes:
            detail = f"it unpacks to more than {self.maximum_bytes} bytes"
            raise NoVerdictError("too-large", detail, hint=_BOMB)
        is_bomb = unpacked_bytes > self.maximum_ratio * self.packed_bytes
        if is_bomb and unpacked_bytes > _RATIO_FROM_BYTES:
            detail = f"it unpacks to more than {self.maximum_ratio} times its size"
            raise NoVerdictError("too-large", detail, hint=_BOMB)


class Members:
    """What was read of an archive so far: counts, and with `sums` each member's digest."""

    def __init__(self, bounds: Bounds, *, sums: str | None) -> None:
        self.bounds = bounds
        self.files = 0
        self.bytes = 0
        self.digests: dict[str, str] = {}
        self.listing = b""
        self._sums = None if sums is None else str(PurePosixPath(sums))

    def read(self, name: str, content: Stream) -> None:
        """Read one member to its end."""
        self.files += 1
        if self.files > _MOST_MEMBERS:
            detail = f"it holds more than {_MOST_MEMBERS} members"
            raise NoVerdictError("too-large", detail, hint="split the archive")
        path = str(PurePosixPath(name))
        is_listing = path == self._sums
        digest = hashlib.sha256()
        while octets := content.read(CHUNK_BYTES):
            self.bytes += len(octets)
            self.bounds.check(self.bytes)
            if self._sums is not None:
                digest.update(octets)
            if is_listing and len(self.listing) <= _MOST_BYTES_OF_SUMS:
                self.listing += octets
        if self._sums is not None:
            self._note(path, digest.hexdigest())

    def _note(self, path: str, digest: str) -> None:
        """Keep the digest; a name that comes twice would hide the first one's data."""
        if path in self.digests:
            raise BadDataError("archive-damaged", "it holds two members of one name")
        self.digests[path] = digest


def read_zip(file: Path, members: Members) -> None:
    """Read a zip's members; each one's CRC is compared at its end."""
    import zipfile

    refuse_huge_directory(file)
    with complaints_of_reading(), zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if not info.is_dir():
                with _opened(archive, info) as content:
                    members.read(info.filename, content)


def read_tar(file: Path, members: Members) -> None:
    """Read a tar's regular members, and then on to the end of what it is packed with.

    `tarfile` takes a damaged header, or a file cut between members, for the archive's end:
    what follows must be zeros, and enough of them.
    """
    import tarfile

    with complaints_of_reading(), unpacked(file) as stream:
        metered = _Metered(stream, members.bounds)
        source = cast("IO[bytes]", metered)
        with tarfile.open(fileobj=source, mode="r|", bufsize=CHUNK_BYTES) as archive:
            for info in archive:
                content = archive.extractfile(info) if info.isreg() else None
                if content is not None:
                    members.read(info.name, _Reported(content, metered))
                archive.members.clear()  # type: ignore[attr-defined]  # it would keep every header
                metered.header_bytes = 0
            begin = archive.offset
        metered.drain()
    rest_bytes = metered.bytes - begin
    if rest_bytes < _END_OF_TAR_BYTES:
        raise BadDataError("archive-damaged", "it ends without the mark of a tar's end")
    if metered.zeros < rest_bytes:
        raise BadDataError("archive-damaged", "what follows its last member is damaged")


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    if info.flag_bits & _ENCRYPTED:
        hint = "judge it with a command that knows its password"
        raise NoVerdictError("encrypted", "its members are encrypted", hint=hint)
    try:
        return archive.open(info)
    except NotImplementedError as error:
        detail = "a member is packed in a way that Python cannot unpack"
        raise NoVerdictError("not-supported", detail, hint="judge it with a command") from error


class _Metered:
    """Counts and bounds what is read of a tar, headers included, and the zeros at its end."""

    def __init__(self, stream: Stream, bounds: Bounds) -> None:
        self._stream = stream
        self._bounds = bounds
        self.bytes = 0
        self.zeros = 0
        self.header_bytes = 0

    def read(self, size: int, /) -> bytes:
        octets = self._stream.read(size)
        self.bytes += len(octets)
        self.header_bytes += len(octets)
        self._bounds.check(self.bytes)
        if self.header_bytes > _MOST_BYTES_OF_A_HEADER:
            detail = "a member's header does not fit into memory"
            raise NoVerdictError("too-large", detail, hint="look at it by hand")
        kept = len(octets.rstrip(b"\0"))
        self.zeros = len(octets) - kept + (0 if kept else self.zeros)
        return octets

    def drain(self) -> None:
        """Read on to the end: a checksum may stand there."""
        while self.read(CHUNK_BYTES):
            self.header_bytes = 0


class _Reported:
    """A member's content; reading it is no reading of headers."""

    def __init__(self, content: Stream, metered: _Metered) -> None:
        self._content = content
        self._metered = metered

    def read(self, size: int, /) -> bytes:
        octets = self._content.read(size)
        self._metered.header_bytes = 0
        return octets
