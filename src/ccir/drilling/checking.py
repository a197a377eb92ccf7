"""Verifies a backup without restoring it: repository, newest snapshot, structure."""

from __future__ import annotations

import msgspec

from ccir.backup.interface import BackupTool, Listing, Target
from ccir.domain.outcomes import CheckResult, decisive
from ccir.drilling.interface import BackupResult, DrillKit, Stage
from ccir.drilling.selecting import (
    age_seconds,
    from_outcome,
    judge_age,
    judge_content,
    newest,
    no_snapshots,
    summed,
)
from ccir.drilling.targets import tool_of


def check_backup(target: Target, kit: DrillKit, *, subset: str | None = None) -> BackupResult:
    """Judge the target's backup; what is wrong with it is a result, never an exception.

    1. The repository can be opened and its snapshots be listed.
    2. The newest of the target's snapshots is not dated in the future, not older than the
       RPO, and not empty.
    3. The repository's structure is whole; with `subset` so is that part of its data.

    What is found bad does not end the examination, but a repository that cannot be opened does.
    """
    tool = tool_of(target, kit, deadlines=kit.deadlines)
    kit.progress(Stage(name="look for the repository"))
    probed = tool.probe(target)
    if probed.verdict != "pass":
        return _result(target, (from_outcome("repository", probed),))
    kit.progress(Stage(name="list its snapshots"))
    listing = tool.snapshots(target)
    opened = from_outcome(
        "repository", listing.outcome, good=f"opened; {len(listing.snapshots)} snapshots"
    )
    if opened.verdict != "pass" and not listing.snapshots:
        return _result(target, (opened,))
    return _judged(target, kit, tool=tool, listing=listing, so_far=(opened,), subset=subset)


def _judged(
    target: Target,
    kit: DrillKit,
    *,
    tool: BackupTool,
    listing: Listing,
    so_far: tuple[CheckResult, ...],
    subset: str | None,
) -> BackupResult:
    snapshot = newest(listing)
    if snapshot is None:
        so_far = (*so_far, no_snapshots(listing))
    else:
        now = kit.clock.now()
        kit.progress(Stage(name="count the newest snapshot"))
        so_far = (
            *so_far,
            judge_age(snapshot, now=now, rpo_seconds=target.rpo_seconds),
            judge_content(tool.content(target, snapshot)),
        )
    kit.progress(Stage(name="check the repository's structure"))
    name, good = ("structure", "the structure is whole")
    if subset is not None:
        name, good = ("data", f"structure and data ({subset}) are whole")
    checked = from_outcome(name, tool.check(target, subset=subset), good=good)
    result = _result(target, (*so_far, checked))
    if snapshot is None:
        return result
    return msgspec.structs.replace(
        result, snapshot=snapshot.id, age_seconds=age_seconds(snapshot, kit.clock.now())
    )


def _result(target: Target, checks: tuple[CheckResult, ...]) -> BackupResult:
    worst = decisive(checks)
    if worst is None:
        return BackupResult(verdict="error", reason="no-checks", detail="nothing was checked")
    return BackupResult(
        verdict=worst.verdict,
        reason=worst.reason,
        rpo_seconds=target.rpo_seconds,
        checks=checks,
        detail=summed(checks, worst),
        hint=worst.hint,
    )
