from __future__ import annotations

from itertools import combinations

import pytest

from ccir.domain.drill_level import level_of
from ccir.domain.drills import LEVELS
from ccir.domain.outcomes import CheckResult, Verdict

BASE = ("repository", "structure", "data", "restore", "content-proof", "manifest")


def results(**verdicts: Verdict) -> tuple[CheckResult, ...]:
    return tuple(
        CheckResult(name=name.replace("_", "-"), verdict=verdict)
        for name, verdict in verdicts.items()
    )


def passed(*names: str) -> tuple[CheckResult, ...]:
    return tuple(CheckResult(name=name, verdict="pass") for name in names)


def test_nothing_that_passed_is_no_level() -> None:
    assert level_of((), applied=()) == ""
    assert level_of(results(repository="error"), applied=()) == ""
    assert level_of(passed("snapshot-age", "file-count", "rto"), applied=("file-count",)) == ""


@pytest.mark.parametrize(("number", "name"), [*enumerate(BASE)])
def test_every_level_has_its_check(number: int, name: str) -> None:
    level = level_of(passed(name), applied=())
    assert level == f"L{number}"
    assert level in LEVELS


def test_the_highest_that_passed_counts_and_what_failed_below_does_not_hold_it_back() -> None:
    for names in combinations(BASE, 3):
        assert level_of(passed(*names), applied=()) == f"L{max(map(BASE.index, names))}"
    assert level_of(results(structure="fail", restore="pass"), applied=()) == "L3"
    assert level_of(results(restore="pass", content_proof="fail"), applied=()) == "L3"


def test_the_application_s_level_takes_all_of_its_checks() -> None:
    applied = ("file-count", "sqlite", "content", "manifest")
    proof = passed("content-proof", "manifest", "file-count")
    assert level_of((*proof, *passed("sqlite", "content")), applied=applied) == "L6"
    spoiled = (*proof, *passed("sqlite"), *results(content="error"))
    assert level_of(spoiled, applied=applied) == "L5"


@pytest.mark.parametrize(
    "applied", [(), ("file-count",), ("manifest",), ("file-count", "manifest")]
)
def test_counts_and_manifests_are_no_checks_of_the_application(applied: tuple[str, ...]) -> None:
    assert level_of(passed("content-proof", *applied), applied=applied) in {"L4", "L5"}


def test_checks_of_an_older_snapshot_reach_no_level() -> None:
    assert (
        level_of(passed("restore", "older content-proof", "older sqlite"), applied=("sqlite",))
        == "L3"
    )
