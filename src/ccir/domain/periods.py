"""Lengths of time as people write them (`72h`, `5bd`, `1mo`), and adding them to a moment."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Literal

import msgspec

Unit = Literal["minutes", "hours", "days", "business-days", "weeks", "months"]

_SHORT: dict[str, Unit] = {
    "m": "minutes",
    "min": "minutes",
    "h": "hours",
    "d": "days",
    "bd": "business-days",
    "w": "weeks",
    "mo": "months",
}
_SHORT_FORM = re.compile(r"(\d{1,5})(min|mo|bd|[mhdw])")
_ISO_FORM = re.compile(
    r"P(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,5})M)?)?"
)
_FRIDAY, _SATURDAY = 4, 5
# A day short of the calendar's end, so that every zone can show it.
LAST = dt.datetime(9999, 12, 30, tzinfo=dt.UTC)


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A length of time: so many of one unit."""

    amount: int
    unit: Unit


def parse_period(text: str) -> Period | None:
    """Return the period written as `90m`, `72h`, `30d`, `5bd`, `2w`, `1mo` or ISO 8601.

    ISO 8601 is understood with one unit (`PT72H`, `P1M`). None where the text is neither.
    """
    short = _SHORT_FORM.fullmatch(text)
    if short is not None:
        return Period(amount=int(short[1]), unit=_SHORT[short[2]])
    return _parse_iso(text)


def add(period: Period, *, to: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return the moment that lies the period after `to`, in UTC.

    Minutes and hours are elapsed time. Days, weeks, business days (Monday to Friday) and
    months keep the wall-clock time of `zone`; a month ends at the latest on its last day.
    Business days that begin on a weekend are counted from the Friday before. What lies past
    the calendar's end is `LAST`.
    """
    try:
        return min(_later(period, to=to, zone=zone), LAST)
    except (OverflowError, ValueError):  # dt.date knows no year 10000
        return LAST


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day of the month so many months later, at the latest its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def _parse_iso(text: str) -> Period | None:
    found = _ISO_FORM.fullmatch(text)
    given = {} if found is None else {k: v for k, v in found.groupdict().items() if v}
    if len(given) != 1:
        return None
    [(unit, amount)] = given.items()
    return msgspec.convert({"amount": int(amount), "unit": unit}, Period)


def _later(period: Period, *, to: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    if period.unit == "minutes":
        return to.astimezone(dt.UTC) + dt.timedelta(minutes=period.amount)
    if period.unit == "hours":
        return to.astimezone(dt.UTC) + dt.timedelta(hours=period.amount)
    local = to.astimezone(zone)
    day = _later_day(local.date(), period)
    return dt.datetime.combine(day, local.timetz()).astimezone(dt.UTC)


def _later_day(day: dt.date, period: Period) -> dt.date:
    match period.unit:
        case "weeks":
            return day + dt.timedelta(weeks=period.amount)
        case "months":
            return months_later(day, period.amount)
        case "business-days":
            return _business_days_later(day, period.amount)
        case _:
            return day + dt.timedelta(days=period.amount)


def _business_days_later(day: dt.date, count: int) -> dt.date:
    weeks, rest = divmod(count, 5)
    past_friday = max(day.weekday() - _FRIDAY, 0) if count else 0
    later = day - dt.timedelta(days=past_friday) + dt.timedelta(weeks=weeks)
    for _ in range(rest):
        later += dt.timedelta(days=1)
        while later.weekday() >= _SATURDAY:
            later += dt.timedelta(days=1)
    return later
