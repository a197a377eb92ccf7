from __future__ import annotations

from pathlib import Path

import pytest

from ccir.engine.opening import open_workspace
from ccir.engine.workspace import Workspace
from support.centre import make_centre
from support.cli import Cli
from support.mini import add_mini


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
