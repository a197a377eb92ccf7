"""Makes a small folder of archives, so that a drill can show that it finds damage."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from ccir.backup.archive_faults import Watch
from ccir.backup.archive_files import files_below
from ccir.backup.archive_folders import LISTS
from ccir.backup.interface import Target, ToolKit
from ccir.errors import UnavailableError
from ccir.sums import write_line

_PRIVATE_FOLDER = 0o700


def plant(kit: ToolKit, source: Path, *, folder: Path) -> Target:
    """Copy `source` into a folder of today's date below `folder`, with its list of digests.

    Raises:
        UnavailableError: it cannot be written.
    """
    repository = folder / "repository"
    try:
        repository.mkdir(_PRIVATE_FOLDER)
        _back_up(kit, source, repository / f"{kit.clock.now():%Y%m%dT%H%M%SZ}")
    except OSError as error:
        raise UnavailableError(
            f"no folder of archives to practise on: {error.strerror or error}",
            hint="check the space and the rights of the scratch folder",
        ) from error
    return Target(name="control", tool="archive", repository=str(repository))


def _back_up(kit: ToolKit, source: Path, into: Path) -> None:
    shutil.copytree(source, into)
    watch = Watch(kit, kit.deadlines.open_seconds)
    with (into / LISTS[0]).open("xb") as listing:
        for path in sorted(files_below(source, watch)):
            with (source / path).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            listing.write(write_line(path, sha256=digest))
