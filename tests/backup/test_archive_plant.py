from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ccir.backup.archive import MEMBER
from ccir.backup.interface import ToolKit
from ccir.clock import FixedClock
from ccir.errors import UnavailableError
from support.damage import flip_bit
from support.restic_targets import kit, said

NOW = dt.datetime(2026, 1, 3, 4, 5, 6, 7, tzinfo=dt.UTC)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "source" / "inner").mkdir(parents=True)
    (tmp_path / "source" / "inner" / "back\\slash").write_bytes(b"one")
    (tmp_path / "source" / "two").write_bytes(b"two")
    (tmp_path / "control").mkdir()
    return tmp_path / "source"


def test_what_is_planted_is_whole_dated_now_and_found_damaged_once_it_is(
    source: Path, tmp_path: Path
) -> None:
    tool = MEMBER(ToolKit(clock=FixedClock(NOW), environment={}))
    target = tool.plant(source, folder=tmp_path / "control")
    (snapshot,) = tool.snapshots(target).snapshots
    assert snapshot.taken_at == NOW.replace(microsecond=0)
    assert said(tool.check(target, subset="1/1")) == "pass"
    content = tool.content(target, snapshot)
    assert (content.files, content.bytes) == (2, 6)
    (planted,) = Path(target.repository).rglob("two")
    flip_bit(planted, at=0)
    assert said(tool.check(target, subset="1/1")) == "fail pack-damaged"


def test_where_nothing_can_be_written_nothing_is_planted(source: Path, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="no folder of archives to practise on"):
        MEMBER(kit()).plant(source, folder=tmp_path / "nowhere")
    with pytest.raises(UnavailableError, match="no folder of archives to practise on"):
        MEMBER(kit()).plant(tmp_path / "nowhere", folder=tmp_path / "control")
