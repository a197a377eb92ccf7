"""The plane of a picture: where values and moments stand, and which are named at its edge."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import msgspec

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_STEPS = (
    *(0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(minutes * _MINUTE for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * _DAY for days in (1, 2, 7, 14, 30, 90, 365)),
)
_ROWS = 4
_COLUMNS = 5
_HEADROOM = 1.05
# An objective so many times above every value would press them flat.
_FAR_ABOVE = 4
# Seconds under which a day alone does not tell two columns apart.
_FEW_DAYS = _COLUMNS * _DAY


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """Values from 0 to `top`, and those that are named."""

    top: float
    ticks: tuple[float, ...]


SHARE = Scale(top=1.0, ticks=(0.0, 0.5, 1.0))


class Spell(msgspec.Struct, frozen=True, kw_only=True):
    """From the first moment to the last one."""

    first: dt.datetime
    last: dt.datetime

    @property
    def seconds(self) -> float:
        """Return how long it is; 0 for a single moment."""
        return (self.last - self.first).total_seconds()


class Plane(msgspec.Struct, frozen=True, kw_only=True):
    """A rectangle in the units of the picture; `pad` stays free left and right of the marks."""

    left: float
    right: float
    top: float
    bottom: float
    pad: float

    def y(self, value: float, scale: Scale) -> float:
        """Return the height of a value; one outside of the scale stands at its edge."""
        share = min(max(value / scale.top, 0.0), 1.0)
        return round(self.bottom - share * (self.bottom - self.top), 1)

    def x(self, at: dt.datetime, spell: Spell) -> float:
        """Return where a moment stands; the only one stands in the middle."""
        first, last = self.left + self.pad, self.right - self.pad
        if not spell.seconds:
            return round((first + last) / 2, 1)
        share = (at - spell.first).total_seconds() / spell.seconds
        return round(first + share * (last - first), 1)


def time_scale(seconds: Sequence[float], objectives: Sequence[float]) -> Scale:
    """Return a scale for lengths of time, at whole minutes, hours or days.

    The objectives are on it unless they lie far above every value.
    """
    largest = max(seconds)
    objective = max(objectives, default=0.0)
    top = objective if 0 < largest * _FAR_ABOVE >= objective > largest else largest
    top = top if top > 0 else objective or 1.0
    step = next((step for step in _STEPS if step * _ROWS >= top), _STEPS[-1])
    rows = max(1, math.ceil(round(top * _HEADROOM / step, 6)))
    while rows > 2 * _ROWS:  # beyond the largest step
        step, rows = step * 2, math.ceil(rows / 2)
    return Scale(top=rows * step, ticks=tuple(number * step for number in range(rows + 1)))


def dates(spell: Spell, zone: dt.tzinfo) -> list[tuple[dt.datetime, str]]:
    """Return moments of the spell that are named, each with its name; no name comes twice."""
    form = "%Y-%m-%d" if spell.seconds >= _FEW_DAYS else "%m-%d %H:%M"
    step = (spell.last - spell.first) / (_COLUMNS - 1)
    moments = [spell.first + number * step for number in range(_COLUMNS)]
    named = {at.astimezone(zone).strftime(form): at for at in reversed(moments)}
    return [(at, name) for name, at in reversed(named.items())]
