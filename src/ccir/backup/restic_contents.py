"""Tells what every file of a snapshot must hash to, from the repository's own trees.

1. `ls` names every regular file and its size, in the order of the trees.
2. `find` is given every pack and so names, in one process and in the same order, the blobs that
   make up each file. `cat blob` would take a process for each folder: forty times as long.
3. A blob's id is the SHA-256 of its bytes, so a file of one blob needs nothing more. How long
   the blobs of the others are stands in the index.

Where the three do not agree on every file, nothing is proven, and that is said.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import IO

import msgspec

from ccir.backup.held_interface import Chunk, FileContent
from ccir.backup.interface import Outcome, Snapshot, Target, ToolKit
from ccir.backup.restic_call import LOCKLESS, Command
from ccir.backup.restic_faults import FAULTS
from ccir.backup.restic_index import blob_lengths
from ccir.backup.restic_verdict import call
from ccir.program import Stream

_BLOCK_BYTES = 1 << 20
# Quotes are escaped within JSON's strings, so this stands between two objects and nowhere else.
_BETWEEN = b'},{"'
_SHORT = 8
_ID = re.compile(r"[0-9a-f]{64}")
# The kernel takes 2 MiB of arguments and environment together.
_MOST_ARGUMENT_BYTES = 1_500_000


def contents(
    kit: ToolKit, target: Target, *, snapshot: Snapshot, take: Callable[[FileContent], None]
) -> Outcome:
    """Hand every regular file's content to `take`, and return how the asking went."""
    names = _Names()
    listed = _called(kit, target, ("--json", "ls", "--", snapshot.id), hear=names.hear)
    if listed.verdict != "pass" or names.is_strange:
        return _unless_failed(listed)
    packs: list[str] = []
    found = _called(kit, target, ("list", "packs"), hear=_lines_into(packs))
    if found.verdict != "pass":
        return found
    if not all(map(_ID.fullmatch, packs)):
        return FAULTS.instead(found, "unrecognised-output")
    given = _arguments(packs)
    if sum(map(len, given)) + len(given) > _MOST_ARGUMENT_BYTES:
        return FAULTS.instead(found, "content-unknown")
    joined = _Joined(names, take)
    words = ("--json", "find", f"--snapshot={snapshot.id}", "--pack", *given)
    walked = _called(kit, target, words, reader=joined.read)
    if walked.verdict != "pass" or not joined.is_complete():
        return _unless_failed(walked)
    return _with_lengths(kit, target, joined, outcome=walked)


class _Names:
    """The regular files that `ls` names: a digest of the path, and the size, in its order."""

    def __init__(self) -> None:
        self.digests = array("Q")
        self.sizes = array("Q")
        self.empty: list[str] = []
        self.is_strange = False
        self._decoder = msgspec.json.Decoder(_Listed)

    def hear(self, stream: Stream, line: str) -> None:
        """Take one line of `ls`."""
        if stream == "stderr" or not line:
            return
        try:
            node = self._decoder.decode(line)
        except msgspec.MsgspecError:
            self.is_strange = True
            return
        if node.type != "file":
            return
        if node.size:
            self.digests.append(_digest(node.path))
            self.sizes.append(node.size)
        else:
            self.empty.append(node.path)


class _Joined:
    """Joins the files of `find` to those of `ls`, and hands on those of one blob at once."""

    def __init__(self, names: _Names, take: Callable[[FileContent], None]) -> None:
        self.waiting: list[tuple[str, list[int], list[bytes]]] = []
        self.take = take
        self._names = names
        self._at = 0
        self._path = ""
        self._blobs: list[bytes] = []
        self._agrees = True

    def read(self, stream: IO[bytes]) -> None:
        """Read what `find` prints: one JSON list, however long."""
        try:
            for batch in _batches(stream):
                for each in batch:
                    self._add(each)
            self._end_file()
        except (msgspec.MsgspecError, ValueError):
            self._agrees = False

    def is_complete(self) -> bool:
        """Tell whether both named the same files; then hand on the empty ones."""
        if not self._agrees or self._at != len(self._names.sizes):
            return False
        for path in self._names.empty:
            self.take(FileContent(path=path.lstrip("/"), size=0, chunks=()))
        return True

    def _add(self, blob: _Blob) -> None:
        if blob.path != self._path:
            self._end_file()
            self._path = blob.path
        self._blobs.append(bytes.fromhex(blob.id))

    def _end_file(self) -> None:
        if not self._blobs:
            return
        blobs, self._blobs = self._blobs, []
        sizes = self._sizes(_digest(self._path))
        if not sizes:
            self._agrees = False
        elif len(blobs) > 1:
            self.waiting.append((self._path, sizes, blobs))
        else:
            self.take(content_of(self._path, [(sizes[0], blobs[0])]))

    def _sizes(self, digest: int) -> list[int]:
        """Return the sizes of the files that come next: several where names look alike.

        Of names that are no UTF-8 restic shows the bytes as replacement characters.
        """
        first, names = self._at, self._names
        while self._at < len(names.sizes) and names.digests[self._at] == digest:
            self._at += 1
        return names.sizes[first : self._at].tolist()


