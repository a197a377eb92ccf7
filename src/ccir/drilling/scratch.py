"""The private folder that a drill restores into: made, bounded, and always removed."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from ccir.domain.outcomes import CheckResult
from ccir.errors import RefusedError, UnavailableError

PREFIX = "drill-"
PRIVATE = 0o700
_MARKER = ".ccir-drill"
_MOST_ORPHANS = 1_000


def make_scratch(root: Path) -> Path:
    """Return a new folder below `root` that only this user can enter.

    Folders that drills of dead processes left are removed first.

    Raises:
        RefusedError: the root is a link, or others may write into it.
        UnavailableError: it cannot be written.
    """
    try:
        root.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        _refuse_open(root)
        reap_orphans(root)
        folder = Path(mkdtemp(prefix=PREFIX, dir=root))
        (folder / _MARKER).write_text(_own_mark(), "ascii")
    except OSError as error:
        raise UnavailableError(
            f"the scratch folder {root} cannot be used: {error.strerror}",
            hint="name another one as scratch under [restore] in ccir.toml",
        ) from error
    restored = folder / "restored"
    restored.mkdir(PRIVATE)
    return folder


def restored_in(scratch: Path) -> Path:
    """Return where in a scratch folder the snapshot's files go."""
    return scratch / "restored"


def remove_tree(folder: Path) -> bool:
    """Remove a folder with whatever modes were restored in it, and return whether it is gone."""
    with suppress(OSError):
        for path in _folders(folder):
            path.chmod(PRIVATE)
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def reap_orphans(root: Path) -> int:
    """Remove what drills of dead processes left below the root; return how many there were."""
    orphans = [
        path
        for path, _ in zip(root.glob(f"{PREFIX}*"), range(_MOST_ORPHANS), strict=False)
        if path.is_dir() and not path.is_symlink() and _is_orphan(path)
    ]
    return sum(remove_tree(path) for path in orphans)


def judge_space(folder: Path, *, needed_bytes: float, needed_files: float) -> CheckResult | None:
    """Return what speaks against restoring so much here, or None."""
    free = os.statvfs(folder)
    free_bytes = free.f_bavail * free.f_frsize
    if needed_bytes > free_bytes:
        return _no_space(f"{needed_bytes:.0f} bytes are needed in {folder}, {free_bytes} are free")
    if free.f_files and needed_files > free.f_favail:
        return _no_space(f"{needed_files:.0f} files are needed in {folder}, {free.f_favail} fit")
    return None


def _no_space(detail: str) -> CheckResult:
    return CheckResult(
        name="space",
        verdict="error",
        reason="no-space",
        detail=detail,
        hint="free space, or name a larger folder as scratch under [restore] in ccir.toml",
    )


def _refuse_open(root: Path) -> None:
    found = root.lstat()
    if stat.S_ISLNK(found.st_mode) or not stat.S_ISDIR(found.st_mode):
        raise RefusedError(f"the scratch folder {root} is a link", hint="name the folder itself")
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise RefusedError(
            f"others may write into the scratch folder {root}", hint=f"chmod 700 {root}"
        )


def _own_mark() -> str:
    return f"{os.getpid()} {_started(os.getpid())}\n"


def _is_orphan(folder: Path) -> bool:
    try:
        number, _, started = (folder / _MARKER).read_text("ascii").strip().partition(" ")
        return _started(int(number)) != started
    except (OSError, ValueError):
        return False  # not ours, or still being made


def _started(pid: int) -> str:
    """Return when the process started, in the kernel's ticks; empty where it is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _folders(folder: Path) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        yield path
        with os.scandir(path) as entries:
            waiting += [Path(each.path) for each in entries if each.is_dir(follow_symlinks=False)]
