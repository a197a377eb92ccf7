from __future__ import annotations

from ccir.domain.outcomes import CheckResult
from ccir.drilling.results import Results


def test_nothing_found_is_an_error_and_no_pass() -> None:
    worst = Results().worst()
    assert (worst.verdict, worst.reason) == ("error", "proved-nothing")


def test_passes_come_to_a_pass_that_tells_everything_seen() -> None:
    results = Results()
    for name, detail in (("a", "opened"), ("b", ""), ("c", "whole")):
        assert results.note(CheckResult(name=name, verdict="pass", detail=detail))
    worst = results.worst()
    assert (worst.verdict, worst.detail) == ("pass", "opened; whole")


def test_one_fail_decides_and_says_why_itself() -> None:
    results = Results()
    bad = CheckResult(name="b", verdict="fail", reason="empty", detail="two")
    assert [
        results.note(CheckResult(name="a", verdict="pass", detail="one")),
        results.note(bad),
        results.note(CheckResult(name="c", verdict="error")),
    ] == [True, False, False]
    assert results.worst() == bad
    assert [each.name for each in results.checks] == ["a", "b", "c"]
