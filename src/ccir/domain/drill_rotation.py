"""What a drill takes next, so that in time it has taken everything.

1. The bucket of a sample, or the older snapshot, is the one whose last good turn is longest ago;
   one that never had a turn comes first. A drill without a verdict was no turn.
2. The part of the repository's data is the next after as many drills as reached a verdict.
3. The negative control is due after so many drills without one that passed: a drill that could not
   fail must not pass the next time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from ccir.domain.backup_events import DrillFinished
from ccir.domain.drills import Bucket

_JUDGED = ("pass", "fail")
T = TypeVar("T")


def next_bucket(past: Sequence[DrillFinished], *, of: int) -> Bucket:
    """Return the sample to restore; `past` is the drill's history, oldest first."""
    turns = (each.bucket for each in past if each.restored == "pass" and each.proven is not None)
    numbers = [bucket.number for bucket in turns if bucket is not None and bucket.of == of]
    return Bucket(number=_longest_ago(range(of), numbers), of=of)


def next_older(past: Sequence[DrillFinished], *, retained: Sequence[str]) -> str | None:
    """Return which of the retained snapshots, oldest first, to take besides the newest.

    None where there is no older one.
    """
    older = retained[:-1]
    return _longest_ago(older[::-1], visits(past)) if older else None


def next_part(past: Sequence[DrillFinished], *, of: int) -> int:
    """Return which part of the data to read; the first is 1."""
    return sum(each.verdict in _JUDGED for each in past) % of + 1


def is_control_due(past: Sequence[DrillFinished], *, every: int) -> bool:
    """Tell whether damage is to be made and found this time."""
    last = max((at for at, each in enumerate(past, 1) if each.control == "pass"), default=0)
    return every > 0 and len(past) - last >= every - 1


def visits(past: Iterable[DrillFinished]) -> list[str]:
    """Return the snapshots that were restored or streamed, in the order of the drills.

    How the older one's restore went is not told apart: it had its turn where the drill has a
    verdict.
    """
    return [id_ for each in past for id_ in _visited(each)]


def _visited(drill: DrillFinished) -> Iterator[str]:
    if drill.restored in _JUDGED and drill.snapshot is not None:
        yield drill.snapshot
    if drill.verdict in _JUDGED and drill.older is not None:
        yield drill.older


def _longest_ago(candidates: Sequence[T], turns: Sequence[T]) -> T:
    last = {each: at for at, each in enumerate(turns)}
    return min(candidates, key=lambda each: last.get(each, -1))
