"""The contract of every backup tool, of what alarms ask it; `member` is a `ToolBench`."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccir.backup.interface import BackupTool, ToolKit
from ccir.clock import SystemClock
from support.benches import ToolBench


def kit(bench: ToolBench) -> ToolKit:
    return ToolKit(clock=SystemClock(), environment=bench.environment)


@pytest.fixture
def tool(member: ToolBench) -> BackupTool:
    return member.factory(kit(member))


def state(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_keys_and_locks_are_listed_without_writing(tool: BackupTool, member: ToolBench) -> None:
    before = state(Path(member.healthy.repository))
    found = tool.inventory(member.healthy)
    assert (found.outcome.verdict, found.locks) == ("pass", ())
    assert len({key.id for key in found.keys}) == len(found.keys)
    assert state(Path(member.healthy.repository)) == before


def test_of_what_does_not_open_no_keys_and_locks_are_told(
    tool: BackupTool, member: ToolBench
) -> None:
    closed = [each for each in (member.absent, member.locked_out) if each is not None]
    for found in map(tool.inventory, closed):
        assert (found.keys, found.locks) == ((), ())
        assert found.outcome.verdict == "pass" or found.outcome.hint


def test_a_folder_on_this_machine_cannot_be_asked_whether_it_is_append_only(
    tool: BackupTool, member: ToolBench
) -> None:
    before = state(Path(member.healthy.repository))
    assert tool.tamper(member.healthy) is None
    assert state(Path(member.healthy.repository)) == before
