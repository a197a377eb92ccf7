"""Finds the last clean snapshot: the recovery point before data was encrypted or replaced.

1. The snapshots of the target are taken from the newest to the oldest; one that is dated in the
   future is passed over.
2. Each is restored into scratch, judged by its content and by the checks that are asked for, and
   removed again.
3. The first that passes is the answer. What came after it would be lost.
4. One that cannot be judged (the tool broke down) is told and does not end the search.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.backup.interface import Snapshot, Target
from ccir.domain.drills import CheckPlan, Drill, Verification
from ccir.domain.outcomes import Verdict
from ccir.drilling.drill import run_drill
from ccir.drilling.interface import DrillKit, Stage
from ccir.drilling.looking import look
from ccir.drilling.selecting import CLOCK_SKEW
from ccir.drilling.targets import tool_of

CONTENT = CheckPlan(kind="content")
LONGEST_SEARCH = 1_000


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """One snapshot that was looked at, and what it came to."""

    snapshot: str
    taken_at: dt.datetime
    verdict: Verdict
    reason: str = ""
    detail: str = ""


class CleanResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the search came to: `clean` is the snapshot to go back to, None where none is."""

    verdict: Verdict
    reason: str = ""
    detail: str = ""
    hint: str = ""
    clean: Examined | None = None
    newest_at: dt.datetime | None = None
    examined: tuple[Examined, ...] = ()

    @property
    def lost_seconds(self) -> float | None:
        """Return how much time lies between the clean snapshot and the newest one."""
        if self.clean is None or self.newest_at is None:
            return None
        return (self.newest_at - self.clean.taken_at).total_seconds()


def seek_clean(drill: Drill, target: Target, kit: DrillKit, *, limit: int) -> CleanResult:
    """Return the newest snapshot that passes the drill's checks and that of content.

    At most `limit` snapshots are restored. How old they are, and how long it takes, is held
    against no objective: old is what is looked for.
    """
    opened, listing = look(tool_of(target, kit), target)
    if listing is None or not listing.snapshots:
        found = opened if listing is None else None
        return CleanResult(
            verdict="fail" if found is None else found.verdict,
            reason="no-snapshots" if found is None else found.reason,
            detail="there is no snapshot of this target" if found is None else found.detail,
            hint="" if found is None else found.hint,
        )
    now = kit.clock.now()
    snapshots = [each for each in listing.snapshots if each.taken_at <= now + CLOCK_SKEW]
    newest_first = sorted(snapshots, key=lambda each: each.taken_at, reverse=True)[:limit]
    plan = _plan(drill)
    timeless = msgspec.structs.replace(target, rpo_seconds=None, rto_seconds=None)
    kit = msgspec.structs.replace(kit, ledger=None)  # no alarm is a reason against a snapshot
    examined: list[Examined] = []
    for number, snapshot in enumerate(newest_first, start=1):
        if kit.is_cancelled():
            break
        kit.progress(Stage(name=f"snapshot {number} of {len(newest_first)}"))
        examined.append(_examined(plan, timeless, kit, snapshot=snapshot))
        if examined[-1].verdict == "pass":
            break
    return _result(examined, newest_first)


def _plan(drill: Drill) -> Drill:
    has_content = any(plan.kind == CONTENT.kind for plan in drill.checks)
    checks = drill.checks if has_content else (CONTENT, *drill.checks)
    return msgspec.structs.replace(
        drill,
        checks=checks,
        mode="full",
        select="newest",
        verify=Verification(structure=False, content=False),
        rpo=None,
        rto=None,
        keep_on_fail=None,
    )


def _examined(drill: Drill, target: Target, kit: DrillKit, *, snapshot: Snapshot) -> Examined:
    found = run_drill(drill, target, kit, snapshot=snapshot.id)
    return Examined(
        snapshot=snapshot.id,
        taken_at=snapshot.taken_at,
        verdict=found.verdict,
        reason=found.reason,
        detail=found.detail,
    )


def _result(examined: list[Examined], newest_first: list[Snapshot]) -> CleanResult:
    newest_at = newest_first[0].taken_at if newest_first else None
    told = tuple(examined)
    clean = next((each for each in examined if each.verdict == "pass"), None)
    if clean is not None:
        return CleanResult(verdict="pass", clean=clean, newest_at=newest_at, examined=told)
    is_judged = any(each.verdict == "fail" for each in examined)
    detail = f"none of {len(examined)} snapshots passed"
    return CleanResult(
        verdict="fail" if is_judged else "error",
        reason="no-clean-snapshot" if is_judged else "no-verdict",
        detail=detail,
        hint="look further back with --limit, or at another copy of the backup",
        newest_at=newest_at,
        examined=told,
    )
