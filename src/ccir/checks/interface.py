"""What every check of restored data is given and what it answers."""

from __future__ import annotations

import datetime as dt
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeVar

import msgspec

from ccir.clock import Clock
from ccir.domain.outcomes import CheckResult

_MOST_MATCHES = 1_000


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """How many regular files there are and the sum of their sizes in bytes.

    A file with several names counts once a name; links and devices do not count.
    """

    files: int
    bytes: int


class CheckKit(msgspec.Struct, frozen=True, kw_only=True):
    """What a check works with.

    `environment` is the parent's. `expected` is what the snapshot holds, None if that is not
    known; `found` is what the restore left, counted before any check ran. Of a sample, `whole` is
    what the whole snapshot holds. Copies that a check
    needs go to `scratch`, outside the restored folder. `taken_at` is when the snapshot of the
    `target` was made; the target's manifests lie in the folder `manifests`.
    """

    clock: Clock
    environment: Mapping[str, str]
    found: Tree
    expected: Tree | None = None
    whole: Tree | None = None
    scratch: Path | None = None
    target: str = ""
    taken_at: dt.datetime | None = None
    manifests: Path | None = None
    deadline_seconds: float = 3_600.0
    is_cancelled: Callable[[], bool] = lambda: False


ArgumentsT_contra = TypeVar("ArgumentsT_contra", bound=msgspec.Struct, contravariant=True)


class Check(Protocol[ArgumentsT_contra]):
    """Judges one thing about the restored folder.

    A check asserts something or answers `error`: asserting nothing proves nothing.
    """

    @property
    def arguments(self) -> type[msgspec.Struct]:
        """The frozen struct that a drill's `with` is turned into."""
        ...

    def run(self, folder: Path, arguments: ArgumentsT_contra, kit: CheckKit) -> CheckResult:
        """Judge the folder; what is wrong with it is a result, never an exception."""
        ...


def measure(folder: Path) -> Tree:
    """Count the regular files below the folder, without following links."""
    files = size = 0
    for entry in _entries(folder):
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISREG(status.st_mode):
            files += 1
            size += status.st_size
    return Tree(files=files, bytes=size)


def regular_files(folder: Path) -> Iterator[Path]:
    """Yield every regular file below the folder, without following links."""
    for entry in _entries(folder):
        if entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def find_inside(folder: Path, pattern: str) -> tuple[Path, ...]:
    """Return the regular files below the folder that a relative path or glob names.

    At most 1 000. Links that lead out of the folder are passed over. An empty result means
    that nothing is there, that the pattern itself leads out, or that it is none.
    """
    if not is_inside(pattern):
        return ()
    root = folder.resolve()
    try:
        found = (path for path in _matches(folder, pattern) if _stays(path, root))
        return tuple(sorted(islice(found, _MOST_MATCHES)))
    except (OSError, ValueError):  # too long a name; '**' as a part of one
        return ()


def is_inside(pattern: str) -> bool:
    """Tell whether a path or glob, as it is written, stays within the folder."""
    path = PurePosixPath(pattern)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _matches(folder: Path, pattern: str) -> Iterator[Path]:
    exact = folder / pattern
    return iter((exact,)) if exact.is_file() else folder.glob(pattern)


def _stays(path: Path, root: Path) -> bool:
    real = path.resolve()
    return real.is_file() and real.is_relative_to(root)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    waiting = [os.fspath(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    yield entry
