"""What somebody may do to the small restic repository: add a key, leave a lock."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ccir.clock import SystemClock
from support.restic_repository import Repository

_PATIENCE_SECONDS = 10


def add_key(repository: Repository, *, user: str) -> None:
    """Add a second key that opens as fast as the first; a key is called by its SHA-256.

    `restic key add` makes one that takes a second to open.
    """
    (first,) = (repository.folder / "keys").iterdir()
    key = json.loads(first.read_text(encoding="utf-8")) | {"username": user}
    text = json.dumps(key).encode("utf-8")
    first.with_name(hashlib.sha256(text).hexdigest()).write_bytes(text)


def leave_lock(repository: Repository) -> int:
    """Kill a backup while it runs, and return the process whose lock is left."""
    environment = {
        "PATH": os.environ["PATH"],
        "RESTIC_REPOSITORY": str(repository.folder),
        "RESTIC_PASSWORD_FILE": str(repository.password_file),
    }
    with subprocess.Popen(
        ["restic", "--no-cache", "backup", "--stdin"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as running:
        clock = SystemClock()
        until = clock.monotonic() + _PATIENCE_SECONDS
        while not _locks(repository) and clock.monotonic() < until:
            clock.sleep(0.02)
        running.kill()
    return running.pid


@contextmanager
def locked_exclusively(repository: Repository) -> Iterator[None]:
    """Lock the repository for one restic alone, and have that one read it for long."""
    with subprocess.Popen(
        ["restic", "--no-cache", "--limit-download=1", "check", "--read-data"],
        env={
            "PATH": os.environ["PATH"],
            "RESTIC_REPOSITORY": str(repository.folder),
            "RESTIC_PASSWORD_FILE": str(repository.password_file),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as running:
        try:
            clock = SystemClock()
            until = clock.monotonic() + _PATIENCE_SECONDS
            while not _locks(repository) and clock.monotonic() < until:
                clock.sleep(0.02)
            yield
        finally:
            running.kill()


def _locks(repository: Repository) -> list[Path]:
    return [path for path in (repository.folder / "locks").iterdir() if "-tmp-" not in path.name]
