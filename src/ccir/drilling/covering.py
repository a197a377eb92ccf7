"""How much of a target's newest snapshot has been verified, file by file, over many drills."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from statistics import median

from ccir.domain.backup_events import DrillFinished
from ccir.domain.drill_rotation import visits
from ccir.domain.drills import Bucket, Coverage, Drill
from ccir.domain.outcomes import CheckResult
from ccir.drilling.comparing import Comparison
from ccir.drilling.expected import Expected
from ccir.store.backups_interface import BackupLedger, HeldContent

CHANGE = "change-rate"
_FEWEST_DRILLS = 3
_MUCH = 0.5
_TIMES = 5


def cover(
    ledger: BackupLedger,
    target: str,
    *,
    whole: Expected,
    proofs: Sequence[Comparison],
    drill: Drill,
    at: dt.datetime,
    is_lost: bool = False,
) -> Coverage:
    """Keep what was proven now, and return how much of the whole snapshot is verified by now.

    What did not come back as it must is verified no more; where `is_lost`, that is all of it.
    The snapshots that were visited are not known here: see `with_visits`.
    """
    since = at - dt.timedelta(days=drill.coverage_days)
    found = ledger.cover(target, _contents(whole, proofs, is_lost=is_lost), at=at, since=since)
    oldest = found.oldest_unverified_at
    return Coverage(
        days=drill.coverage_days,
        files=found.files,
        bytes=found.bytes,
        verified_files=found.verified_files,
        verified_bytes=found.verified_bytes,
        snapshots=0,
        snapshots_visited=0,
        new_files=found.new_files,
        oldest_unverified_seconds=None if oldest is None else (at - oldest).total_seconds(),
    )


def snapshots_visited(
    past: Sequence[DrillFinished], *, now: Sequence[str], retained: Sequence[str]
) -> int:
    """Return how many of the retained snapshots were restored or streamed, now or before."""
    return len({*visits(past), *now} & {*retained})


def runs_until_full(
    past: Sequence[DrillFinished], *, bucket: Bucket | None, is_full: bool
) -> int | None:
    """Return how many more drills it takes until every file is verified.

    With samples: as many as there are buckets without a turn in the last round, at most another
    round where all had theirs and files came since; without samples one whole drill is enough.
    """
    if is_full or bucket is None:
        return 0 if is_full else 1
    turns = [each.bucket for each in past if each.restored == "pass" and each.bucket is not None]
    recent = {each.number for each in turns[-(bucket.of - 1) :] if each.of == bucket.of}
    return bucket.of - len(recent | {bucket.number}) or bucket.of - 1


def judge_change(past: Sequence[DrillFinished], now: Coverage) -> CheckResult:
    """Hold the share of new content against that of earlier drills: ransomware rewrites files.

    Half of all files being new is a fail where three drills or more have seen far less.
    """
    if not any(each.coverage for each in past):
        detail = "the first look: there is nothing to compare with"
        return CheckResult(name=CHANGE, verdict="pass", detail=detail)
    shares = [share for each in past if (share := _new_share(each.coverage)) is not None][1:]
    share = _new_share(now) or 0.0
    usual = median(shares) if len(shares) >= _FEWEST_DRILLS else None
    if usual is None:
        detail = f"{share:.0%} of the files are new; too few drills to say what is usual"
        return CheckResult(name=CHANGE, verdict="pass", detail=detail)
    detail = f"{share:.0%} of the files are new; {usual:.0%} are usual"
    if share < _MUCH or share < _TIMES * usual:
        return CheckResult(name=CHANGE, verdict="pass", detail=detail)
    return CheckResult(
        name=CHANGE,
        verdict="fail",
        reason="changed-too-much",
        detail=detail,
        hint="find out what rewrote them; if nobody meant it: `ccir backup last-clean TARGET`",
    )


def _new_share(coverage: Coverage | None) -> float | None:
    if coverage is None or coverage.files == 0:
        return None
    return coverage.new_files / coverage.files


def _contents(
    whole: Expected, proofs: Sequence[Comparison], *, is_lost: bool
) -> Iterator[HeldContent]:
    """Yield every file of the snapshot; what was judged in another list is found by its digest."""
    same = next((each for each in proofs if each.expected is whole), None)
    others = [each for each in proofs if each is not same]
    met = {entry.digest for each in others for entry in each.met()}
    lost = {entry.digest for each in proofs for entry in each.missed()}
    for entry in whole:
        digest = entry.digest
        is_met = same is not None and same.has_met(entry)
        yield HeldContent(
            digest=digest,
            bytes=entry.size,
            is_verified=is_met or digest in met,
            is_lost=is_lost or digest in lost,
        )
