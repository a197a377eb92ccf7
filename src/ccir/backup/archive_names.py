"""Reads when a backup was made, and of what, from the name of its folder."""

from __future__ import annotations

import datetime as dt
import re

import msgspec

# 2026-11-24, 20261124T221800Z, 2026-11-24_22-18, 2026-11-24 22:18:05+01:00 …
_DATE = r"(?<!\d)(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})"
_TIME = r"[T_. -]?(?P<hour>\d{2})[:.h-]?(?P<minute>\d{2})(?:[:.-]?(?P<second>\d{2}))?"
_ZONE = r"(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?"
_MOMENT = re.compile(f"{_DATE}{_TIME}{_ZONE}(?!\\d)")
_DAY = re.compile(f"{_DATE}(?!\\d)")
_BETWEEN = " -_.+"
# From the first place on earth where a day begins to the last where it ends.
_EARLIEST = dt.timedelta(hours=-14)
_LATEST = dt.timedelta(hours=24 + 12)


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """What a folder's name says: the day or the moment, and the words around it as tags."""

    at: dt.datetime | None = None
    is_day: bool = False
    tags: tuple[str, ...] = ()

    def taken_at(self, newest: dt.datetime) -> dt.datetime:
        """Return when the backup was made, where its newest file is of that time.

        A day's name leaves the time open: the newest file tells it, if it is of that day
        anywhere on earth; otherwise it is the day's beginning.
        """
        if self.at is None:
            return newest
        if self.is_day and self.at + _EARLIEST <= newest < self.at + _LATEST:
            return newest
        return self.at


def read_name(name: str) -> Named:
    """Return what the folder's name says; a time without a zone is UTC."""
    for pattern in (_MOMENT, _DAY):
        for found in pattern.finditer(name):
            at = _moment(found)
            if at is not None:
                tags = _words(name[: found.start()], name[found.end() :])
                return Named(at=at, is_day=pattern is _DAY, tags=tags)
    return Named(tags=_words(name))


def _moment(found: re.Match[str]) -> dt.datetime | None:
    parts = {key: int(text or 0) for key, text in found.groupdict().items() if key != "zone"}
    zone = found.groupdict().get("zone")
    try:
        naive = dt.datetime(**parts, tzinfo=dt.UTC)
        return naive.replace(tzinfo=_zone(zone)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> dt.tzinfo:
    if text is None or text in "Zz":
        return dt.UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return dt.timezone(dt.timedelta(minutes=-minutes if text.startswith("-") else minutes))


def _words(*texts: str) -> tuple[str, ...]:
    return tuple(filter(None, (text.strip(_BETWEEN) for text in texts)))
