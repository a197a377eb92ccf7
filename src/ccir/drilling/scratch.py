"""The private folder that a drill restores into: made, bounded, and always removed."""

from __future__ import annotations

import datetime as dt
import os
import stat
from contextlib import suppress
from itertools import islice
from pathlib import Path
from tempfile import mkstemp

from ccir.config.settings import SCRATCH_FOLDER
from ccir.domain.outcomes import CheckResult
from ccir.drilling.failures import error_result
from ccir.errors import RefusedError, UnavailableError
from ccir.process import birth_of

PRIVATE = 0o700
_PREFIX = "drill-"
_MARK = ".pid"
_KEPT = "kept"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_ROOT = 0
_MOST_ORPHANS = 1_000
_HINT = "name another folder as scratch under [restore] in ccir.toml"


def make_scratch(root: Path, *, now: dt.datetime, protected: tuple[Path, ...] = ()) -> Path:
    """Return a new folder below `root` that only this user can enter.

    A mark beside it tells whose it is. Folders of drills that died are removed first, and those
    that were kept until `now`.

    Raises:
        RefusedError: the root is protected, a link, or open to others.
        UnavailableError: it cannot be written.
    """
    _refuse_protected(root, protected)
    try:
        root.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        _refuse_open(root)
        reap_orphans(root, now=now)
        return _marked_folder(root)
    except OSError as error:
        raise UnavailableError(
            f"the scratch folder {root} cannot be used: {error.strerror}", hint=_HINT
        ) from error


def restored_in(scratch: Path) -> Path:
    """Return where in a scratch folder the snapshot's files go."""
    return scratch / "restored"


def remove_scratch(scratch: Path) -> bool:
    """Remove a scratch folder and return whether it is gone; until then its mark stays."""
    is_gone = remove_tree(scratch)
    if is_gone:
        with suppress(OSError):
            _mark_of(scratch).unlink()
    return is_gone


def remove_tree(folder: Path) -> bool:
    """Remove a folder with whatever modes were restored in it, and return whether it is gone."""
    empty_tree(folder)
    with suppress(OSError):
        folder.rmdir()
    return not os.path.lexists(folder)


def empty_tree(folder: Path) -> None:
    """Remove what is in the folder, however deep; no link is followed, least of all the folder."""
    folders = [] if folder.is_symlink() else [folder]
    for path in folders:  # grows while it is walked through
        folders += _without_files(path)
    for path in reversed(folders[1:]):
        with suppress(OSError):
            path.rmdir()


def make_enterable(folder: Path) -> None:
    """Let this user into every folder that was restored, so that it can be counted."""
    folders = [folder]
    for path in folders:  # grows while it is walked through
        path.chmod(PRIVATE)
        with os.scandir(path) as entries:
            folders += [Path(each.path) for each in entries if each.is_dir(follow_symlinks=False)]


def keep_scratch(scratch: Path, *, until: dt.datetime) -> bool:
    """Let a scratch folder stand until then: the first drill after it removes it.

    Returns whether that could be written down; what is not marked may not be kept.
    """
    mark = _mark_of(scratch)
    part = mark.with_suffix(".part")
    try:
        part.write_text(f"{_KEPT} {until.timestamp():.0f}\n", encoding="ascii")
        part.replace(mark)
    except OSError:
        _unlink(os.fspath(part))
        return False
    return True


def reap_orphans(root: Path, *, now: dt.datetime) -> int:
    """Remove what drills of dead processes left, and what was kept until now; return how many."""
    marks = islice(root.glob(f"{_PREFIX}*{_MARK}"), _MOST_ORPHANS)
    return sum(remove_scratch(mark.with_suffix("")) for mark in marks if _is_orphan(mark, now))


def judge_space(folder: Path, *, needed_bytes: float, needed_files: float) -> CheckResult | None:
    """Return what speaks against writing so much into the folder, or None."""
    free = os.statvfs(folder)
    free_bytes = free.f_bavail * free.f_frsize
    if needed_bytes > free_bytes:
        return _no_space(f"{needed_bytes:.0f} bytes are needed in {folder}, {free_bytes} are free")
    if free.f_files and needed_files > free.f_favail:
        return _no_space(f"{needed_files:.0f} files are needed in {folder}, {free.f_favail} fit")
    return None


def _no_space(detail: str) -> CheckResult:
    return error_result("space", "no-space", detail, hint="free space, or name a larger folder")


def _refuse_protected(root: Path, protected: tuple[Path, ...]) -> None:
    if not root.is_absolute():
        raise RefusedError(f"the scratch folder {root} is not absolute", hint=_HINT)
    if root.is_symlink():
        raise RefusedError(f"the scratch folder {root} is a link", hint="name the folder itself")
    real = root.resolve()
    for folder in (each.resolve() for each in protected):
        # The workspace's own scratch is meant to lie in its state folder.
        is_own = real in {folder / SCRATCH_FOLDER, folder.parent / SCRATCH_FOLDER}
        if real.is_relative_to(folder) and not is_own:
            raise RefusedError(f"the scratch folder {root} lies in {folder}", hint=_HINT)


def _refuse_open(root: Path) -> None:
    found = root.lstat()
    if found.st_uid not in {os.geteuid(), _ROOT}:
        raise RefusedError(f"the scratch folder {root} belongs to another user", hint=_HINT)
    if found.st_mode & _OTHERS:
        mode = f"{stat.S_IMODE(found.st_mode):04o}"
        raise RefusedError(
            f"other users may use the scratch folder {root} (mode {mode})",
            hint=f"run: chmod 700 {root}",
        )


def _marked_folder(root: Path) -> Path:
    """Make the mark first: a folder without one would never be found again."""
    handle, name = mkstemp(prefix=_PREFIX, suffix=_MARK, dir=root)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{os.getpid()} {birth_of(os.getpid())}\n")
    scratch = Path(name).with_suffix("")
    scratch.mkdir(PRIVATE)
    restored_in(scratch).mkdir(PRIVATE)
    return scratch


def _mark_of(scratch: Path) -> Path:
    return scratch.with_name(scratch.name + _MARK)


def _is_orphan(mark: Path, now: dt.datetime) -> bool:
    try:
        number, _, started = mark.read_text("ascii").strip().partition(" ")
        if number == _KEPT:
            return now.timestamp() >= int(started)
        return birth_of(int(number)) != started
    except (OSError, ValueError):
        return False  # not ours, or still being made


def _without_files(folder: Path) -> list[Path]:
    """Remove the folder's files and return its folders; a path object a file would take longer."""
    inner: list[Path] = []
    with suppress(OSError):
        folder.chmod(PRIVATE)
        with os.scandir(folder) as entries:
            found = list(entries)
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                inner.append(Path(entry.path))
            else:
                _unlink(entry.path)
    return inner


def _unlink(path: str) -> None:
    try:
        os.unlink(path)  # noqa: PTH108 - see above
    except OSError:
        return
