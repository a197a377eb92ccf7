from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.reports.chart_plane import SHARE, Plane, Scale, Spell, dates, time_scale

PLANE = Plane(left=50, right=150, top=0, bottom=100, pad=10)
START = dt.datetime(2026, 3, 28, 23, 30, tzinfo=dt.UTC)
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def spell(*, days: float) -> Spell:
    return Spell(first=START, last=START + dt.timedelta(days=days))


def test_a_value_stands_at_its_height_and_one_outside_at_the_edge() -> None:
    heights = [PLANE.y(value, SHARE) for value in (0, 0.25, 1, 2, -1)]
    assert heights == [100, 75, 0, 0, 100]


def test_moments_stand_between_the_pads() -> None:
    days = spell(days=2)
    middle = START + dt.timedelta(days=1)
    assert [PLANE.x(at, days) for at in (days.first, middle, days.last)] == [60, 100, 140]


def test_a_single_moment_stands_in_the_middle() -> None:
    assert PLANE.x(START, spell(days=0)) == 100


@pytest.mark.parametrize(
    ("seconds", "objectives", "ticks"),
    [
        ([7 * MINUTE], [15 * MINUTE], [0, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 20 * MINUTE]),
        ([20 * MINUTE], [15 * MINUTE], [0, 300, 600, 900, 1_200, 1_500]),
        ([30], [4 * HOUR], [0, 10, 20, 30, 40]),
        ([0.15], [], [0, 0.1, 0.2]),
        ([26 * HOUR], [DAY], [0, 12 * HOUR, DAY, 36 * HOUR]),
        ([0], [], [0, 0.5, 1, 1.5]),
        ([0], [4], [0, 1, 2, 3, 4, 5]),
        ([-5], [], [0, 0.5, 1, 1.5]),
        ([1e-9], [], [0, 0.1]),
    ],
)
def test_times_are_named_at_whole_units_and_a_far_objective_does_not_press_them_flat(
    seconds: list[float], objectives: list[float], ticks: list[float]
) -> None:
    scale = time_scale(seconds, objectives)
    assert list(scale.ticks) == pytest.approx(ticks)
    assert scale.top == pytest.approx(ticks[-1])


@given(st.lists(st.floats(0, 1e10), min_size=1), st.lists(st.floats(1, 1e10)))
def test_whatever_was_measured_has_its_place(seconds: list[float], limits: list[float]) -> None:
    scale = time_scale(seconds, limits)
    assert max(seconds) <= scale.top
    assert 2 <= len(scale.ticks) <= 10
    assert isinstance(scale, Scale)


def test_days_are_named_in_the_zone() -> None:
    named = dates(spell(days=8), BERLIN)
    assert [name for _, name in named] == [
        "2026-03-29",
        "2026-03-31",
        "2026-04-02",
        "2026-04-04",
        "2026-04-06",
    ]
    assert next(at for at, _ in named) == START


def test_within_a_few_days_the_hour_is_named_too_and_no_name_comes_twice() -> None:
    assert [name for _, name in dates(spell(days=1), BERLIN)][:2] == ["03-29 00:30", "03-29 07:30"]
    assert dates(spell(days=0), BERLIN) == [(START, "03-29 00:30")]