def content_of(path: str, chunks: Iterable[tuple[int, bytes]]) -> FileContent:
    """Return the content of a file as it is restored, from the lengths and ids of its blobs."""
    parts = tuple(Chunk(length=length, sha256=blob) for length, blob in chunks)
    return FileContent(path=path.lstrip("/"), size=sum(each.length for each in parts), chunks=parts)


class _Listed(msgspec.Struct, frozen=True, kw_only=True):
    type: str = ""
    path: str = ""
    size: int = 0


class _Blob(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    path: str


def _with_lengths(kit: ToolKit, target: Target, joined: _Joined, *, outcome: Outcome) -> Outcome:
    """Hand on the files of several blobs, once the index has told how long each blob is."""
    wanted = {blob for _path, _size, blobs in joined.waiting for blob in blobs}
    read, lengths = blob_lengths(kit, target, wanted)
    if read.verdict != "pass":
        return read
    for path, sizes, blobs in joined.waiting:
        files = _cut([(lengths.get(blob, 0), blob) for blob in blobs], sizes)
        if files is None:
            return FAULTS.instead(outcome, "content-unknown")
        for chunks in files:
            joined.take(content_of(path, chunks))
    return outcome


def _cut(chunks: list[tuple[int, bytes]], sizes: list[int]) -> list[list[tuple[int, bytes]]] | None:
    """Return the chunks of each file, or None where they do not come to these sizes."""
    files: list[list[tuple[int, bytes]]] = []
    at = 0
    for size in sizes:
        first, held = at, 0
        while held < size and at < len(chunks):
            held += chunks[at][0]
            at += 1
        if held != size:
            return None
        files.append(chunks[first:at])
    return files if at == len(chunks) else None


def _called(
    kit: ToolKit,
    target: Target,
    words: tuple[str, ...],
    *,
    hear: Callable[[Stream, str], object] = lambda _stream, _line: None,
    reader: Callable[[IO[bytes]], None] | None = None,
) -> Outcome:
    command = Command(
        arguments=(*LOCKLESS, *words),
        deadline_seconds=kit.deadlines.list_seconds,
        read=hear,
        reader=reader,
    )
    return call(kit, target, command)


def _unless_failed(outcome: Outcome) -> Outcome:
    return outcome if outcome.verdict != "pass" else FAULTS.instead(outcome, "content-unknown")


def _lines_into(found: list[str]) -> Callable[[Stream, str], None]:
    def hear(stream: Stream, line: str) -> None:
        if stream == "stdout" and line.strip():
            found.append(line.strip())

    return hear


def _arguments(packs: list[str]) -> list[str]:
    """Return each pack's id, shortened as restic shortens it where no other begins alike."""
    seen: dict[str, int] = {}
    for pack in packs:
        seen[pack[:_SHORT]] = seen.get(pack[:_SHORT], 0) + 1
    return [pack[:_SHORT] if seen[pack[:_SHORT]] == 1 else pack for pack in packs]


def _batches(stream: IO[bytes]) -> Iterable[list[_Blob]]:
    decoder = msgspec.json.Decoder(list[_Blob])
    rest = b""
    while block := stream.read(_BLOCK_BYTES):
        rest += block
        whole, between, left = rest.rpartition(_BETWEEN)
        if between:
            yield decoder.decode(whole + b"}]")
            rest = b'[{"' + left
    yield decoder.decode(rest)


def _digest(path: str) -> int:
    octets = blake2b(path.encode("utf-8", errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(octets, "big")
