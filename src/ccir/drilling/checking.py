"""Verifies a backup without restoring it: repository, newest snapshot, structure."""

from __future__ import annotations

from ccir.backup.interface import BackupTool, Listing, Snapshot, Target
from ccir.checks.interface import Tree
from ccir.drilling.alarms import watch
from ccir.drilling.failures import untried
from ccir.drilling.interface import BackupResult, DrillKit, Stage
from ccir.drilling.looking import count, look, probe
from ccir.drilling.results import Results, can_go_on
from ccir.drilling.selecting import (
    age_seconds,
    from_outcome,
    judge_age,
    newest,
    no_snapshots,
)
from ccir.drilling.targets import tool_of
from ccir.errors import CcirError


def check_backup(target: Target, kit: DrillKit, *, subset: str | None = None) -> BackupResult:
    """Judge the target's backup; what is wrong with it is a result, never an exception.

    1. The repository can be opened and its snapshots be listed.
    2. The newest of the target's snapshots is not dated in the future, not older than the
       RPO, and not empty.
    3. Nothing vanished, and nothing is there that nobody knows: see `ccir.drilling.alarms`.
    4. The repository's structure is whole; with `subset` so is that part of its data.

    What is found bad does not end the examination; an error of the repository does.
    """
    examination = _Examination(target, kit)
    try:
        examination.perform(tool_of(target, kit), subset)
    except CcirError as error:
        examination.results.note(untried(error))
    return examination.result()


class _Examination:
    """One backup under examination."""

    def __init__(self, target: Target, kit: DrillKit) -> None:
        self._target = target
        self._kit = kit
        self._now = kit.clock.now()
        self._snapshot: Snapshot | None = None
        self._counted: dict[str, Tree] = {}
        self.results = Results()

    def perform(self, tool: BackupTool, subset: str | None) -> None:
        """Take the four steps, as far as they can be taken."""
        self._kit.progress(Stage(name="look for snapshots"))
        unfit = probe(tool, self._target)
        opened, listing = look(tool, self._target) if unfit is None else (unfit, None)
        self.results.note(opened)
        if listing is None:
            return
        goes_on = self._knows_newest(tool, listing)
        self._look_for_alarms(tool, listing)
        if goes_on:
            self._judge_structure(tool, subset)

    def result(self) -> BackupResult:
        """Return what the examination came to."""
        worst, snapshot = self.results.worst(), self._snapshot
        return BackupResult(
            verdict=worst.verdict,
            reason=worst.reason,
            snapshot=None if snapshot is None else snapshot.id,
            age_seconds=None if snapshot is None else age_seconds(snapshot, self._now),
            rpo_seconds=self._target.rpo_seconds,
            checks=self.results.checks,
            detail=worst.detail,
            hint=worst.hint,
        )

    def _knows_newest(self, tool: BackupTool, listing: Listing) -> bool:
        """Judge the newest snapshot, and return whether the repository can be asked on."""
        self._snapshot = newest(listing)
        if self._snapshot is None:
            self.results.note(no_snapshots(listing))
            return True
        rpo = self._target.rpo_seconds
        self.results.note(judge_age(self._snapshot, now=self._now, rpo_seconds=rpo))
        self._kit.progress(Stage(name="count snapshot"))
        held, tree = count(tool, self._target, self._snapshot)
        if held.verdict == "pass" or held.reason == "empty":
            self._counted[self._snapshot.id] = tree
        self.results.note(held)
        return can_go_on(held)

    def _look_for_alarms(self, tool: BackupTool, listing: Listing) -> None:
        ledger = self._kit.ledger
        if ledger is None:
            return
        self._kit.progress(Stage(name="look for alarms"))
        now, counted = self._now, self._counted
        for found in watch(self._target, tool, listing, ledger=ledger, now=now, counted=counted):
            self.results.note(found)

    def _judge_structure(self, tool: BackupTool, subset: str | None) -> None:
        """Judge the structure, then the data: together they could not be told apart."""
        self._kit.progress(Stage(name="check repository"))
        structure = tool.check(self._target)
        self.results.note(from_outcome("structure", structure, good="the structure is whole"))
        if subset is None or structure.verdict == "error":
            return
        data = tool.check(self._target, subset=subset)
        self.results.note(from_outcome("data", data, good=f"the data ({subset}) is whole"))
