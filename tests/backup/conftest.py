from __future__ import annotations

import pytest

from ccir.backup.interface import BackupTool
from ccir.backup.restic import MEMBER
from support.restic_targets import SHORT, kit


@pytest.fixture
def tool() -> BackupTool:
    """The real restic, with all the time it needs."""
    return MEMBER(kit())


@pytest.fixture
def hasty_tool() -> BackupTool:
    """The real restic, for calls that would hang."""
    return MEMBER(kit(deadlines=SHORT))
