"""A private stand-in for a repository's folder, so that nothing borg does changes the real one.

borg writes even where it only reads (tried with 1.2.4): `check` writes the config anew and moves
the nonce on, a lost index is rebuilt in place, and without a lock what a running backup has
written so far may be swept away with it. Here all of that happens to links and copies, which
also need no lock and no right to write: a nightly backup is never held up.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from ccir.backup.borg_location import INDEXES

# borg overwrites an old config with noise before it removes it: never a link.
_COPIED = ("config", "nonce")
_DATA = "data"


def make_view(folder: Path, *, at: Path) -> None:
    """Make the stand-in at the new folder `at`; `folder` is absolute.

    Raises:
        OSError: the repository cannot be read, or the stand-in not be written.
    """
    (at / _DATA).mkdir(parents=True)
    for name in _COPIED:
        if (folder / name).is_file():
            shutil.copyfile(folder / name, at / name)
    for path in _linked(folder):
        place = at / path.relative_to(folder)
        place.parent.mkdir(exist_ok=True)
        place.symlink_to(path)


def has_lost(view: Path) -> bool:
    """Tell whether something that the stand-in shows has gone from the repository meanwhile."""
    return any(path.is_symlink() and not path.exists() for path in view.rglob("*"))


def _linked(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.partition(".")[0] in INDEXES:
            yield path
    for part in (folder / _DATA).iterdir():
        if part.is_dir():
            yield from part.iterdir()
