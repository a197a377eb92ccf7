from __future__ import annotations

from pathlib import Path

import pytest

from ccir.backup.interface import BackupTool
from ccir.errors import UnavailableError
from support.borg_repository import BorgRepository
from support.restic_targets import REQUEST, said


def test_what_is_planted_can_be_listed_checked_and_restored(
    borg_tool: BackupTool, healthy_borg: BorgRepository, tmp_path: Path
) -> None:
    target = borg_tool.plant(healthy_borg.source, folder=tmp_path)
    (snapshot,) = borg_tool.snapshots(target).snapshots
    assert snapshot.paths == (str(healthy_borg.source),)
    assert said(borg_tool.check(target)) == "pass"
    into = tmp_path / "into"
    assert said(borg_tool.restore(target, snapshot, into=into, request=REQUEST)) == "pass"


def test_where_none_can_be_planted_borgs_words_are_told(
    borg_tool: BackupTool, healthy_borg: BorgRepository, tmp_path: Path
) -> None:
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository" / "other").touch()
    with pytest.raises(UnavailableError, match="already something"):
        borg_tool.plant(healthy_borg.source, folder=tmp_path)
