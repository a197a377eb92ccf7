from __future__ import annotations

from pathlib import Path

import pytest

from ccir.checks.file_count import MEMBER, FileCountArguments
from ccir.checks.interface import CheckKit, Tree
from ccir.clock import SystemClock
from ccir.domain.outcomes import CheckResult
from support.benches import CheckBench

HELD = Tree(files=10, bytes=1_000)


@pytest.fixture
def member(tmp_path_factory: pytest.TempPathFactory) -> CheckBench:
    good = tmp_path_factory.mktemp("good")
    bad = tmp_path_factory.mktemp("bad")
    for folder, names in ((good, ("a", "b")), (bad, ("a",))):
        for name in names:
            (folder / name).write_text("text", encoding="utf-8")
    return CheckBench(
        name="file-count",
        check=MEMBER,
        good=good,
        bad=bad,
        arguments={"minimum_files": 1},
        toothless=({"minimum_files": 0}, {"minimum_bytes": 0}, {"minimum_files": -1}),
    )


def judged(
    found: Tree, expected: Tree | None = HELD, *, files: int = 1, octets: int = 1
) -> CheckResult:
    kit = CheckKit(clock=SystemClock(), environment={}, found=found, expected=expected)
    arguments = FileCountArguments(minimum_files=files, minimum_bytes=octets)
    return MEMBER.run(Path("/nonexistent"), arguments, kit)


def told(result: CheckResult) -> tuple[str, str]:
    return result.verdict, result.reason


def test_what_the_snapshot_holds_passes() -> None:
    result = judged(HELD, files=10, octets=1_000)
    assert told(result) == ("pass", "")
    assert result.detail == "10 files, 1000 bytes, as in the snapshot"


@pytest.mark.parametrize(
    "found",
    [
        Tree(files=9, bytes=1_000),
        Tree(files=11, bytes=1_000),
        Tree(files=10, bytes=999),
        Tree(files=10, bytes=1_001),
    ],
)
def test_one_file_or_byte_more_or_less_fails(found: Tree) -> None:
    assert told(judged(found)) == ("fail", "incomplete")


@pytest.mark.parametrize(("files", "octets"), [(11, 1), (1, 1_001)])
def test_a_snapshot_below_a_floor_fails_even_if_all_of_it_came_back(
    files: int, octets: int
) -> None:
    result = judged(HELD, files=files, octets=octets)
    assert told(result) == ("fail", "below-floor")
    assert f"the floor is {files} files, {octets} bytes" in result.detail


def test_an_empty_snapshot_fails_by_the_floors_that_nobody_set() -> None:
    empty = Tree(files=0, bytes=0)
    assert told(judged(empty, empty)) == ("fail", "below-floor")
    assert told(judged(Tree(files=3, bytes=0), Tree(files=3, bytes=0))) == ("fail", "below-floor")


def test_without_a_count_of_the_snapshot_there_is_no_verdict_but_floors_still_hold() -> None:
    assert told(judged(HELD, None)) == ("error", "not-comparable")
    assert told(judged(HELD, None, files=11)) == ("fail", "below-floor")


@pytest.mark.parametrize(("files", "octets"), [(0, 1), (1, 0), (-5, 1)])
def test_a_floor_below_one_asserts_nothing(files: int, octets: int) -> None:
    assert told(judged(HELD, files=files, octets=octets)) == ("error", "no-floor")


def test_of_a_sample_floors_are_held_against_the_snapshot_and_counts_against_itself() -> None:
    sample = Tree(files=2, bytes=20)

    def sampled(found: Tree, *, files: int) -> tuple[str, str]:
        kit = CheckKit(
            clock=SystemClock(), environment={}, found=found, expected=sample, whole=HELD
        )
        return told(MEMBER.run(Path("/nonexistent"), FileCountArguments(minimum_files=files), kit))

    assert sampled(sample, files=10) == ("pass", "")
    assert sampled(sample, files=11) == ("fail", "below-floor")
    assert sampled(Tree(files=1, bytes=20), files=10) == ("fail", "incomplete")
    assert sampled(Tree(files=0, bytes=0), files=1) == ("fail", "incomplete")
