"""The trend of a series."""

from __future__ import annotations

import msgspec
import pytest

from ccir.domain.drill_history import Played
from ccir.domain.drill_trend import (
    DrillTrend,
    Trend,
    coverage_share,
    full_seconds,
    trend,
    trends,
)
from ccir.domain.outcomes import Objective, measured
from support.events import DRILL_FINISHED, FULL_DRILL
from support.runs import START


def test_a_series_has_a_minimum_a_median_and_a_p95() -> None:
    assert trend([3.0, 1.0, 2.0, 10.0]) == Trend(minimum=1, median=2.5, p95=10, count=4)


@pytest.mark.parametrize(("count", "p95"), [(1, 1), (19, 19), (20, 19), (21, 20), (100, 95)])
def test_the_p95_is_a_value_that_was_measured(count: int, p95: int) -> None:
    found = trend(float(value) for value in range(1, count + 1))

    assert found is not None
    assert (found.p95, found.count) == (p95, count)


def test_what_was_not_measured_does_not_count() -> None:
    assert trend([None, 4.0, None]) == Trend(minimum=4, median=4, p95=4, count=1)


def test_nothing_measured_has_no_trend() -> None:
    assert trend([]) is None
    assert trend([None]) is None


def drilled(drill: str, **changes: object) -> Played:
    result = msgspec.structs.replace(DRILL_FINISHED, drill=drill, **changes)
    return Played(run="DR-2026-0001", seq=3, at=START, result=result)


def test_only_full_restores_count_for_the_restore_time() -> None:
    played = [
        drilled("crm", rto=measured(10.0, against=None)),
        drilled("calls", rto=measured(7.0, against=None)),
        drilled("crm", rto=measured(20.0, against=None)),
        drilled("crm", rto=measured(1.0, against=None), mode="sample"),
        drilled("crm", rto=Objective(), verdict="skipped"),
    ]
    assert full_seconds(played) == [10.0, 7.0, 20.0, None, None]
    assert trends(played) == [
        DrillTrend(drill="crm", rto=Trend(minimum=10, median=15, p95=20, count=2)),
        DrillTrend(drill="calls", rto=Trend(minimum=7, median=7, p95=7, count=1)),
    ]


def test_a_drill_that_never_restored_everything_has_no_trend() -> None:
    assert trends([drilled("crm", mode="stream")]) == [DrillTrend(drill="crm", rto=None)]
    assert trends([]) == []


def test_the_share_of_what_is_verified_is_that_of_the_bytes() -> None:
    assert coverage_share(FULL_DRILL) == 0.4
    assert coverage_share(DRILL_FINISHED) is None
    assert FULL_DRILL.coverage is not None
    empty = msgspec.structs.replace(FULL_DRILL.coverage, bytes=0, verified_bytes=0)
    assert coverage_share(msgspec.structs.replace(FULL_DRILL, coverage=empty)) is None
