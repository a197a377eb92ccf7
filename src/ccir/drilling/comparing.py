"""Compares what came back, byte for byte, with what the repository's own trees say.

1. Each file is cut as its chunks are, each chunk is hashed, and each hash is compared.
2. A file that is not listed is unexpected; a file that is listed and did not come is missing.
3. All files listed, all hashes equal: only that is a proof.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Literal, Protocol

from ccir.domain.drills import Proven
from ccir.domain.outcomes import CheckResult
from ccir.drilling.expected import Entry, Expected
from ccir.drilling.failures import error_result

NAME = "content-proof"
_PIECE_BYTES = 1 << 20
_BATCH = 256
_HINT = "do not rely on this snapshot; restore an older one, and look into the repository"


# The files that it may be: several only where their names look alike and their bytes are alike.
Judged = tuple[Entry, ...] | Literal["wrong", "unlisted"]


class Source(Protocol):
    """Anything that bytes are read from."""

    def read(self, count: int, /) -> bytes:
        """Return up to that many bytes; nothing at the end."""
        ...


class Comparison:
    """What was found so far of the files that must be there."""

    def __init__(self, expected: Expected) -> None:
        self.expected = expected
        self.proven_files = 0
        self.proven_bytes = 0
        self.wrong = 0
        self.unexpected = 0
        self.files = 0
        self.bytes = 0
        self.is_complete = True
        self._met = bytearray(expected.files)

    def note(self, path: str, size: int, *, source: Source) -> None:
        """Read one file that came back and keep what was found."""
        self.keep(size, self.judge(path, size, source=source))

    def link(self, path: str, *, to: str) -> None:
        """Keep a file that came back as another name of one that came before it."""
        named = [each for each in self.expected.at(to) if self._met[each.number]]
        whole = (
            [each for each in self.expected.at(path) if each.chunks == named[0].chunks]
            if named
            else []
        )
        self.keep(whole[0].size if whole else 0, tuple(whole) or "wrong")

    def judge(self, path: str, size: int, *, source: Source) -> Judged:
        """Return the file that it is, if it is one; keeps nothing, so threads may share it."""
        found = self.expected.at(path)
        if not found:
            return "unlisted"
        return same_as([each for each in found if each.size == size], source) or "wrong"

    def keep(self, size: int, found: Judged) -> None:
        """Keep what a file was judged to be."""
        self.files += 1
        self.bytes += size
        if found == "unlisted":
            self.unexpected += 1
        elif found == "wrong":
            self.wrong += 1
        else:
            self._keep_proven(found)

    def proven(self) -> Proven:
        """Return how much is what it must be."""
        return Proven(files=self.proven_files, bytes=self.proven_bytes)

    def has_met(self, entry: Entry) -> bool:
        """Tell whether this file is proven."""
        return bool(self._met[entry.number])

    def met(self) -> Iterator[Entry]:
        """Yield the files that are proven."""
        return (entry for entry in self.expected if self._met[entry.number])

    def missed(self) -> Iterator[Entry]:
        """Yield the files that did not come back as they must; none where that is not known."""
        entries = self.expected if self.is_complete else ()
        return (entry for entry in entries if not self._met[entry.number])

    def result(self) -> CheckResult:
        """Return what the comparison proves."""
        files, size = self.expected.files, self.expected.bytes
        if not size:
            detail = "there is no file whose content could be compared"
            return error_result(NAME, "proved-nothing", detail, hint="look at the snapshot by hand")
        reason = self._reason()
        if not reason:
            detail = f"{files} files, {size} bytes are what the backup says they are"
            return CheckResult(name=NAME, verdict="pass", detail=detail)
        detail = (
            f"of {files} files {self.wrong} are wrong and {self._missing()} are missing;"
            f" {self.unexpected} came back that are not listed"
        )
        return CheckResult(name=NAME, verdict="fail", reason=reason, detail=detail, hint=_HINT)

    def _missing(self) -> int:
        return max(0, self.expected.files - self.proven_files - self.wrong)

    def _reason(self) -> str:
        if self.wrong:
            return "content-differs"
        if self._missing():
            return "content-missing"
        return "content-unexpected" if self.unexpected else ""

    def _keep_proven(self, found: tuple[Entry, ...]) -> None:
        entry = next((each for each in found if not self._met[each.number]), None)
        if entry is None:
            self.unexpected += 1  # the same path came twice
            return
        self._met[entry.number] = 1
        self.proven_files += 1
        self.proven_bytes += entry.size


def same_as(entries: list[Entry], source: Source) -> tuple[Entry, ...]:
    """Return those of the entries whose chunks the source holds, and nothing else.

    It is held in memory where there are several: names that are no UTF-8 look alike.
    """
    if len(entries) > 1:
        octets = b"".join(iter(lambda: source.read(_PIECE_BYTES), b""))
        return tuple(each for each in entries if is_same(each, BytesIO(octets)))
    return tuple(each for each in entries if is_same(each, source))


def is_same(entry: Entry, source: Source) -> bool:
    """Tell whether the source holds the entry's chunks and nothing else."""
    for chunk in entry.chunks:
        hashed, left = sha256(), chunk.length
        while left:
            piece = source.read(min(left, _PIECE_BYTES))
            if not piece:
                return False
            hashed.update(piece)
            left -= len(piece)
        if hashed.digest() != chunk.sha256:
            return False
    return not source.read(1)


def compare_folder(
    folder: Path, comparison: Comparison, *, is_cancelled: Callable[[], bool]
) -> None:
    """Compare every regular file below the folder; what cannot be read is wrong."""
    comparison.is_complete = _is_compared(os.fspath(folder), comparison, is_cancelled)


def _is_compared(root: str, comparison: Comparison, is_cancelled: Callable[[], bool]) -> bool:
    """Compare the files, and return whether it came to its end."""

    def judged(path: str) -> tuple[int, Judged]:
        return _judged(path, comparison, below=len(root) + 1)

    paths = _regular_files(root)
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        while batch := list(islice(paths, _BATCH)):
            if is_cancelled():
                return False
            for size, found in pool.map(judged, batch):
                comparison.keep(size, found)
                if is_cancelled():  # what is not begun of the batch is given up
                    return False
    return True


def _judged(path: str, comparison: Comparison, *, below: int) -> tuple[int, Judged]:
    try:
        with open(path, "rb", buffering=0) as source:  # noqa: PTH123 - a Path a file costs as much as a hash
            size = os.fstat(source.fileno()).st_size
            return size, comparison.judge(path[below:], size, source=source)
    except OSError:
        return 0, "wrong"


def _regular_files(root: str) -> Iterator[str]:
    waiting = [root]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
                    yield entry.path
