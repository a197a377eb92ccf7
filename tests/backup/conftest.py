from __future__ import annotations

from pathlib import Path

import pytest

from ccir.backup.borg import MEMBER as BORG
from ccir.backup.interface import BackupTool, Snapshot
from ccir.backup.restic import MEMBER
from support.borg_repository import (
    BorgRepository,
    borg_is_there,
    shared_borg_repository,
    the_archive,
)
from support.restic_targets import SHORT, kit


@pytest.fixture
def tool(restic_path: str) -> BackupTool:
    """The real restic, with all the time it needs."""
    return MEMBER(kit(path=restic_path))


@pytest.fixture
def hasty_tool(restic_path: str) -> BackupTool:
    """The real restic, for calls that would hang."""
    return MEMBER(kit(deadlines=SHORT, path=restic_path))


@pytest.fixture
def borg_tool() -> BackupTool:
    """The real borg, with all the time it needs."""
    return BORG(kit())


@pytest.fixture(scope="session")
def healthy_borg(tmp_path_factory: pytest.TempPathFactory) -> BorgRepository:
    """A healthy borg repository that tests only read."""
    if not borg_is_there():
        pytest.skip("borg is not installed: apt-get install borgbackup")
    return shared_borg_repository(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def archive(healthy_borg: BorgRepository) -> Snapshot:
    """The only archive of the healthy borg repository."""
    return the_archive(healthy_borg)


@pytest.fixture
def borg_copy(healthy_borg: BorgRepository, tmp_path: Path) -> BorgRepository:
    """A copy of the healthy borg repository, to be broken."""
    return healthy_borg.copied(tmp_path / "copy")
