from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given as hypothetical
from hypothesis import strategies as st

from ccir.domain.workdays import WorkCalendar

FRIDAY = dt.date(2026, 4, 3)
EASTER = WorkCalendar(id="DE", holidays=frozenset({FRIDAY, dt.date(2026, 4, 6)}))
GULF = WorkCalendar(id="SA", weekend=frozenset({4, 5}))
days = st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31))
calendars = st.frozensets(days, max_size=40).map(
    lambda holidays: WorkCalendar(id="any", holidays=holidays)
)


def test_a_holiday_and_a_weekend_are_not_worked() -> None:
    worked = [day for day in range(1, 9) if EASTER.is_working(dt.date(2026, 4, day))]
    assert worked == [1, 2, 7, 8]
    assert GULF.is_working(dt.date(2026, 4, 5))
    assert not GULF.is_working(FRIDAY)


def test_the_next_working_day_may_be_the_day_itself() -> None:
    assert EASTER.working_from(dt.date(2026, 4, 2)) == dt.date(2026, 4, 2)
    assert EASTER.working_from(FRIDAY) == dt.date(2026, 4, 7)


def test_working_days_are_counted_without_the_day_they_start_from() -> None:
    assert EASTER.working_after(dt.date(2026, 4, 2), 0) == dt.date(2026, 4, 2)
    assert EASTER.working_after(dt.date(2026, 4, 2), 2) == dt.date(2026, 4, 8)
    assert EASTER.working_after(dt.date(2026, 4, 4), 1) == dt.date(2026, 4, 7)
    assert EASTER.worked(after=dt.date(2026, 4, 2), until=dt.date(2026, 4, 8)) == 2
    assert EASTER.worked(after=dt.date(2026, 4, 8), until=dt.date(2026, 4, 2)) == 0


def test_a_calendar_without_a_working_day_is_refused() -> None:
    with pytest.raises(ValueError, match="no working day"):
        WorkCalendar(id="never", weekend=frozenset(range(7)))


@hypothetical(calendars, days, st.integers(1, 60))
def test_the_nth_working_day_has_n_working_days_up_to_it(
    calendar: WorkCalendar, day: dt.date, count: int
) -> None:
    found = calendar.working_after(day, count)
    assert calendar.is_working(found)
    assert calendar.worked(after=day, until=found) == count
