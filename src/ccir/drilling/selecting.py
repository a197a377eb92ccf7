"""Which snapshot is meant, and whether it is young and full enough to be worth anything.

restic passes on each of these by itself (tried with 0.14 to 0.19): a repository whose newest
snapshot was deleted, an empty snapshot, one dated in the future that hijacks `latest`. So a
snapshot is chosen here, by its time and full id, and never by the word `latest`.
"""

from __future__ import annotations

import datetime as dt
import re

from ccir.backup.interface import Content, Listing, Outcome, Snapshot
from ccir.domain.outcomes import CheckResult
from ccir.domain.spans import span
from ccir.drilling.failures import error_result, promised

CLOCK_SKEW = dt.timedelta(minutes=5)
SHORTEST_ID = 8
ID_SHOWN = 8
_ID = re.compile(rf"[0-9a-f]{{{SHORTEST_ID},64}}")


def newest(listing: Listing) -> Snapshot | None:
    """Return the snapshot with the latest time, or None where there is none."""
    return max(listing.snapshots, key=lambda snapshot: snapshot.taken_at, default=None)


def chosen(listing: Listing, wanted: str | None) -> Snapshot | CheckResult:
    """Return the wanted snapshot, by default the newest, or what speaks against it."""
    if wanted is None:
        found = newest(listing)
        return found if found is not None else no_snapshots(listing)
    if not _ID.fullmatch(wanted):
        detail = f"'{wanted}' is no snapshot id: {SHORTEST_ID} to 64 hexadecimal digits"
        return _unknown(detail)
    near = [each for each in listing.snapshots if each.id.startswith(wanted)]
    if len(near) == 1:
        return near[0]
    detail = f"{len(near)} snapshots of this target begin with {wanted}"
    return _unknown(detail)


def no_snapshots(listing: Listing) -> CheckResult:
    """Return the result of a target that has no snapshot at all."""
    elsewhere = listing.in_repository
    others = (
        f"; the repository holds {elsewhere} of other hosts, tags or paths" if elsewhere else ""
    )
    return CheckResult(
        name="snapshot",
        verdict="fail",
        reason="no-snapshots",
        detail=f"the target has no snapshot{others}",
        hint="check when the backup last ran, and the target's hosts, tags and paths",
    )


def judge_age(snapshot: Snapshot, *, now: dt.datetime, rpo_seconds: float | None) -> CheckResult:
    """Judge how old the snapshot is; its time is what the machine that made it said."""
    age = age_seconds(snapshot, now)
    shown = f"snapshot {snapshot.id[:ID_SHOWN]} of {snapshot.taken_at:%Y-%m-%d %H:%M} UTC"
    if age is None:
        return CheckResult(
            name="snapshot-age",
            verdict="fail",
            reason="future",
            detail=f"{shown} is dated in the future",
            hint="a wrong clock or a planted snapshot: look at the repository's snapshots by hand",
        )
    promise = promised("RPO", rpo_seconds, seconds=age)
    detail = f"{shown} is {span(age)} old; {promise}"
    if rpo_seconds is None or age <= rpo_seconds:
        return CheckResult(name="snapshot-age", verdict="pass", detail=detail)
    return CheckResult(
        name="snapshot-age",
        verdict="fail",
        reason="rpo-exceeded",
        detail=detail,
        hint="find out why the backup did not run, and what was entered since",
    )


def judge_content(content: Content) -> CheckResult:
    """Judge whether the snapshot holds anything."""
    if content.outcome.verdict != "pass":
        return from_outcome("snapshot-content", content.outcome)
    held = f"the snapshot holds {content.files} files, {content.bytes} bytes"
    if content.files == 0 or content.bytes == 0:
        return CheckResult(
            name="snapshot-content",
            verdict="fail",
            reason="empty",
            detail=held,
            hint="the backup ran on nothing: check its source, and use an older snapshot",
        )
    return CheckResult(name="snapshot-content", verdict="pass", detail=held)


def from_outcome(name: str, outcome: Outcome, *, good: str = "") -> CheckResult:
    """Return a tool's outcome as a check's result."""
    early = " (the tool was stopped at the proof)" if outcome.stopped_early else ""
    return CheckResult(
        name=name,
        verdict=outcome.verdict,
        reason=outcome.reason,
        detail=(outcome.detail or good) + early,
        hint=outcome.hint,
    )


def age_seconds(snapshot: Snapshot, now: dt.datetime) -> float | None:
    """Return how old the snapshot is, in seconds; None where it is dated in the future.

    A clock that is a little ahead is no future: then the snapshot is 0 seconds old.
    """
    age = now - snapshot.taken_at
    return None if age < -CLOCK_SKEW else max(0.0, age.total_seconds())


def _unknown(detail: str) -> CheckResult:
    hint = "`ccir backup snapshots` lists them"
    return error_result("snapshot", "snapshot-unknown", detail, hint=hint)
