"""The marks of a picture: a verdict has a shape of its own, so that no colour is needed."""

from __future__ import annotations

from ccir.domain.outcomes import Verdict

_RADIUS = 5.0
_CORNER = 6.0  # corners look smaller than what is round


def shape(verdict: Verdict, x: float, y: float) -> str:
    """Return the path of the mark around a place: circle, square, triangle or diamond."""
    r, c = _RADIUS, _CORNER
    match verdict:
        case "pass":
            half = f"a{r:g} {r:g} 0 1 0"
            return f"M{x - r:g} {y:g}{half} {2 * r:g} 0{half} {-2 * r:g} 0z"
        case "fail" | "stale":
            return f"M{x - r:g} {y - r:g}h{2 * r:g}v{2 * r:g}h{-2 * r:g}z"
        case "error":
            return f"M{x:g} {y - c:g}l{c:g} {2 * r:g}h{-2 * c:g}z"
        case "skipped":
            return f"M{x:g} {y - c:g}l{c:g} {c:g}l{-c:g} {c:g}l{-c:g} {-c:g}z"
