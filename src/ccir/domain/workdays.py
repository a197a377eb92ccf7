"""Working days: which days of a place are neither weekend nor public holiday, and counting them."""

from __future__ import annotations

import datetime as dt

import msgspec

_DAY = dt.timedelta(days=1)
_WEEK = 7
_SATURDAY, _SUNDAY = 5, 6


class WorkCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """The days on which a place does not work.

    `weekend` holds weekdays, Monday being 0. At least one weekday is worked.
    """

    id: str
    holidays: frozenset[dt.date] = frozenset()
    weekend: frozenset[int] = frozenset({_SATURDAY, _SUNDAY})

    def __post_init__(self) -> None:
        """Refuse a calendar on which counting would never end.

        Raises:
            ValueError: every weekday belongs to the weekend.
        """
        if self.weekend.issuperset(range(_WEEK)):
            raise ValueError(f"calendar {self.id} has no working day")

    def is_working(self, day: dt.date) -> bool:
        """Return whether the day is neither weekend nor holiday."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def working_from(self, day: dt.date) -> dt.date:
        """Return the first working day that is not before the day."""
        while not self.is_working(day):
            day += _DAY
        return day

    def working_after(self, day: dt.date, count: int) -> dt.date:
        """Return the `count`-th working day after the day; the day itself is not counted."""
        for _ in range(count):
            day = self.working_from(day + _DAY)
        return day

    def worked(self, *, after: dt.date, until: dt.date) -> int:
        """Return how many working days lie after the one day, up to and with the other."""
        days = range(1, (until - after).days + 1)
        return sum(self.is_working(after + _DAY * number) for number in days)
