"""Moments as people write them and as they are shown: `now`, `14:05`, ISO 8601."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from zoneinfo import ZoneInfo

from ccir.errors import UsageError

ENTERED_LATER = dt.timedelta(minutes=5)
_TIME_OF_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@cache
def zone_of(name: str) -> ZoneInfo:
    """Return the IANA zone of that name."""
    return ZoneInfo(name)


def parse_moment(text: str, *, now: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return the moment meant by `now`, `14:05` (today), or an ISO 8601 date and time.

    A time without an offset is the zone's. The answer is in UTC.

    Raises:
        UsageError: the text is no moment.
    """
    if text == "now":
        return now.astimezone(dt.UTC)
    of_day = _TIME_OF_DAY.fullmatch(text)
    if of_day is not None:
        local = now.astimezone(zone)
        at = dt.datetime.combine(local.date(), dt.time(int(of_day[1]), int(of_day[2])), zone)
        return at.astimezone(dt.UTC)
    return _parse_iso(text, zone)


def shown(moment: dt.datetime, zone: dt.tzinfo) -> str:
    """Return the moment in the zone with its offset's name, and in UTC."""
    local = moment.astimezone(zone)
    utc = moment.astimezone(dt.UTC)
    if local.utcoffset() == dt.timedelta(0):
        return f"{utc:%Y-%m-%d %H:%M} UTC"
    other_day = f"{utc:%m-%d} " if utc.date() != local.date() else ""
    return f"{local:%Y-%m-%d %H:%M %Z} ({other_day}{utc:%H:%M} UTC)"


def _parse_iso(text: str, zone: dt.tzinfo) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"'{text}' is not a moment",
            hint="write 'now', '14:05', '2026-11-24T14:05' or '2026-11-24T14:05+01:00'",
        ) from error
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    if not dt.MINYEAR < aware.year < dt.MAXYEAR:  # another zone may not be able to show it
        raise UsageError(f"'{text}' lies outside the calendar", hint="check the year")
    return aware.astimezone(dt.UTC)
