"""Makes one small real borg repository, and copies of it that tests may break."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
from pathlib import Path

import msgspec

from ccir.backup.interface import Snapshot, Target
from support.restic_repository import PASSWORD, write_source

NAME = "crm-2026-01-02"
TAKEN_AT = "2026-01-02T03:04:05"
_AT = dt.datetime.fromisoformat(f"{TAKEN_AT}+00:00")
_DEADLINE_SECONDS = 60
# borg tries its own parts out each time it starts, which takes a fifth of that.
_HURRY = {"BORG_SELFTEST": "disabled"}
# Runs the server's half on this machine: ssh's own words before it are left out.
_LOOPBACK = '#!/bin/sh\nwhile [ "$1" != borg ]; do shift; done\nexec "$@"\n'


class BorgRepository(msgspec.Struct, frozen=True, kw_only=True):
    """A repository on disk, the file with its passphrase, and what was backed up."""

    folder: Path
    password_file: Path
    source: Path

    @property
    def target(self) -> Target:
        """The target that is this repository."""
        return Target(
            name="crm",
            tool="borg",
            repository=str(self.folder),
            password_file=str(self.password_file),
            environment=_HURRY,
        )

    @property
    def data(self) -> Path:
        """The segment that holds the files' data, and at its end their list."""
        return max(self.segments, key=lambda path: path.stat().st_size)

    @property
    def segments(self) -> list[Path]:
        """The segments in their order: the last ends the last transaction."""
        found = (path for path in (self.folder / "data").rglob("*") if path.is_file())
        return sorted(found, key=lambda path: int(path.name))

    @property
    def index(self) -> Path:
        """The only index."""
        (found,) = self.folder.glob("index.*")
        return found

    def copied(self, folder: Path) -> BorgRepository:
        """Return a copy that may be broken."""
        shutil.copytree(self.folder, folder)
        return msgspec.structs.replace(self, folder=folder)


def borg_is_there() -> bool:
    """Tell whether borg is installed."""
    return shutil.which("borg") is not None


def shared_borg_repository(base: Path) -> BorgRepository:
    """Return the one repository below `base` that tests read or copy, made on first use."""
    repository = _repository(base / "borg-repository")
    if not repository.folder.exists():
        write_source(repository.source)
        make_borg_repository(repository)
        back_up_with_borg(repository)
    return repository


def empty_borg_repository(folder: Path, *, encryption: str = "repokey") -> BorgRepository:
    """Return a new repository without any archive; nothing is there to be backed up."""
    repository = _repository(folder)
    repository.source.mkdir(parents=True)
    make_borg_repository(repository, encryption=encryption)
    return repository


def make_borg_repository(repository: BorgRepository, *, encryption: str = "repokey") -> None:
    """Make the repository itself, and write its passphrase down."""
    repository.password_file.write_text(PASSWORD + "\n", encoding="utf-8")
    repository.password_file.chmod(0o600)
    borg(repository, "init", f"--encryption={encryption}")


def back_up_with_borg(
    repository: BorgRepository, *, name: str = NAME, taken_at: str = TAKEN_AT
) -> None:
    """Back the source up as an archive of that name."""
    borg(repository, "create", f"--timestamp={taken_at}", f"::{name}", str(repository.source))


def borg(repository: BorgRepository, *arguments: str) -> str:
    """Run borg on the repository and return what it printed."""
    done = subprocess.run(
        ["borg", *arguments],
        env=borg_environment(repository),
        capture_output=True,
        check=True,
        timeout=_DEADLINE_SECONDS,
        text=True,
    )
    return done.stdout


def borg_environment(repository: BorgRepository) -> dict[str, str]:
    """Return what borg needs to know; what it keeps for itself stays beside the repository."""
    return {
        **_HURRY,
        "PATH": os.environ["PATH"],
        "BORG_BASE_DIR": f"{repository.folder}.borg",
        "BORG_REPO": str(repository.folder),
        "BORG_PASSPHRASE": PASSWORD,
        "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
        "TZ": "UTC",
    }


def the_archive(repository: BorgRepository) -> Snapshot:
    """Return the repository's only archive, asked of borg itself."""
    (found,) = json.loads(borg(repository, "list", "--json"))["archives"]
    return Snapshot(id=found["id"], taken_at=_AT, tags=(found["name"],))


def behind_ssh(repository: BorgRepository, folder: Path) -> Target:
    """Return the repository as a target on another host, which is this one."""
    shell = folder / "ssh"
    shell.write_text(_LOOPBACK, encoding="utf-8")
    shell.chmod(0o755)
    return msgspec.structs.replace(
        repository.target,
        repository=f"ssh://backup@backup.invalid{repository.folder}",
        environment={**_HURRY, "BORG_RSH": str(shell)},
    )


def _repository(folder: Path) -> BorgRepository:
    return BorgRepository(
        folder=folder / "repository",
        password_file=folder / "password",
        source=folder / "source",
    )
