"""Asks a repository: can it be opened, which snapshots does it hold, and how much do they hold."""

from __future__ import annotations

from ccir.backup.interface import BackupTool, Listing, Snapshot, Target
from ccir.checks.interface import Tree
from ccir.domain.outcomes import CheckResult
from ccir.drilling.selecting import from_outcome, judge_content

NAME = "repository"


def probe(tool: BackupTool, target: Target) -> CheckResult | None:
    """Return what speaks against using the target at all, or None; nothing is opened for it.

    A password that others can read is for `ccir doctor` to tell: it must not keep anybody from
    a restore.
    """
    outcome = tool.probe(target)
    if outcome.verdict == "pass" or outcome.reason == "password-exposed":
        return None
    return from_outcome(NAME, outcome)


def look(tool: BackupTool, target: Target) -> tuple[CheckResult, Listing | None]:
    """List the target's snapshots; None where nothing more can be asked of the repository.

    A fail with a listing means that some snapshot, perhaps the newest, cannot be read.
    """
    listing = tool.snapshots(target)
    own, held = len(listing.snapshots), listing.in_repository
    good = f"opened; snapshots: {own} of this target, {held} in all"
    opened = from_outcome(NAME, listing.outcome, good=good)
    if opened.verdict == "pass" or (opened.verdict == "fail" and held):
        return opened, listing
    return opened, None


def count(tool: BackupTool, target: Target, snapshot: Snapshot) -> tuple[CheckResult, Tree]:
    """Judge whether the snapshot holds anything, and return how much."""
    content = tool.content(target, snapshot)
    return judge_content(content), Tree(files=content.files, bytes=content.bytes)
