"""Reads a whole snapshot as a stream and compares it, without writing any of it to disk."""

from __future__ import annotations

import tarfile
from typing import IO

import msgspec

from ccir.backup.interface import BackupTool, Outcome, Snapshot, Target
from ccir.drilling.comparing import Comparison

_BUFFER_BYTES = 1 << 16  # tarfile copies what is left of it at every read
_MOST_ENDS = 100


def stream(
    tool: BackupTool, target: Target, snapshot: Snapshot, *, comparison: Comparison
) -> Outcome:
    """Compare every regular file of the tool's tar stream with what it must be.

    A hard link is as good as the file that it names.
    """
    broken: list[str] = []

    def read(source: IO[bytes]) -> None:
        try:
            _compare(source, comparison)
        except (tarfile.TarError, EOFError) as error:
            broken.append(type(error).__name__)

    outcome = tool.dump(target, snapshot, read=read)
    if outcome.verdict == "pass" and broken:
        return msgspec.structs.replace(
            outcome,
            verdict="error",
            reason="unrecognised-output",
            detail=f"the stream is no tar archive ({broken[0]})",
            hint="run the tool by hand, and check its version",
        )
    return outcome


def _compare(source: IO[bytes], comparison: Comparison) -> None:
    bounded = _Bounded(source)
    with tarfile.open(fileobj=bounded, mode="r|", bufsize=_BUFFER_BYTES) as archive:  # type: ignore[call-overload, unused-ignore] # it only reads
        for member in archive:
            path = member.name.lstrip("/")
            if member.islnk():
                comparison.link(path, to=member.linkname.lstrip("/"))
            elif member.isreg() and (content := archive.extractfile(member)) is not None:
                comparison.note(path, member.size, source=content)
            archive.members = []  # type: ignore[attr-defined, unused-ignore] # kept by tarfile: it would grow with the snapshot


class _Bounded:
    """Lets tarfile meet the end a few times: it would look for a member of 2^90 bytes for ever."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._ends = 0

    def read(self, count: int) -> bytes:
        octets = self._source.read(count)
        self._ends += not octets
        if self._ends > _MOST_ENDS:
            raise EOFError
        return octets
