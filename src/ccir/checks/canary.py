"""The check that the canary written before the backup came back, whole and fresh.

A restore that is pinned to an old snapshot, or a backup that no longer sees the live data,
passes every check of digests and counts; it cannot bring back a canary that is new.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from ccir.checks.interface import CheckKit, find_inside, is_inside
from ccir.checks.reading import SKEW, age, bad, no_verdict, period_of, snapshot_time, verdict_of
from ccir.domain.canary import FILE_NAME, MOST_BYTES, Canary, parse
from ccir.domain.outcomes import CheckResult
from ccir.domain.periods import Period, add
from ccir.domain.playbook import PeriodText, Text

NAME = "canary"
_WRITE = "write it before each backup with 'ccir backup canary FILE', into what is backed up"
_STALE = "look whether backups still read the live data, and whether restores name an old snapshot"


class CanaryArguments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the canary is (a path or glob), and how long before the snapshot it was written.

    Where the path names several, the newest counts, and none may be damaged.
    """

    path: Text = f"**/{FILE_NAME}"
    maximum_age: PeriodText = "24h"


class Canaries:
    """Reads the canary and holds its age against the snapshot's own time."""

    @property
    def arguments(self) -> type[CanaryArguments]:
        """The file and its age."""
        return CanaryArguments

    def run(self, folder: Path, arguments: CanaryArguments, kit: CheckKit) -> CheckResult:
        """Judge the newest canary that the path names."""
        return verdict_of(NAME, lambda: _judged(folder, arguments, kit))


def _judged(folder: Path, arguments: CanaryArguments, kit: CheckKit) -> CheckResult:
    if not is_inside(arguments.path):
        detail = f"the path '{arguments.path}' leads out of the restored folder"
        return no_verdict(NAME, "path-outside", detail, hint="write it relative, without '..'")
    allowed, taken_at = period_of(arguments.maximum_age), snapshot_time(kit)
    found = [_read(file) for file in find_inside(folder, arguments.path)]
    whole = [canary for canary in found if canary is not None]
    if not found:
        return bad(
            NAME, "canary-missing", f"no canary was restored as {arguments.path}", hint=_WRITE
        )
    if len(whole) < len(found):
        detail = f"{len(found) - len(whole)} of {len(found)} canaries are not as they were written"
        return bad(NAME, "canary-damaged", detail)
    newest = max(whole, key=lambda canary: canary.written_at)
    return _dated(newest, taken_at, allowed)


def _dated(canary: Canary, taken_at: dt.datetime, allowed: Period) -> CheckResult:
    before = taken_at - canary.written_at
    named = f"canary {canary.short}"
    if before < -SKEW:
        detail = f"{named} was written {age(-before)} after the snapshot was made"
        hint = "set the clocks right; if they are, the restored data is not the snapshot's"
        return bad(NAME, "canary-future", detail, hint=hint)
    detail = f"{named} was written {age(before)} before the snapshot was made"
    is_old = add(allowed, to=canary.written_at, zone=dt.UTC) < taken_at
    result = (
        bad(NAME, "canary-old", detail, hint=_STALE)
        if is_old
        else CheckResult(name=NAME, verdict="pass", detail=detail)
    )
    return msgspec.structs.replace(result, newest_at=canary.written_at)


def _read(file: Path) -> Canary | None:
    with file.open("rb") as opened:
        return parse(opened.read(MOST_BYTES))


MEMBER = Canaries()
