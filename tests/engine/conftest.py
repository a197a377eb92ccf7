from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ccir.engine.opening import open_workspace
from ccir.engine.workspace import Workspace
from support.centre import make_centre
from support.cli import Cli
from support.mini import add_mini
from support.returned_notice import accepted_notice, later


@pytest.fixture
def begun(tmp_path: Path) -> Cli:
    """A run of the small playbook in a workspace with an outbox."""
    cli = make_centre(tmp_path / "centre")
    add_mini(cli.folder)
    cli("start", "mini", "--fact", "awareness=08:30")
    return cli


@pytest.fixture
def workspace(begun: Cli) -> Workspace:
    return open_workspace(begun.surroundings, begun.folder)


@pytest.fixture
def run_id() -> str:
    return "INC-2026-0001"


@pytest.fixture(scope="session")
def accepted_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace that each test of `accepted` copies: made once, for it takes long."""
    folder = tmp_path_factory.mktemp("accepted") / "centre"
    accepted_notice(folder)
    return folder


@pytest.fixture
def accepted(accepted_folder: Path, tmp_path: Path) -> Workspace:
    """A notice of four rows: three were taken, the last is in doubt after a crash."""
    folder = shutil.copytree(accepted_folder, tmp_path / "copy")
    return open_workspace(later(folder).surroundings, folder)
