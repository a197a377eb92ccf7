from __future__ import annotations

from pathlib import Path

import pytest

from ccir.backup.interface import BackupTool
from ccir.backup.restic import MEMBER
from support.restic_repository import Repository, restic_is_there, shared_repository
from support.restic_targets import SHORT, kit


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A healthy repository that tests only read."""
    if not restic_is_there():
        pytest.skip("restic is not installed: apt-get install restic")
    return shared_repository(tmp_path_factory.getbasetemp())


@pytest.fixture
def repository(healthy: Repository, tmp_path: Path) -> Repository:
    """A copy of the healthy repository, to be broken."""
    return healthy.copied(tmp_path / "repository")


@pytest.fixture
def tool() -> BackupTool:
    """The real restic, with all the time it needs."""
    return MEMBER(kit())


@pytest.fixture
def hasty_tool() -> BackupTool:
    """The real restic, for calls that would hang."""
    return MEMBER(kit(deadlines=SHORT))
