"""The contract of every backup tool; `member` is a `ToolBench`."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ccir.backup.interface import (
    BackupTool,
    Outcome,
    RestoreRequest,
    Snapshot,
    Target,
    ToolKit,
)
from ccir.checks.interface import measure
from ccir.clock import SystemClock
from ccir.errors import UnavailableError
from support.benches import NARROWINGS, ToolBench

REQUEST = RestoreRequest()
UNKNOWN = Snapshot(id="0" * 64, taken_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
WHOLE = "1/1"


@pytest.fixture
def tool(member: ToolBench) -> BackupTool:
    return member.factory(kit(member))


def kit(bench: ToolBench) -> ToolKit:
    return ToolKit(clock=SystemClock(), environment=bench.environment)


def newest(tool: BackupTool, target: Target) -> Snapshot:
    return tool.snapshots(target).snapshots[-1]


def all_calls(tool: BackupTool, target: Target, *, into: Path) -> Iterator[Outcome]:
    yield tool.probe(target)
    yield tool.snapshots(target).outcome
    yield tool.check(target)
    yield tool.check(target, subset=WHOLE)
    yield tool.content(target, UNKNOWN).outcome
    yield tool.restore(target, UNKNOWN, into=into, request=REQUEST)


def owned(bench: ToolBench) -> dict[str, str]:
    """Return what the healthy snapshot is of, by the setting that asks for it."""
    return {"hosts": bench.host, "tags": bench.tag, "paths": str(bench.source)}


def modes(folder: Path) -> set[int]:
    """Return the modes of the folder and of all in it."""
    return {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}


def contents(folder: Path) -> dict[str, str]:
    """Return every file's digest; a lock that a tool was stopped in the midst of writing is none.

    restic writes it beside its place, under a name that restic itself passes over.
    """
    every = (path for path in sorted(folder.rglob("*")) if path.is_file())
    files = (path for path in every if not path.match("locks/*-tmp-*"))
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_the_version_is_told_in_numbers(tool: BackupTool) -> None:
    assert re.fullmatch(r"\d+(\.\d+)+", tool.version())


def test_a_healthy_target_passes_everything(tool: BackupTool, member: ToolBench) -> None:
    outcomes = [
        tool.probe(member.healthy),
        tool.snapshots(member.healthy).outcome,
        tool.check(member.healthy),
        tool.check(member.healthy, subset=WHOLE),
    ]
    assert {(each.verdict, each.reason, each.detail, each.hint) for each in outcomes} == {
        ("pass", "", "", "")
    }


def test_a_snapshot_says_what_it_is_of(tool: BackupTool, member: ToolBench) -> None:
    listing = tool.snapshots(member.healthy)
    (snapshot,) = listing.snapshots
    assert listing.in_repository == 1
    told = {"hosts": (snapshot.host,), "tags": snapshot.tags, "paths": snapshot.paths}
    assert {name: told[name] for name in member.narrowings} == {
        name: (own,) for name, own in owned(member).items() if name in member.narrowings
    }
    assert snapshot.taken_at.tzinfo is dt.UTC


def test_snapshots_of_others_are_counted_but_not_listed(
    tool: BackupTool, member: ToolBench
) -> None:
    assert member.narrowings
    for narrowing in member.narrowings:
        own = owned(member)[narrowing]
        mine = msgspec.structs.replace(member.healthy, **{narrowing: (own,)})
        other = msgspec.structs.replace(member.healthy, **{narrowing: ("/other",)})
        assert len(tool.snapshots(mine).snapshots) == 1, narrowing
        listing = tool.snapshots(other)
        told = (listing.outcome.verdict, listing.snapshots, listing.in_repository)
        assert told == ("pass", (), 1), narrowing


def test_a_choice_of_snapshots_that_the_tool_cannot_make_is_refused_by_every_call(
    tool: BackupTool, member: ToolBench, tmp_path: Path
) -> None:
    for narrowing in {*NARROWINGS} - {*member.narrowings}:
        target = msgspec.structs.replace(member.healthy, **{narrowing: ("anything",)})
        outcomes = [*all_calls(tool, target, into=tmp_path)]
        assert {(each.verdict, each.reason) for each in outcomes} == {("error", "wrong-target")}


def test_what_is_restored_is_what_was_backed_up_and_what_was_counted(
    tool: BackupTool, member: ToolBench, tmp_path: Path
) -> None:
    into = tmp_path / "into"
    into.mkdir(mode=0o700)
    snapshot = newest(tool, member.healthy)
    counted = tool.content(member.healthy, snapshot)
    outcome = tool.restore(
        member.healthy, snapshot, into=into, request=RestoreRequest(verifies=True)
    )
    assert (counted.outcome.verdict, outcome.verdict) == ("pass", "pass")
    restored = measure(into)
    assert (counted.files, counted.bytes) == (restored.files, restored.bytes)
    below = into / member.below
    assert contents(below) == contents(member.source)
    assert modes(below) == ({0o600, 0o700} if not member.keeps_paths else modes(member.source))


def test_no_call_changes_the_repository(
    tool: BackupTool, member: ToolBench, tmp_path: Path
) -> None:
    repository = Path(member.healthy.repository)
    before = contents(repository)
    assert len([*all_calls(tool, member.healthy, into=tmp_path / "into")]) == 6
    tool.restore(
        member.healthy, newest(tool, member.healthy), into=tmp_path / "in", request=REQUEST
    )
    assert contents(repository) == before


def test_damaged_data_is_a_fail_that_says_what_and_what_to_do(
    tool: BackupTool, member: ToolBench, tmp_path: Path
) -> None:
    checked = tool.check(member.damaged, subset=WHOLE)
    snapshot = newest(tool, member.damaged)
    restored = tool.restore(member.damaged, snapshot, into=tmp_path, request=REQUEST)
    for outcome in (checked, restored):
        assert (outcome.verdict, outcome.reason) == ("fail", "pack-damaged")
        assert outcome.detail
        assert outcome.hint


def test_of_a_damaged_backup_whatever_can_be_had_is_restored_if_asked_for(
    tool: BackupTool, member: ToolBench, tmp_path: Path
) -> None:
    snapshot = newest(tool, member.damaged)
    request = RestoreRequest(keeps_going=True)
    outcome = tool.restore(member.damaged, snapshot, into=tmp_path, request=request)
    assert outcome.verdict == "fail"
    below = contents(tmp_path / member.below)
    whole = contents(member.source).items() & below.items()
    assert len(whole) >= len(below) - 1 > 0


def test_a_repository_without_snapshots_passes_its_check_but_lists_none(
    tool: BackupTool, member: ToolBench
) -> None:
    assert tool.check(member.bare).verdict == "pass"
    listing = tool.snapshots(member.bare)
    assert (listing.outcome.verdict, listing.snapshots, listing.in_repository) == ("pass", (), 0)


def test_a_snapshot_that_is_not_there_is_a_fail(
    tool: BackupTool, member: ToolBench, tmp_path: Path
) -> None:
    outcomes = (
        tool.content(member.healthy, UNKNOWN).outcome,
        tool.restore(member.healthy, UNKNOWN, into=tmp_path, request=REQUEST),
    )
    assert {(each.verdict, each.reason) for each in outcomes} == {("fail", "no-snapshots")}


def test_a_missing_repository_is_a_fail_in_every_call(
    tool: BackupTool, member: ToolBench, tmp_path: Path
) -> None:
    outcomes = [*all_calls(tool, member.absent, into=tmp_path)]
    assert {(each.verdict, each.reason) for each in outcomes} == {("fail", "repository-missing")}


def test_a_wrong_password_is_no_verdict_on_the_backup(
    tool: BackupTool, member: ToolBench, tmp_path: Path
) -> None:
    if member.locked_out is None:
        pytest.skip("this tool's repositories have no password that could be wrong")
    _probed, *outcomes = all_calls(tool, member.locked_out, into=tmp_path)
    assert {(each.verdict, each.reason) for each in outcomes} == {("error", "wrong-password")}


def test_a_missing_tool_is_no_verdict_in_any_call(member: ToolBench, tmp_path: Path) -> None:
    if not member.has_program:
        pytest.skip("this tool starts no program that could be missing")
    bare = {**member.environment, "PATH": str(tmp_path)}
    tool = member.factory(msgspec.structs.replace(kit(member), environment=bare))
    outcomes = [*all_calls(tool, member.healthy, into=tmp_path)]
    assert {(each.verdict, each.reason) for each in outcomes} == {("error", "tool-missing")}
    assert all(each.hint for each in outcomes)
    with pytest.raises(UnavailableError):
        tool.version()


def test_a_cancelled_call_is_no_verdict_and_leaves_nothing_behind(
    member: ToolBench, tmp_path: Path
) -> None:
    before = contents(Path(member.healthy.repository))
    tool = member.factory(msgspec.structs.replace(kit(member), is_cancelled=lambda: True))
    _probed, *outcomes = all_calls(tool, member.healthy, into=tmp_path)
    assert {(each.verdict, each.reason) for each in outcomes} == {("error", "cancelled")}
    assert contents(Path(member.healthy.repository)) == before


def test_no_answer_shows_the_secret(tool: BackupTool, member: ToolBench, tmp_path: Path) -> None:
    targets = [each for each in (member.damaged, member.locked_out) if each is not None]
    answers = [
        repr(outcome)
        for number, target in enumerate(targets)
        for outcome in all_calls(tool, target, into=tmp_path / str(number))
    ]
    assert len(answers) == 6 * len(targets)
    assert not [answer for answer in answers if member.secret in answer]
    assert os.fspath(member.healthy.repository) not in repr(member.healthy)
