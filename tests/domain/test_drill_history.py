from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ccir.domain.drill_history import (
    Due,
    Played,
    due,
    errors_in_a_row,
    passed_at,
    played,
    sparkline,
)
from ccir.domain.drills import CheckPlan, Drill, Schedule
from ccir.domain.outcomes import Verdict
from support.events import DRILL_FINISHED
from support.runs import RUN, START, later, log_of

BERLIN = ZoneInfo("Europe/Berlin")
ERRORS: tuple[Verdict, ...] = ("error",) * 6
TICK = dt.timedelta(microseconds=1)
HOURS = st.integers(min_value=1, max_value=200)
SLOTS = st.integers(min_value=0, max_value=300)
SECONDS = st.one_of(st.none(), st.floats(min_value=0, max_value=1e6))


def drill(every: str | None = "24h") -> Drill:
    return Drill(
        id="crm",
        version="1.0.0",
        title="Restore",
        summary="For tests.",
        target="crm",
        checks=(CheckPlan(kind="file-count"),),
        schedule=None if every is None else Schedule(every=every),
    )


def last_at(moment: dt.datetime) -> Played:
    return Played(run="DR-2026-0001", seq=3, at=moment, result=DRILL_FINISHED)


def asked(every: str, last: dt.datetime, now: dt.datetime) -> Due:
    found = due(drill(every), [last_at(last)], now, zone=BERLIN)
    assert found is not None
    return found


def berlin(*words: int) -> dt.datetime:
    year, month, day, hour = words
    return dt.datetime(year, month, day, hour, tzinfo=BERLIN).astimezone(dt.UTC)


def test_1_a_drill_is_due_at_its_slot_and_not_a_moment_before() -> None:
    slot = later(hours=24)
    before, at = asked("24h", START, slot - TICK), asked("24h", START, slot)
    assert (before.is_due, before.due_at, before.missed) == (False, slot, 0)
    assert (at.is_due, at.due_at, at.missed, at.first_missed_at) == (True, slot, 0, None)


def test_1_a_drill_that_was_never_played_is_due_at_once() -> None:
    found = due(drill(), [], START, zone=BERLIN)
    assert found == Due(drill="crm", every="24h", last=None, due_at=None, is_due=True)
    assert (found.verdict, found.reason) == ("stale", "never-drilled")


def test_1_a_drill_without_a_schedule_is_never_due() -> None:
    assert due(drill(None), [], START, zone=BERLIN) is None
    assert due(drill(None), [last_at(START)], later(hours=10_000), zone=BERLIN) is None


def test_2_slots_that_passed_before_the_present_one_were_missed() -> None:
    found = asked("24h", START, later(hours=24 * 3 + 5))
    assert (found.is_due, found.missed, found.first_missed_at) == (True, 2, later(hours=24))
    assert found.due_at == later(hours=24)


@given(hours=HOURS, slots=SLOTS, late=st.floats(min_value=0, max_value=0.99))
def test_2_of_so_many_slots_all_but_the_last_were_missed(
    hours: int, slots: int, late: float
) -> None:
    now = START + dt.timedelta(hours=hours) * (slots + late)
    found = asked(f"{hours}h", START, now)
    assert found.is_due == (slots > 0)
    assert found.missed == max(slots - 1, 0)
    assert (found.first_missed_at is not None) == (found.missed > 0)


@given(hours=HOURS, first=st.integers(0, 10**6), second=st.integers(0, 10**6))
def test_2_what_is_due_stays_due_until_it_is_played(hours: int, first: int, second: int) -> None:
    earlier, afterwards = sorted((first, second))
    before = asked(f"{hours}h", START, later(earlier))
    after = asked(f"{hours}h", START, later(afterwards))
    assert after.is_due >= before.is_due
    assert after.missed >= before.missed
    assert not asked(f"{hours}h", later(afterwards), later(afterwards)).is_due


@pytest.mark.parametrize(
    ("every", "last", "expected"),
    [
        ("24h", berlin(2026, 3, 28, 20), berlin(2026, 3, 29, 21)),
        ("1d", berlin(2026, 3, 28, 20), berlin(2026, 3, 29, 20)),
        ("1d", berlin(2026, 10, 24, 20), berlin(2026, 10, 25, 20)),
        ("24h", berlin(2026, 10, 24, 20), berlin(2026, 10, 25, 19)),
        ("1w", berlin(2026, 3, 25, 3), berlin(2026, 4, 1, 3)),
        ("1mo", berlin(2026, 1, 31, 3), berlin(2026, 2, 28, 3)),
        ("1mo", berlin(2026, 3, 15, 3), berlin(2026, 4, 15, 3)),
        ("5bd", berlin(2026, 3, 27, 3), berlin(2026, 4, 3, 3)),
        ("P1M", berlin(2028, 1, 31, 3), berlin(2028, 2, 29, 3)),
    ],
)
def test_hours_are_elapsed_and_days_and_months_keep_the_wall_clock(
    every: str, last: dt.datetime, expected: dt.datetime
) -> None:
    found = asked(every, last, expected)
    assert (found.due_at, found.is_due, found.missed) == (expected, True, 0)
    assert not asked(every, last, expected - TICK).is_due


def test_months_that_were_missed_are_counted_across_the_change_of_the_clocks() -> None:
    found = asked("1mo", berlin(2026, 1, 15, 3), berlin(2026, 5, 15, 3))
    assert (found.missed, found.first_missed_at) == (3, berlin(2026, 2, 15, 3))
    assert asked("1mo", berlin(2026, 1, 15, 3), berlin(2026, 5, 15, 3) - TICK).missed == 2


def test_counting_missed_slots_has_an_end() -> None:
    assert asked("1m", START, later(hours=24 * 365)).missed == 9_999


