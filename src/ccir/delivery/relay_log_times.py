"""When the lines of a relay's log were written, and which spans of time its files cover."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import msgspec

from ccir.clock import Clock

QUIET = dt.timedelta(minutes=15)  # a longer silence between two files may be a file that is missing
_AHEAD = dt.timedelta(days=1)  # a relay's clock may run ahead of ours
_STAMP = re.compile(
    rb"(?:(?P<full>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d))"
    rb"|(?P<short>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)) "
)


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time, both ends included."""

    first_at: dt.datetime
    last_at: dt.datetime

    def holds(self, other: Span, *, margin: dt.timedelta) -> bool:
        """Return whether the other lies inside, with that much to spare on both sides."""
        return self.first_at + margin <= other.first_at and other.last_at + margin <= self.last_at


class LogClock:
    """Reads the times of a log; those without a year are the last such day before now.

    `zone` is that of times without an offset.
    """

    def __init__(self, clock: Clock, *, zone: dt.tzinfo) -> None:
        self._clock = clock
        self._zone = zone

    def moment(self, line: bytes) -> dt.datetime | None:
        """Return when the line was written; None where it does not begin with a time."""
        found = _STAMP.match(line)
        if found is None:
            return None
        try:
            if found["full"]:
                return dt.datetime.fromisoformat(found["full"].decode("ascii"))
            return self._with_year(found["short"].decode("ascii"))
        except ValueError:
            return None

    def _with_year(self, text: str) -> dt.datetime:
        latest = self._clock.now() + _AHEAD
        # A leap year first: without one, the 29th of February could not even be read.
        local = dt.datetime.strptime(f"2000 {text}", "%Y %b %d %H:%M:%S").replace(
            year=latest.astimezone(self._zone).year, tzinfo=self._zone
        )
        return local if local <= latest else local.replace(year=local.year - 1)


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, made one where no more than `QUIET` lies between them."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: each.first_at):
        if found and span.first_at <= found[-1].last_at + QUIET:
            last_at = max(found[-1].last_at, span.last_at)
            found[-1] = Span(first_at=found[-1].first_at, last_at=last_at)
        else:
            found.append(span)
    return found
