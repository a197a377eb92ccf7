"""One restore drill: selects a snapshot, restores it into scratch, judges it, cleans up.

1. Prepare: the target can be used; a private scratch folder is made, and what dead drills
   left is removed.
2. Look: a snapshot is chosen by its full id, not dated in the future, not empty.
3. Room: the snapshot's size, times the drill's factor, is free before it is restored.
4. Restore into a new private folder; count what is on disk, whatever the tool says.
5. Judge: the count against the snapshot, then every check of the drill.
6. Measure: the snapshot's age against the RPO, the time from looking to judging against the RTO.
7. Clean up, always. What could not be removed turns a pass into an error.

Nothing restored, or nothing asserted, is never a pass.
"""

from __future__ import annotations

from pathlib import Path

from ccir.backup.interface import BackupTool, RestoreRequest, Snapshot, Target
from ccir.checks.interface import CheckKit, Tree, measure
from ccir.domain.drills import Drill
from ccir.domain.outcomes import CheckResult, Objective, measured
from ccir.drilling.failures import judge_rto, left_behind, untried, unwritable
from ccir.drilling.interface import Cleanup, DrillKit, DrillResult, Stage
from ccir.drilling.judging import judge
from ccir.drilling.looking import count, look, probe
from ccir.drilling.objectives import Budget, seconds_of, with_objectives
from ccir.drilling.results import Results
from ccir.drilling.scratch import (
    judge_space,
    make_enterable,
    make_scratch,
    remove_scratch,
    restored_in,
)
from ccir.drilling.selecting import ID_SHOWN, age_seconds, chosen, from_outcome, judge_age
from ccir.drilling.targets import tool_of
from ccir.errors import CcirError

_NOTHING = Tree(files=0, bytes=0)


def run_drill(
    drill: Drill, target: Target, kit: DrillKit, *, snapshot: str | None = None
) -> DrillResult:
    """Play the drill and return what it came to; what goes wrong is a result, never an exception.

    `snapshot` is a full id or its first eight digits or more; by default the newest is taken.
    An older snapshot that is asked for is old on purpose: no RPO is held against it.
    """
    work = _Work(drill, target, kit)
    try:
        work.perform(snapshot)
    except CcirError as error:
        work.results.note(untried(error))
    return work.result()


class _Work:
    """One drill under way: what was found so far."""

    def __init__(self, drill: Drill, target: Target, kit: DrillKit) -> None:
        self._drill = drill
        self._target = target
        self._kit = kit
        self._snapshot: Snapshot | None = None
        self._expected = _NOTHING
        self._tree = _NOTHING
        self._rto = Objective()
        self._rpo = Objective()
        self._cleanup: Cleanup = "none"
        self.results = Results()

    def perform(self, wanted: str | None) -> None:
        """Take all steps, as far as they can be taken.

        Raises:
            CcirError: the drill, the tool or the scratch folder cannot be used.
        """
        self._target = with_objectives(self._target, self._drill)
        self._rpo = measured(None, against=self._promised_rpo(wanted))
        self._rto = measured(None, against=self._target.rto_seconds)
        self._budget = Budget(self._kit.clock, seconds_of(self._drill.deadline))
        self._tell("look for snapshots")
        unfit = probe(self._tool(), self._target)
        if unfit is not None:
            self.results.note(unfit)
            return
        scratch = make_scratch(self._kit.scratch, protected=self._kit.protected)
        try:
            self._play(scratch, wanted)
        except OSError as error:
            self.results.note(unwritable(error, scratch))
        finally:
            self._clean_up(scratch)

    def result(self) -> DrillResult:
        """Return what the drill came to."""
        snapshot = None if self._snapshot is None else self._snapshot.id
        worst = self.results.worst()
        return DrillResult(
            drill=self._drill.id,
            target=self._target.name,
            verdict=worst.verdict,
            reason=worst.reason,
            snapshot=snapshot,
            files=self._tree.files,
            bytes=self._tree.bytes,
            rpo=self._rpo,
            rto=self._rto,
            checks=self.results.checks,
            cleanup=self._cleanup,
            detail=worst.detail,
            hint=worst.hint,
        )

    def _play(self, scratch: Path, wanted: str | None) -> None:
        started = self._kit.clock.monotonic()
        self._snapshot = self._find(wanted)
        if self._snapshot is None or not self._is_worth_it(self._snapshot, wanted, scratch):
            return
        folder = restored_in(scratch)
        if not self._restore(self._snapshot, folder):
            return
        self._judge(folder, scratch)
        seconds = self._kit.clock.monotonic() - started
        self._rto = measured(seconds, against=self._target.rto_seconds)
        self.results.note(judge_rto(seconds, self._target.rto_seconds))

    def _find(self, wanted: str | None) -> Snapshot | None:
        opened, listing = look(self._tool(), self._target)
        self.results.note(opened)
        if listing is None:
            return None
        found = chosen(listing, wanted)
        if isinstance(found, CheckResult):
            self.results.note(found)
            return None
        return found

    def _is_worth_it(self, snapshot: Snapshot, wanted: str | None, scratch: Path) -> bool:
        """Judge age and content, and return whether there is something to restore, and room."""
        now = self._kit.clock.now()
        rpo = self._promised_rpo(wanted)
        self.results.note(judge_age(snapshot, now=now, rpo_seconds=rpo))
        self._rpo = measured(age_seconds(snapshot, now), against=rpo)
        self._tell("count snapshot")
        held, self._expected = count(self._tool(), self._target, snapshot)
        if not self.results.note(held):
            return False
        factor = self._drill.space_factor
        needed_bytes, needed_files = self._expected.bytes * factor, self._expected.files * factor
        tight = judge_space(scratch, needed_bytes=needed_bytes, needed_files=needed_files)
        return tight is None or self.results.note(tight)

    def _restore(self, snapshot: Snapshot, folder: Path) -> bool:
        self._tell("restore", done=0)
        request = RestoreRequest(progress=lambda done, _total: self._tell("restore", done=done))
        outcome = self._tool().restore(self._target, snapshot, into=folder, request=request)
        make_enterable(folder)
        self._tree = measure(folder)
        restored = from_outcome("restore", outcome, good=f"restored {snapshot.id[:ID_SHOWN]}")
        return self.results.note(restored)

    def _judge(self, folder: Path, scratch: Path) -> None:
        kit = CheckKit(
            clock=self._kit.clock,
            environment=self._kit.environment,
            found=self._tree,
            expected=self._expected,
            scratch=scratch,
            deadline_seconds=self._budget.left(),
            is_cancelled=self._kit.is_cancelled,
        )
        plans = self._drill.checks
        for result in judge(folder, plans, kit, tell=lambda kind: self._tell(f"check {kind}")):
            self.results.note(result)

    def _clean_up(self, scratch: Path) -> None:
        try:
            self._tell("clean up")
        finally:
            is_gone = remove_scratch(scratch)
        self._cleanup = "cleaned" if is_gone else "failed"
        if not is_gone:
            self.results.note(left_behind(scratch))

    def _promised_rpo(self, wanted: str | None) -> float | None:
        return self._target.rpo_seconds if wanted is None else None

    def _tool(self) -> BackupTool:
        """Return the tool with the time that is left: the deadline is for the whole drill."""
        return tool_of(self._target, self._kit, deadlines=self._budget.within(self._kit.deadlines))

    def _tell(self, name: str, *, done: int | None = None) -> None:
        total = None if done is None else self._expected.bytes
        self._kit.progress(Stage(name=name, done=done, total=total))