def drills(*verdicts: Verdict, hours: float = 24) -> list[Played]:
    """Return one drill after the other, so many hours apart, the first at the start."""
    return [
        Played(
            run="DR-2026-0001",
            seq=number,
            at=later(hours=hours * number),
            result=replace(
                DRILL_FINISHED, verdict=verdict, reason="" if verdict == "pass" else "x"
            ),
        )
        for number, verdict in enumerate(verdicts)
    ]


def stands(earlier: list[Played], now: dt.datetime, every: str = "24h") -> tuple[str, str, bool]:
    found = due(drill(every), earlier, now, zone=BERLIN)
    assert found is not None
    return found.verdict, found.reason, found.is_due


def due_after(*verdicts: Verdict, every: str = "24h") -> float:
    """Return how many hours after the last of the drills the next one is due."""
    earlier = drills(*verdicts)
    found = due(drill(every), earlier, earlier[-1].at, zone=BERLIN)
    assert found is not None
    assert found.due_at is not None
    return (found.due_at - earlier[-1].at).total_seconds() / 3_600


@pytest.mark.parametrize(
    ("every", "hours"),
    [("24h", 6), ("8h", 2), ("2h", 1), ("1h", 1), ("30m", 0.5), ("4w", 167.75), ("20d", 120)],
)
def test_3_an_error_is_tried_again_after_a_quarter_of_the_period(every: str, hours: float) -> None:
    assert due_after("error", every=every) == hours


def test_3_it_is_tried_early_three_times_in_a_row_and_then_at_its_slots() -> None:
    hours = [due_after(*ERRORS[:count]) for count in range(1, 7)]
    assert hours == [6, 6, 6, 24, 24, 24]
    assert due_after("error", "error", "error", "error", "fail", "error") == 6


def test_3_slots_after_an_early_one_are_a_period_apart() -> None:
    found = due(drill(), drills("error"), later(hours=30), zone=BERLIN)
    assert found is not None
    assert (found.missed, found.first_missed_at) == (1, later(hours=6))


def test_4_one_that_was_skipped_has_taken_its_slot() -> None:
    assert due_after("fail", "skipped") == 24
    assert stands(drills("pass", "skipped"), later(hours=47)) == ("skipped", "x", False)
    assert stands(drills("pass", "skipped", "skipped"), later(hours=71))[0] == "skipped"


@pytest.mark.parametrize("hours", [3, 24 * 9])
def test_4_one_that_was_put_off_is_due_on_its_day(hours: int) -> None:
    until = later(hours=hours)
    (last,) = drills("skipped")
    put_off = [replace(last, result=replace(last.result, skipped_until=until))]
    assert stands(put_off, until - TICK) == ("skipped", "x", False)
    assert stands(put_off, until) == ("skipped", "x", True)
    assert stands(put_off, until + dt.timedelta(hours=24)) == ("stale", "overdue", True)


def test_5_a_drill_is_stale_a_whole_period_after_it_was_due() -> None:
    slot = later(hours=48)
    assert stands(drills("pass"), slot - TICK) == ("pass", "", True)
    assert stands(drills("pass"), slot) == ("stale", "overdue", True)


def test_5_a_drill_is_stale_when_it_has_not_passed_for_more_than_two_periods() -> None:
    failing = drills("pass", "fail", "error", "fail")
    assert stands(failing[:3], later(hours=48)) == ("error", "x", False)
    assert stands(failing[:3], later(hours=48) + TICK) == ("stale", "unproven", False)
    assert stands(failing, later(hours=72)) == ("stale", "unproven", False)


def test_5_where_none_ever_passed_the_first_counts() -> None:
    failing = drills("fail", "fail", "fail")
    assert stands(failing[:2], later(hours=24)) == ("fail", "x", False)
    assert stands(failing, later(hours=49)) == ("stale", "unproven", False)
    assert stands(drills("fail", "fail", "fail", "pass"), later(hours=72)) == ("pass", "", False)


def test_when_one_passed_last_and_how_many_errors_came_since_are_found() -> None:
    assert passed_at(drills("pass", "pass", "fail")) == later(hours=24)
    assert passed_at(drills("fail")) is None
    assert errors_in_a_row(drills("error", "pass", "error", "error")) == 2
    assert errors_in_a_row(drills("error")) == 1
    assert errors_in_a_row(drills("error", "skipped")) == 0
    assert errors_in_a_row([]) == 0


def test_the_drills_of_a_log_are_found_with_their_run_and_place() -> None:
    again = replace(DRILL_FINISHED, verdict="fail", reason="rto-exceeded")
    found = played(log_of(DRILL_FINISHED, again))
    assert [(each.run, each.seq, each.at, each.result) for each in found] == [
        (RUN, 2, later(1), DRILL_FINISHED),
        (RUN, 3, later(2), again),
    ]
    assert played(log_of()) == []


def test_a_sparkline_has_a_full_bar_for_the_largest_and_a_blank_for_none() -> None:
    assert sparkline([1.0, 4.0, None, 8.0]) == "▂▅ █"
    assert sparkline([]) == ""
    assert sparkline([0.0, 0.0]) == "▁▁"
    assert sparkline([None]) == " "
    assert sparkline([3.5]) == "█"


@given(st.lists(SECONDS, max_size=50))
def test_a_larger_value_never_has_a_smaller_bar(values: list[float | None]) -> None:
    bars = sparkline(values)
    assert len(bars) == len(values)
    shown = sorted(
        (value, bar) for value, bar in zip(values, bars, strict=True) if value is not None
    )
    assert [bar for _, bar in shown] == sorted(bar for _, bar in shown)
    assert bars.count(" ") == values.count(None)
