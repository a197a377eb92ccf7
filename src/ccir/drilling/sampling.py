"""Which files a sample holds: one bucket of many, and what must be in every sample.

1. A file's bucket is the SHA-256 of its path modulo the number of buckets: it stays there.
2. So as many samples as there are buckets hold every file exactly: no part is left to chance.
3. Every sample also holds the largest file, the canary, and the files that the checks name.
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import PurePosixPath

from ccir.backup.held_interface import FileContent
from ccir.domain.canary import FILE_NAME
from ccir.domain.drills import Bucket, CheckPlan

MOST_FILES = 20_000
_WORD_BYTES = 8
_ANY_FOLDERS = "**"
# A database is opened with its log beside it, or is not what it was.
_BESIDE = ("", "-wal", "-journal")


class Sample:
    """Hears of every file of a snapshot and passes on those of the sample."""

    def __init__(
        self, bucket: Bucket, plans: tuple[CheckPlan, ...], take: Callable[[FileContent], None]
    ) -> None:
        self.paths: list[str] = []
        self._bucket = bucket
        self._patterns = [(each, each.split("/")) for each in map(_plain, _patterns(plans))]
        self._take = take
        self._largest: FileContent | None = None

    def hear(self, content: FileContent) -> None:
        """Hear of one file."""
        if self._is_chosen(content.path):
            self._choose(content)
        elif self._largest is None or content.size > self._largest.size:
            self._largest = content

    def end(self) -> None:
        """Add the largest file that was not chosen."""
        if self._largest is not None:
            self._choose(self._largest)

    def _choose(self, content: FileContent) -> None:
        self.paths.append(content.path)
        self._take(content)

    def _is_chosen(self, path: str) -> bool:
        if bucket_of(path, of=self._bucket.of) == self._bucket.number:
            return True
        name = path.rpartition("/")[2]
        return any(
            path == pattern or (fnmatchcase(name, words[-1]) and _fits(path.split("/"), words))
            for pattern, words in self._patterns
        )


def bucket_of(path: str, *, of: int) -> int:
    """Return the bucket that a path is in, the first being 0."""
    octets = sha256(path.encode("utf-8", errors="surrogatepass")).digest()
    return int.from_bytes(octets[:_WORD_BYTES], "big") % of


def _patterns(plans: tuple[CheckPlan, ...]) -> list[str]:
    """Return what the checks name, and what belongs to it."""
    given = [plan.arguments.get("path") for plan in plans]
    named = [each for each in given if isinstance(each, str)]
    return [f"**/{FILE_NAME}", *(each + more for each in named for more in _BESIDE)]


def _plain(pattern: str) -> str:
    return str(PurePosixPath(pattern))


def _fits(parts: list[str], words: list[str]) -> bool:
    """Tell whether a path is one that the glob names, as checks look for it."""
    if not words or not parts:
        return not words and not parts
    if words[0] == _ANY_FOLDERS:
        return any(_fits(parts[at:], words[1:]) for at in range(len(parts)))
    return fnmatchcase(parts[0], words[0]) and _fits(parts[1:], words[1:])
