"""Pictures of how a drill went: where the lines and marks of RTO, RPO and coverage stand.

1. A mark's shape is its verdict, so that no colour is needed. It is hollow where nothing was
   restored as a whole: such a time is no RTO, and no line joins it.
2. A drill without a value stands in a lane of its own below the axis.
3. An objective far above every value would press them flat: it is only told in words.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from ccir.domain.outcomes import Verdict
from ccir.reports.chart_marks import shape
from ccir.reports.chart_plane import SHARE, Plane, Scale, Spell, dates, time_scale
from ccir.reports.drill_series import NOT_WHOLE, DrillPoint, DrillSeries
from ccir.reports.telling import percent, span

PLANE = Plane(left=86, right=702, top=10, bottom=150, pad=20)
LANE = 172


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """A name at a place of an axis."""

    at: float
    text: str


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """One drill in a picture: `path` draws it, `told` says it in words."""

    path: str
    verdict: Verdict
    is_hollow: bool
    told: str


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """The objective as a line in steps, empty where all lie above, and the last one in words."""

    path: str
    text: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """One picture; `line` joins points, `has_lane` where drills without a value stand below."""

    name: str
    title: str
    told: str
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    line: str
    limit: Limit | None
    marks: tuple[Mark, ...]
    has_lane: bool


class _Measure(msgspec.Struct, frozen=True, kw_only=True):
    """What a picture shows of a drill: its value, its objective, and how they are written."""

    name: str
    title: str
    value: Callable[[DrillPoint], float | None]
    objective: Callable[[DrillPoint], float | None]
    written: Callable[[float], str]
    needs_whole: bool = False
    scale: Scale | None = None


def charts(series: DrillSeries, zone: dt.tzinfo) -> tuple[Chart, ...]:
    """Return the pictures of a drill; one of which no value is known is left out."""
    return tuple(
        _Picture(series, measure).chart(zone)
        for measure in _MEASURES
        if any(measure.value(point) is not None for point in series.points)
    )


class _Picture:
    """One measure of one drill, being drawn."""

    def __init__(self, series: DrillSeries, measure: _Measure) -> None:
        self._series = series
        self._measure = measure
        self._points = series.points
        self._values = [measure.value(point) for point in series.points]
        self._known = [value for value in self._values if value is not None]
        self._scale = measure.scale or time_scale(self._known, self._objectives())
        moments = [point.at.at for point in series.points]
        self._spell = Spell(first=min(moments), last=max(moments))

    def chart(self, zone: dt.tzinfo) -> Chart:
        """Return the picture, its days as the zone has them."""
        written = self._measure.written
        ticks = self._scale.ticks
        return Chart(
            name=self._measure.name,
            title=f"{self._measure.title} of {self._series.drill}",
            told=self._told(zone),
            rows=tuple(Tick(at=self._y(at), text=written(at)) for at in ticks),
            columns=tuple(
                Tick(at=PLANE.x(at, self._spell), text=text)
                for at, text in dates(self._spell, zone)
            ),
            line=self._line(),
            limit=self._limit(),
            marks=tuple(map(self._mark, self._points, self._values)),
            has_lane=None in self._values,
        )

    def _objectives(self) -> list[float]:
        found = (self._measure.objective(point) for point in self._points)
        return [objective for objective in found if objective is not None]

    def _x(self, point: DrillPoint) -> float:
        return PLANE.x(point.at.at, self._spell)

    def _y(self, value: float) -> float:
        return PLANE.y(value, self._scale)

    def _is_hollow(self, point: DrillPoint) -> bool:
        return self._measure.needs_whole and not point.is_whole

    def _counted(self) -> list[tuple[DrillPoint, float]]:
        """Return the drills that have a value and are not hollow."""
        return [
            (point, value)
            for point, value in zip(self._points, self._values, strict=True)
            if value is not None and not self._is_hollow(point)
        ]

    def _line(self) -> str:
        places = ((self._x(point), self._y(value)) for point, value in self._counted())
        return " ".join(f"{x:g},{y:g}" for x, y in places)

    def _limit(self) -> Limit | None:
        """Return the objective from edge to edge: each holds until the next drill."""
        steps = [
            (self._x(point), objective)
            for point in self._points
            if (objective := self._measure.objective(point)) is not None
        ]
        if not steps:
            return None
        last, top = self._measure.written(steps[-1][1]), self._scale.top
        if all(objective > top for _, objective in steps):
            return Limit(path="", text=f"objective {last}, far above this picture")
        path = f"M{PLANE.left:g} {self._y(steps[0][1]):g}"
        path += "".join(f"H{x:g}V{self._y(objective):g}" for x, objective in steps[1:])
        return Limit(path=f"{path}H{PLANE.right:g}", text=f"dashed: objective {last}")

    def _mark(self, point: DrillPoint, value: float | None) -> Mark:
        height = LANE if value is None else self._y(value)
        is_hollow = self._is_hollow(point)
        words = "no value" if value is None else self._measure.written(value)
        reason = f" ({point.reason})" if point.reason else ""
        read = f", {NOT_WHOLE[point.mode]}" if is_hollow else ""
        return Mark(
            path=shape(point.verdict, self._x(point), height),
            verdict=point.verdict,
            is_hollow=is_hollow,
            told=f"{point.run}, {point.at.shown}: {point.verdict}{reason}, {words}{read}",
        )

    def _told(self, zone: dt.tzinfo) -> str:
        """Return in one sentence what the picture shows to those who do not see it."""
        written = self._measure.written
        first, last = (
            f"{at.astimezone(zone):%Y-%m-%d}" for at in (self._spell.first, self._spell.last)
        )
        verdicts = Counter(point.verdict for point in self._points)
        told = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
        counted = [value for _, value in self._counted()]
        words = "nothing was restored whole"
        if counted:
            words = (
                f"from {written(min(counted))} to {written(max(counted))}, "
                f"the last one {written(counted[-1])}"
            )
        limit = self._limit()
        return f"{first} to {last}: {told}; {words}" + (f"; {limit.text}" if limit else "")


def _time(seconds: float) -> str:
    return span(seconds).replace(".0 s", " s")


_MEASURES: Sequence[_Measure] = (
    _Measure(
        name="rto",
        title="Recovery time (RTO)",
        value=lambda point: point.rto.measured_seconds,
        objective=lambda point: point.rto.objective_seconds,
        written=_time,
        needs_whole=True,
    ),
    _Measure(
        name="rpo",
        title="Recovery point (RPO)",
        value=lambda point: point.rpo.measured_seconds,
        objective=lambda point: point.rpo.objective_seconds,
        written=_time,
    ),
    _Measure(
        name="coverage",
        title="Coverage of the newest snapshot",
        value=lambda point: point.coverage,
        objective=lambda _point: None,
        written=percent,
        scale=SHARE,
    ),
)
