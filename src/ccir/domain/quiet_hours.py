"""The hours of a day in which nobody is to be disturbed."""

from __future__ import annotations

import datetime as dt

import msgspec

PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]\Z"


class QuietHours(msgspec.Struct, frozen=True, kw_only=True):
    """From one time of day to another, which may be the next day's; local times."""

    start: dt.time
    end: dt.time

    def end_of(self, now: dt.datetime, *, zone: dt.tzinfo) -> dt.datetime | None:
        """Return when the quiet that holds now is over; None where none holds."""
        local = now.astimezone(zone)
        today = local.date()
        for day in (today - dt.timedelta(days=1), today):
            start = dt.datetime.combine(day, self.start, zone)
            last = day if self.start < self.end else day + dt.timedelta(days=1)
            end = dt.datetime.combine(last, self.end, zone)
            # Compared in UTC: Python compares two times of one zone by their wall clocks.
            if start.astimezone(dt.UTC) <= now < end.astimezone(dt.UTC):
                return end.astimezone(dt.UTC)
        return None


def quiet_hours(text: str | None) -> QuietHours | None:
    """Return the hours of a text like `21:00-08:00`, None for none or where both are the same."""
    if text is None:
        return None
    start, _, end = text.partition("-")
    if start == end:
        return None
    return QuietHours(start=dt.time.fromisoformat(start), end=dt.time.fromisoformat(end))
