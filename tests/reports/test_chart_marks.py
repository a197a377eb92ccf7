from __future__ import annotations

from typing import get_args

from ccir.domain.outcomes import Verdict
from ccir.reports.chart_marks import shape

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def test_every_verdict_has_a_closed_shape_around_its_place() -> None:
    for verdict in VERDICTS:
        path = shape(verdict, 100, 50)
        assert path.startswith("M")
        assert path.endswith("z")
        assert "100" in path or "95" in path


def test_verdicts_are_told_apart_without_colour() -> None:
    shapes = {verdict: shape(verdict, 7, 7) for verdict in VERDICTS}
    assert shapes.pop("stale") == shapes["fail"], "a drill that was played is never stale"
    assert len({*shapes.values()}) == len(shapes)
