from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.backup.interface import Deadlines, Target
from ccir.clock import FixedClock
from ccir.domain.outcomes import CheckResult
from ccir.drilling.objectives import (
    Budget,
    data_age,
    judge_data_age,
    seconds_of,
    with_objectives,
)
from ccir.errors import InvalidDocumentError
from support.drills import drill_with

TARGET = Target(name="crm", repository="/srv/backup", rpo_seconds=7.0, rto_seconds=8.0)


def test_a_drill_without_objectives_keeps_the_target_s() -> None:
    assert with_objectives(TARGET, drill_with()) == TARGET


def test_a_drill_s_own_objectives_stand_in_for_the_target_s() -> None:
    found = with_objectives(TARGET, drill_with(rpo="1d", rto="PT30M"))
    assert (found.rpo_seconds, found.rto_seconds) == (86_400.0, 1_800.0)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90m", 5_400.0), ("2h", 7_200.0), ("P1W", 604_800.0)]
)
def test_a_period_of_fixed_length_is_told_in_seconds(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["5bd", "1mo", "P1M", "PTX"])
def test_a_period_without_a_fixed_length_is_refused_and_not_left_out(text: str) -> None:
    with pytest.raises(InvalidDocumentError, match=f"'{text}' has no fixed length"):
        with_objectives(TARGET, drill_with(rpo=text))


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_no_deadline_is_later_than_what_is_left_and_none_is_negative(
    whole: float, passed: float, given_seconds: float
) -> None:
    clock = FixedClock(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    budget = Budget(clock, whole)
    clock.move(passed)
    bounded = budget.within(Deadlines(restore_seconds=given_seconds))
    assert bounded.restore_seconds == max(0.0, min(given_seconds, whole - passed))
    assert bounded.open_seconds <= Deadlines().open_seconds


NOW = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)


def saw(name: str, *hours_ago: float | None) -> tuple[CheckResult, ...]:
    """Return results of that check, with how long ago its newest datum was written."""
    return tuple(
        CheckResult(
            name=name,
            verdict="pass",
            newest_at=None if ago is None else NOW - dt.timedelta(hours=ago),
        )
        for ago in hours_ago
    )


def test_without_a_dated_datum_the_data_has_no_age() -> None:
    assert data_age((), NOW) is None
    assert data_age(saw("sqlite", None), NOW) is None


def test_the_newest_datum_counts_and_a_canary_before_all_else() -> None:
    assert data_age((*saw("sqlite", 5, None, 3), *saw("parse", 4)), NOW) == 3 * 3_600
    assert data_age((*saw("sqlite", 1), *saw("canary", 6, 7)), NOW) == 6 * 3_600
    assert data_age((*saw("sqlite", 1), *saw("canary", None)), NOW) is None


def test_only_a_canary_is_held_against_the_rpo() -> None:
    assert judge_data_age(saw("sqlite", 90), NOW, rpo=60) is None
    assert judge_data_age(saw("canary", None), NOW, rpo=60) is None


@pytest.mark.parametrize(
    ("rpo", "verdict", "words"),
    [
        (None, "pass", "no RPO is set"),
        (7_200.0, "pass", "is 2 h 00 min old; the RPO is 2 h 00 min"),
        (7_199.0, "fail", "the RPO is 1 h 59 min, missed by 1 s"),
    ],
)
def test_data_older_than_the_rpo_is_a_fail(rpo: float | None, *, verdict: str, words: str) -> None:
    found = judge_data_age(saw("canary", 2), NOW, rpo=rpo)
    assert found is not None
    assert (found.name, found.verdict) == ("data-age", verdict)
    assert found.reason == ("data-old" if verdict == "fail" else "")
    assert words in found.detail
