"""Folders of dumps and archives with their lists of digests, as a nightly job leaves them."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from ccir.backup.archive_folders import LISTS
from ccir.backup.interface import Target
from ccir.sums import write_line
from support.archives import archive, tarred, zipped
from support.restic_repository import write_source

LIST = LISTS[0]
TAG = "crm"
NIGHTS = ("crm-2026-01-01T02-00", "crm-2026-01-02T02-00")
NEWEST = NIGHTS[-1]
SECRET = "call-0"  # a part of every recording's name
EXPORTS: dict[str, bytes] = {
    "crm.dump": b"PGDMP" + bytes(range(256)) * 40,
    "export/calls.tar": tarred({"call-001.wav": b"RIFF" * 500, "call-002.wav": b"WAVE" * 500}),
    "export/calls.tgz": archive("tar.gz"),
    "export/customers.zip": zipped({"customers.csv": b"id,name\n1,Kim\n" * 50}),
}


def write_night(folder: Path) -> Path:
    """Write a small backup of dumps and archives into that new folder, list included."""
    for path, octets in EXPORTS.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(octets)
    list_all(folder)
    return folder


def list_all(folder: Path) -> None:
    """Write the list of all files below the folder as `sha256sum` would."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != LIST)
    lines = [
        write_line(
            os.fspath(path.relative_to(folder)),
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in paths
    ]
    (folder / LIST).write_bytes(b"".join(lines))


def copied_source(folder: Path, *, source: Path) -> Path:
    """Write the customer database and recordings to `source`, and back them up into the folder."""
    write_source(source)
    shutil.copytree(source, folder)
    list_all(folder)
    return folder


def target_at(folder: Path, **settings: object) -> Target:
    """Return the target whose repository is that folder."""
    return Target(name="crm", tool="archive", repository=str(folder), **settings)  # type: ignore[arg-type] # each test names what it sets
