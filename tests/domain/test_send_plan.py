from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.domain.send_plan import (
    LONGEST,
    SAFETY_MARGIN,
    DueTime,
    Pace,
    SendPlan,
    lateness,
    plan_sending,
    time_needed,
)

START = dt.datetime(2026, 1, 2, 8, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)

counts = st.integers(min_value=0, max_value=10_000_000)
rates = st.floats(min_value=1e-6, max_value=1e6)
paces = st.builds(
    Pace, channel=st.none() | rates, measured=st.none() | rates, asked=st.none() | rates
)
lengths = st.timedeltas(min_value=-30 * 24 * HOUR, max_value=90 * 24 * HOUR)


@st.composite
def dues(draw: st.DrawFn) -> DueTime:
    plan_by = START + draw(lengths)
    later = draw(st.none() | st.timedeltas(min_value=dt.timedelta(), max_value=48 * HOUR))
    legal_due = None if later is None else plan_by + later
    return DueTime(rule="R", plan_by=plan_by, legal_due=legal_due, is_certain=draw(st.booleans()))


def due(rule: str = "R", *, hours: float, latest: float | None = None) -> DueTime:
    legal_due = None if latest is None else START + HOUR * latest
    return DueTime(rule=rule, plan_by=START + HOUR * hours, legal_due=legal_due)


def planned(left: int, *deadlines: DueTime, pace: Pace | None = None) -> SendPlan:
    return plan_sending(left, pace or Pace(channel=1.0), start_at=START, dues=deadlines)


# --------------------------------------------------------------------------------------------- laws


@given(left=counts, pace=paces, deadline=dues())
def test_the_latest_safe_start_and_the_time_needed_make_the_deadline(
    left: int, pace: Pace, deadline: DueTime
) -> None:
    plan = planned(left, deadline, pace=pace)
    for outlook in plan.outlooks:
        if plan.needed is None:
            assert (outlook.latest_start, outlook.slack) == (None, None)
        else:
            assert outlook.latest_start is not None
            assert outlook.latest_start + plan.needed == deadline.plan_by
            assert outlook.slack == outlook.latest_start - START


@given(left=counts, pace=paces, deadline=dues())
def test_whoever_starts_by_the_latest_safe_start_meets_the_strict_reading(
    left: int, pace: Pace, deadline: DueTime
) -> None:
    for outlook in planned(left, deadline, pace=pace).outlooks:
        if outlook.latest_start is not None:
            again = plan_sending(left, pace, start_at=outlook.latest_start, dues=[deadline])
            assert [each.outcome for each in again.outlooks] == ["met"]


@given(few=counts, more=counts, pace=paces)
def test_more_recipients_never_finish_earlier(few: int, more: int, pace: Pace) -> None:
    sooner, later = planned(few, pace=pace), planned(few + more, pace=pace)
    if later.finish_at is not None:
        assert sooner.finish_at is not None
        assert sooner.finish_at <= later.finish_at


@given(left=counts, slow=rates, fast=rates)
def test_a_higher_rate_never_takes_longer(left: int, slow: float, fast: float) -> None:
    slow, fast = sorted((slow, fast))
    longer, shorter = time_needed(left, slow), time_needed(left, fast)
    assert longer is not None
    assert shorter is not None
    assert shorter <= longer <= LONGEST


@given(left=counts, pace=paces, deadline=dues())
def test_what_is_missed_says_by_how_much_and_nothing_else_does(
    left: int, pace: Pace, deadline: DueTime
) -> None:
    plan = planned(left, deadline, pace=pace)
    for outlook in plan.outlooks:
        assert (outlook.outcome == "missed") is (outlook.missed_by is not None)
        assert bool(lateness(outlook)) is (outlook.outcome == "missed")
        if outlook.missed_by is not None:
            assert outlook.missed_by > dt.timedelta()
    assert {each.due for each in plan.avoidably_missed} <= {each.due for each in plan.missed}


@given(pace=paces)
def test_the_pace_is_the_one_asked_for_or_the_lowest_known(pace: Pace) -> None:
    known = [rate for rate in (pace.channel, pace.measured) if rate is not None]
    assert pace.per_second == (min(known, default=None) if pace.asked is None else pace.asked)
    assert (pace.bound is None) is (pace.per_second is None)


# ----------------------------------------------------------------------------------------- examples


def test_a_tenth_is_added_to_what_sending_takes() -> None:
    assert SAFETY_MARGIN == 0.1
    plan = planned(3_600)
    assert plan.needed == dt.timedelta(minutes=66)
    assert plan.finish_at == START + dt.timedelta(minutes=66)


def test_without_a_rate_no_end_is_made_up() -> None:
    plan = planned(1, due(hours=1), due("OVER", hours=-2, latest=-1), pace=Pace())
    assert (plan.needed, plan.finish_at) == (None, None)
    assert [(each.due.rule, each.outcome) for each in plan.outlooks] == [
        ("OVER", "missed"),
        ("R", "unknown"),
    ]
    assert lateness(plan.outlooks[0]) == "at least 1 h 00 min"
    assert lateness(plan.outlooks[1]) == ""


@pytest.mark.parametrize(
    ("hours", "latest", "outcome"),
    [
        (1.1, None, "met"),
        (1.0, None, "missed"),
        (1.1, 2.0, "met"),
        (1.0, 2.0, "tight"),
        (0.5, 1.1, "tight"),
        (0.5, 1.0, "missed"),
    ],
)
def test_a_deadline_is_met_by_the_strict_reading_or_only_by_the_latest(
    hours: float, latest: float | None, outcome: str
) -> None:
    [outlook] = planned(3_600, due(hours=hours, latest=latest)).outlooks
    assert outlook.outcome == outcome


def test_by_how_much_a_deadline_is_missed_counts_from_the_latest_reading() -> None:
    [outlook] = planned(36_000, due(hours=1, latest=2)).outlooks
    assert lateness(outlook) == "9 h 00 min"


def test_deadlines_stand_soonest_first() -> None:
    plan = planned(1, due("B", hours=2), due("C", hours=1), due("A", hours=2))
    assert [each.due.rule for each in plan.outlooks] == ["C", "A", "B"]


def test_where_nobody_is_left_no_deadline_counts() -> None:
    plan = planned(0, due(hours=-1), pace=Pace())
    assert plan.outlooks == ()
    assert plan.finish_at == START


def test_the_limit_holds_a_sending_that_comes_near_it() -> None:
    assert not Pace(measured=1.0).is_held_by_limit
    assert Pace(channel=10.0).is_held_by_limit
    assert Pace(channel=10.0, measured=9.5).is_held_by_limit, "it was the limit that held it"
    assert not Pace(channel=10.0, measured=5.0).is_held_by_limit, "a higher limit changes nothing"


def test_only_a_certain_legal_deadline_to_come_is_missed_for_no_need() -> None:
    deadlines = (
        due("LEGAL", hours=1, latest=2),
        due("OVER", hours=-2, latest=-1),
        due("AIM", hours=1),
        DueTime(
            rule="PERHAPS", plan_by=START, legal_due=START + dt.timedelta(hours=1), is_certain=False
        ),
    )
    plan = planned(36_000, *deadlines)
    assert len(plan.missed) == 4
    assert [each.due.rule for each in plan.avoidably_missed] == ["LEGAL"]
    assert planned(36_000, *deadlines, pace=Pace(measured=1.0)).avoidably_missed == ()


def test_what_takes_for_ever_takes_a_hundred_years() -> None:
    assert time_needed(10_000_000, 1e-9) == LONGEST
