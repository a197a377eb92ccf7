"""Due times that a board counts back from the clocks of rules."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from ccir.domain.board import board, due_moment
from ccir.domain.playbook import Due
from support.runs import given, later, playbook_of, step


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ("90m", dt.datetime(2026, 3, 31, 8, 30, tzinfo=dt.UTC)),
        ("24h", dt.datetime(2026, 3, 30, 10, 0, tzinfo=dt.UTC)),
        ("3d", dt.datetime(2026, 3, 28, 11, 0, tzinfo=dt.UTC)),
        ("1w", dt.datetime(2026, 3, 24, 11, 0, tzinfo=dt.UTC)),
        ("1mo", dt.datetime(2026, 2, 28, 11, 0, tzinfo=dt.UTC)),
        ("P1M", dt.datetime(2026, 2, 28, 11, 0, tzinfo=dt.UTC)),
    ],
)
def test_due_before_a_clock_counts_back_from_the_time_to_work_to(
    within: str, expected: dt.datetime
) -> None:
    noon_in_summer_time = dt.datetime(2026, 3, 31, 10, 0, tzinfo=dt.UTC)
    run = replace(given(), clock_times={"EU-ONE": noon_in_summer_time})
    assert due_moment(run, Due(within=within, before="clock:EU-ONE")) == expected


@pytest.mark.parametrize("clock_times", [{}, {"EU-TWO": later(hours=72)}])
def test_without_the_clocks_time_nothing_is_due_before_it(
    clock_times: dict[str, dt.datetime],
) -> None:
    run = replace(given(), clock_times=clock_times)
    assert due_moment(run, Due(within="4h", before="clock:EU-ONE")) is None


def test_a_step_before_a_clock_is_overdue_from_then_on() -> None:
    steps = playbook_of(step("tell", due=Due(within="4h", before="clock:EU-ONE")))
    run = replace(given(playbook=steps), clock_times={"EU-ONE": later(hours=72)})
    [view] = board(run, later(hours=68))
    assert (view.due_at, view.overdue) == (later(hours=68), False)
    [view] = board(run, later(1, hours=68))
    assert view.overdue


def test_a_wait_until_before_a_clock_is_over_at_that_moment() -> None:
    until = {"within": "4h", "before": "clock:EU-ONE"}
    pause = playbook_of(step("pause", kind="wait", arguments={"until": until}))
    run = replace(given(playbook=pause), clock_times={"EU-ONE": later(hours=72)})
    assert [view.state for view in board(run, later(hours=67))] == ["waiting"]
    assert [view.state for view in board(run, later(hours=68))] == ["done"]


def test_a_period_that_nobody_understands_is_due_before_no_clock() -> None:
    run = replace(given(), clock_times={"EU-ONE": later(hours=72)})
    assert due_moment(run, Due(within="P1M2D", before="clock:EU-ONE")) is None
