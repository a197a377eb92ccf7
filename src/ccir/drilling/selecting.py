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
    if age < -CLOCK_SKEW.total_seconds():
        return CheckResult(
            name="snapshot-age",
            verdict="fail",
            reason="future",
            detail=f"{shown} is dated in the future",
            hint="a wrong clock or a planted snapshot: look at the repository's snapshots by hand",
        )
    if rpo_seconds is None:
        detail = f"{shown} is {_span(age)} old; no RPO is set"
        return CheckResult(name="snapshot-age", verdict="pass", detail=detail)
    detail = f"{shown} is {_span(age)} old; the RPO is {_span(rpo_seconds)}"
    if age <= rpo_seconds:
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
    held = f"{content.files} files, {content.bytes} bytes"
    if content.files == 0 or content.bytes == 0:
        return CheckResult(
            name="snapshot-content",
            verdict="fail",
            reason="empty",
            detail=f"the snapshot holds {held}",
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


def summed(checks: tuple[CheckResult, ...], worst: CheckResult) -> str:
    """Return the detail of the whole: what decided it or, of a pass, everything seen."""
    if worst.verdict != "pass":
        return worst.detail
    return "; ".join(check.detail for check in checks if check.detail)


def age_seconds(snapshot: Snapshot, now: dt.datetime) -> float:
    """Return how old the snapshot is, in seconds; negative where it lies in the future."""
    return (now - snapshot.taken_at).total_seconds()


def _unknown(detail: str) -> CheckResult:
    return CheckResult(
        name="snapshot",
        verdict="error",
        reason="snapshot-unknown",
        detail=detail,
        hint="`ccir backup check` names the newest one; restic lists them all",
    )


def _span(seconds: float) -> str:
    return str(dt.timedelta(seconds=round(seconds)))
