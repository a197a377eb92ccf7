"""The contract of every check of restored data; `member` is a `CheckBench`."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from ccir import registry
from ccir.checks.interface import CheckKit, measure
from ccir.clock import SystemClock
from ccir.domain.outcomes import CheckResult
from support.benches import CheckBench


def kit(bench: CheckBench, folder: Path, *, like: Path | None = None) -> CheckKit:
    """What a drill would hand over after restoring a snapshot of `like` into the folder."""
    usual = CheckKit(
        clock=SystemClock(),
        environment={"PATH": os.environ["PATH"]},
        found=measure(folder),
        expected=measure(like or folder),
        deadline_seconds=60,
    )
    return msgspec.structs.replace(usual, **bench.kit)


def run(bench: CheckBench, folder: Path, *, like: Path | None = None) -> CheckResult:
    arguments = msgspec.convert(bench.arguments, bench.check.arguments)
    return bench.check.run(folder, arguments, kit(bench, folder, like=like))


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mode,
            path.stat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in folder.rglob("*")
    }


def test_it_is_found_by_the_name_its_results_bear(member: CheckBench) -> None:
    assert registry.member("checks", member.name) is member.check
    assert run(member, member.good).name == member.name


def test_good_data_passes_and_the_result_says_what_was_seen(member: CheckBench) -> None:
    result = run(member, member.good)
    assert (result.verdict, result.reason, result.hint) == ("pass", "", "")
    assert result.detail


def test_bad_data_fails_with_a_code_and_what_to_do(member: CheckBench) -> None:
    result = run(member, member.bad, like=member.good)
    assert result.verdict == "fail"
    assert result.reason
    assert result.detail
    assert result.hint


def test_nothing_restored_never_passes(member: CheckBench, tmp_path: Path) -> None:
    assert run(member, tmp_path).verdict == "fail"


def test_asserting_nothing_is_an_error(member: CheckBench) -> None:
    for toothless in member.toothless:
        arguments = msgspec.convert(toothless, member.check.arguments)
        result = member.check.run(member.good, arguments, kit(member, member.good))
        assert (result.verdict, bool(result.hint)) == ("error", True), toothless


def test_the_restored_folder_is_left_as_it_was(member: CheckBench) -> None:
    for folder in (member.good, member.bad):
        before = state(folder)
        run(member, folder, like=member.good)
        assert state(folder) == before


def test_the_same_data_gets_the_same_result(member: CheckBench) -> None:
    assert run(member, member.good) == run(member, member.good)
    bad = [run(member, member.bad, like=member.good) for _ in range(2)]
    assert bad[0] == bad[1]


def test_arguments_are_a_closed_frozen_struct(member: CheckBench) -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        msgspec.convert({**member.arguments, "nonsense": 1}, member.check.arguments)
    assert member.check.arguments.__struct_config__.frozen
