"""How each drill of a run went over time: RTO, RPO and coverage, with trend and estimate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from ccir.domain.drill_history import Played
from ccir.domain.drill_trend import Trend, coverage_share, full_seconds, trend
from ccir.domain.drills import Mode
from ccir.domain.events import DrillCited, DrillFinished
from ccir.domain.outcomes import Objective, Verdict
from ccir.domain.record import Entry
from ccir.domain.rto_estimate import NoEstimate, RtoEstimate, estimate, whole_restores
from ccir.reports.telling import Moment, Teller, percent, size, span

SHOWN_LIMIT = 60
# Why the time that a drill took is no RTO; empty where everything was restored.
NOT_WHOLE: dict[Mode, str] = {
    "full": "",
    "sample": "a sample, not restored whole",
    "stream": "read, not restored",
}


class DrillPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One drill of a series; `is_whole` where everything was restored, so that its RTO counts.

    `coverage` is a share from 0 to 1 of the newest snapshot's bytes; None where it is not known.
    """

    run: str
    event: int
    at: Moment
    verdict: Verdict
    reason: str
    mode: Mode
    is_whole: bool
    bytes: int
    files: int
    rto: Objective
    rpo: Objective
    coverage: float | None
    rto_shown: str
    rpo_shown: str
    coverage_shown: str
    size_shown: str


class DrillSeries(msgspec.Struct, frozen=True, kw_only=True):
    """The newest drills of one id, oldest first; `earlier` counts those left out.

    `trend` is of the seconds of full restores only; `estimate` says how long the newest
    snapshot would take, or why that cannot be said.
    """

    drill: str
    points: tuple[DrillPoint, ...]
    earlier: int
    trend: Trend | None
    trend_shown: str
    estimate: RtoEstimate | NoEstimate
    estimate_shown: str


def drill_ids(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the ids of the drills that a run played or cited."""
    events = (entry.event for entry in entries)
    return frozenset(
        event.drill for event in events if isinstance(event, DrillFinished | DrillCited)
    )


def drill_series(played: Sequence[Played], teller: Teller) -> tuple[DrillSeries, ...]:
    """Return the series of every drill, by its id; `played` is oldest first."""
    names = sorted({each.result.drill for each in played})
    return tuple(
        _series([each for each in played if each.result.drill == name], teller) for name in names
    )


def _series(played: Sequence[Played], teller: Teller) -> DrillSeries:
    shown = played[-SHOWN_LIMIT:]
    measured = trend(full_seconds(shown))
    answer = _estimate(shown)
    return DrillSeries(
        drill=shown[0].result.drill,
        points=tuple(_point(each, teller) for each in shown),
        earlier=len(played) - len(shown),
        trend=measured,
        trend_shown=_trend_in_words(measured),
        estimate=answer,
        estimate_shown=_estimate_in_words(answer),
    )


def _point(played: Played, teller: Teller) -> DrillPoint:
    result = played.result
    share = coverage_share(result)
    no_rto = NOT_WHOLE[result.mode]
    note = f" ({no_rto})" if no_rto and result.rto.measured_seconds is not None else ""
    return DrillPoint(
        run=played.run,
        event=played.seq,
        at=teller.moment(played.at),
        verdict=result.verdict,
        reason=result.reason,
        mode=result.mode,
        is_whole=not no_rto,
        bytes=result.bytes,
        files=result.files,
        rto=result.rto,
        rpo=result.rpo,
        coverage=share,
        rto_shown=_objective_in_words(result.rto) + note,
        rpo_shown=_objective_in_words(result.rpo),
        coverage_shown="" if share is None else percent(share),
        size_shown=f"{result.files:,} files, {size(result.bytes)}",
    )


def _objective_in_words(objective: Objective) -> str:
    if objective.measured_seconds is None:
        return ""
    taken = span(objective.measured_seconds)
    promised = objective.objective_seconds
    return taken if promised is None else f"{taken} of {span(promised)}"


def _trend_in_words(measured: Trend | None) -> str:
    if measured is None:
        return "no full restore was measured"
    return (
        f"{_times(measured.count, 'full restore')}: fastest {span(measured.minimum)}, "
        f"median {span(measured.median)}, 95 of 100 within {span(measured.p95)}"
    )


def _estimate(played: Sequence[Played]) -> RtoEstimate | NoEstimate:
    size_bytes, files = _newest_size(played)
    if not size_bytes:
        return NoEstimate(why="the size of the newest snapshot is not known")
    return estimate(whole_restores(played), size_bytes=size_bytes, files=files)


def _newest_size(played: Sequence[Played]) -> tuple[int, int]:
    """Return bytes and files of the newest snapshot as the last drill that knows saw it."""
    for each in reversed(played):
        result = each.result
        if result.coverage is not None and result.coverage.bytes:
            return result.coverage.bytes, result.coverage.files
        if result.mode != "sample" and result.bytes:
            return result.bytes, result.files
    return 0, 0


def _estimate_in_words(answer: RtoEstimate | NoEstimate) -> str:
    if isinstance(answer, NoEstimate):
        return f"no estimate: {answer.why}"
    model = "a + b·bytes" if answer.c is None else "a + b·bytes + c·files"
    beyond = "; this is more than was ever restored" if answer.is_beyond else ""
    return (
        f"{span(answer.seconds)} for {size(answer.bytes)} in {answer.files:,} files, estimated "
        f"from {answer.restores} full restores, model {model}; 95 of 100 restores lie within "
        f"{span(answer.p95_residual_seconds)} of it{beyond}"
    )


def _times(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
