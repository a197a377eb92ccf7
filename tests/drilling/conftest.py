from __future__ import annotations

from pathlib import Path

import pytest

from support.drill_faults import Scene
from support.restic_repository import Repository, restic_is_there
from support.rotation import many_files


@pytest.fixture
def scene(repository: Repository, tmp_path: Path, restic_path: str) -> Scene:
    """A repository that may be broken, and all that a drill on it needs."""
    return Scene(repository, tmp_path, path=restic_path)


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository of files that are all different, which tests only read."""
    if not restic_is_there():
        pytest.skip("restic is not installed: apt-get install restic")
    return many_files(tmp_path_factory.mktemp("many"))


@pytest.fixture
def own(many: Repository, tmp_path: Path) -> Repository:
    """A copy of it to which snapshots may be added."""
    return many.copied(tmp_path / "repository")
