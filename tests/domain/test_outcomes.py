from __future__ import annotations

from itertools import permutations
from typing import get_args

import pytest

from ccir.domain.outcomes import CheckResult, Objective, Verdict, decisive, exit_status, measured

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@pytest.mark.parametrize(
    ("seconds", "against", "met"),
    [
        (9.0, 10.0, True),
        (10.0, 10.0, True),
        (10.1, 10.0, False),
        (None, 10.0, None),
        (9.0, None, None),
    ],
)
def test_a_measured_time_meets_its_objective_or_nobody_knows(
    seconds: float | None, against: float | None, *, met: bool | None
) -> None:
    expected = Objective(measured_seconds=seconds, objective_seconds=against, met=met)
    assert measured(seconds, against=against) == expected


def test_a_proven_failure_decides_before_an_error_and_both_before_a_pass() -> None:
    order: tuple[Verdict, ...] = ("fail", "stale", "error", "pass", "skipped")
    assert set(order) == set(VERDICTS)
    for stronger, weaker in ((one, two) for i, one in enumerate(order) for two in order[i + 1 :]):
        for pair in permutations((stronger, weaker)):
            results = tuple(CheckResult(name=each, verdict=each) for each in pair)
            found = decisive(results)
            assert found is not None
            assert found.verdict == stronger


def test_of_two_equal_results_the_first_decides() -> None:
    results = tuple(CheckResult(name=name, verdict="fail") for name in ("one", "two"))
    assert decisive(results) == results[0]


def test_without_results_nothing_decides() -> None:
    assert decisive(()) is None


@pytest.mark.parametrize(
    ("verdict", "status"),
    [("pass", 0), ("skipped", 0), ("fail", 1), ("stale", 1), ("error", 3)],
)
def test_a_verdict_stands_for_an_exit_status(verdict: Verdict, status: int) -> None:
    assert exit_status(verdict) == status
