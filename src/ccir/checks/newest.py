"""How old the newest moment is that a column of restored data holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec

from ccir.checks.reading import BadDataError, period_of
from ccir.domain.periods import add
from ccir.domain.playbook import PeriodText, Text

# Clocks differ a little; what lies further ahead would hide how old the rest is.
_MOST_AHEAD = dt.timedelta(minutes=10)


class NewestRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which column holds moments, and how old the newest of them may be.

    A moment is ISO 8601, in UTC where it names no zone, or a number of seconds since 1970.
    """

    column: Text
    within: PeriodText


class Newest:
    """Remembers the newest moment that is not in the future."""

    def __init__(self, rule: NewestRule, *, now: dt.datetime) -> None:
        self._rule = rule
        self._now = now
        self._period = period_of(rule.within)
        self._newest: dt.datetime | None = None

    def add(self, fields: Mapping[str, object]) -> None:
        """Look at one row; one without a moment says nothing."""
        moment = _moment(fields.get(self._rule.column))
        if moment is None or moment > self._now + _MOST_AHEAD:
            return
        if self._newest is None or moment > self._newest:
            self._newest = moment

    def judge(self) -> dt.datetime:
        """Hold the newest moment against the rule, and return it in UTC.

        Raises:
            BadDataError: there is none, or it is too old.
        """
        column = self._rule.column
        if self._newest is None:
            detail = f"no row holds a past moment in the column {column}"
            raise BadDataError("no-moment", detail)
        if add(self._period, to=self._newest, zone=dt.UTC) < self._now:
            detail = f"the newest {column} is older than {self._rule.within}"
            raise BadDataError("too-old", detail, newest_at=self._newest)
        return self._newest


def _moment(value: object) -> dt.datetime | None:
    try:
        if isinstance(value, str) and not _is_number(value):
            moment = dt.datetime.fromisoformat(value.strip())
            return moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)
        if isinstance(value, str | int | float):
            return dt.datetime.fromtimestamp(float(value), dt.UTC)
    except (ValueError, OverflowError, OSError):  # each is raised for a number out of range
        return None
    return None


def _is_number(text: str) -> bool:
    """Tell seconds since 1970 from a date without hyphens, which has eight digits."""
    digits = text.strip().replace(".", "", 1)
    return digits.isascii() and digits.isdigit() and len(digits) != len("20260102")
