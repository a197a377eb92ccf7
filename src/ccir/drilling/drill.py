"""One restore drill: selects a snapshot, restores it into scratch, judges it, cleans up.

1. Look: the repository can be opened; a snapshot is chosen by its full id, not dated in the
   future, not empty.
2. Room: the snapshot's size, times the drill's factor, is free before anything is written.
3. Restore into a new private folder; count what is on disk, whatever the tool says.
4. Judge: the count against the snapshot, then every check of the drill.
5. Measure: the snapshot's age against the RPO, the time from looking to judging against the RTO.
6. Clean up, always. What could not be removed turns a pass into an error.

Nothing restored, or nothing asserted, is never a pass.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from ccir.backup.interface import (
    BackupTool,
    Content,
    Deadlines,
    Outcome,
    RestoreRequest,
    Snapshot,
    Target,
)
from ccir.checks.interface import CheckKit, Tree, measure
from ccir.domain.drills import Drill
from ccir.domain.outcomes import CheckResult, Objective, decisive, measured
from ccir.domain.periods import parse_period
from ccir.drilling.failures import left_behind, proved_nothing, too_slow, untried, unwritable
from ccir.drilling.interface import DrillKit, DrillResult, Stage
from ccir.drilling.judging import judge
from ccir.drilling.scratch import judge_space, make_scratch, remove_tree, restored_in
from ccir.drilling.selecting import (
    age_seconds,
    chosen,
    from_outcome,
    judge_age,
    judge_content,
    summed,
)
from ccir.drilling.targets import tool_of
from ccir.errors import CcirError

_SECONDS = {"minutes": 60, "hours": 3_600, "days": 86_400, "weeks": 604_800}


def run_drill(
    drill: Drill, target: Target, kit: DrillKit, *, snapshot: str | None = None
) -> DrillResult:
    """Play the drill and return what it came to; what goes wrong is a result, never an exception.

    `snapshot` is a full id or its first eight digits or more; by default the newest is taken.
    """
    target = _with_objectives(target, drill)
    work = _Work(drill, target, kit)
    try:
        found = work.look(snapshot)
        if found is None:
            return work.result()
        scratch = make_scratch(kit.scratch)
    except CcirError as error:
        work.note(untried(error))
        return work.result()
    try:
        work.restore(found, scratch)
    except OSError as error:
        work.note(unwritable(error))
    finally:
        kit.progress(Stage(name="clean up"))
        is_gone = remove_tree(scratch)
    if not is_gone:
        work.note(left_behind(scratch))
    return msgspec.structs.replace(work.result(), cleanup="cleaned" if is_gone else "failed")


class _Work:
    """One drill under way: what was found so far."""

    def __init__(self, drill: Drill, target: Target, kit: DrillKit) -> None:
        self._drill = drill
        self._target = target
        self._kit = kit
        self._started = kit.clock.monotonic()
        self._checks: tuple[CheckResult, ...] = ()
        self._snapshot: Snapshot | None = None
        self._content = Content(outcome=Outcome(verdict="error"))
        self._tree = Tree(files=0, bytes=0)
        self._rto = Objective()
        self._rpo = Objective()
        self._tool: BackupTool = tool_of(target, kit, deadlines=self._deadlines())

    def note(self, *checks: CheckResult) -> None:
        """Keep what was found."""
        self._checks = (*self._checks, *checks)

    def look(self, wanted: str | None) -> Snapshot | None:
        """Return the snapshot to be restored, or None where there is nothing to restore."""
        self._kit.progress(Stage(name="look for the repository"))
        probed = self._tool.probe(self._target)
        if probed.verdict != "pass":
            self.note(from_outcome("repository", probed))
            return None
        listing = self._tool.snapshots(self._target)
        if listing.outcome.verdict != "pass":
            self.note(from_outcome("repository", listing.outcome))
            if not listing.snapshots:
                return None
        found = chosen(listing, wanted)
        if isinstance(found, CheckResult):
            self.note(found)
            return None
        self._snapshot = found
        return self._worth_restoring(found, is_newest=wanted is None)

    def restore(self, snapshot: Snapshot, scratch: Path) -> None:
        """Restore the snapshot into the scratch folder and judge what came back."""
        factor = self._drill.space_factor
        tight = judge_space(
            scratch,
            needed_bytes=self._content.bytes * factor,
            needed_files=self._content.files * factor,
        )
        if tight is not None:
            self.note(tight)
            return
        folder = restored_in(scratch)
        self._kit.progress(Stage(name="restore", done=0, total=self._content.bytes))
        request = RestoreRequest(progress=self._tell)
        outcome = self._tool.restore(self._target, snapshot, into=folder, request=request)
        self._tree = measure(folder)
        self.note(from_outcome("restore", outcome, good=f"restored {snapshot.id[:8]}"))
        if outcome.verdict == "pass":
            self._judge(folder, scratch)

    def result(self) -> DrillResult:
        """Return what the drill came to."""
        worst = decisive(self._checks)
        if worst is None or (worst.verdict == "pass" and not self._tree.files):
            worst = proved_nothing()
        return DrillResult(
            verdict=worst.verdict,
            reason=worst.reason,
            snapshot=None if self._snapshot is None else self._snapshot.id,
            files=self._tree.files,
            bytes=self._tree.bytes,
            rpo=self._rpo,
            rto=self._rto,
            checks=self._checks,
            detail=summed(self._checks, worst),
            hint=worst.hint,
        )

    def _worth_restoring(self, snapshot: Snapshot, *, is_newest: bool) -> Snapshot | None:
        now = self._kit.clock.now()
        # An older snapshot that somebody asks for is old on purpose.
        rpo = self._target.rpo_seconds if is_newest else None
        aged = judge_age(snapshot, now=now, rpo_seconds=rpo)
        self._rpo = measured(age_seconds(snapshot, now), against=rpo)
        self._kit.progress(Stage(name="count the snapshot"))
        self._content = self._tool.content(self._target, snapshot)
        held = judge_content(self._content)
        self.note(aged, held)
        return snapshot if held.verdict == "pass" else None

    def _judge(self, folder: Path, scratch: Path) -> None:
        self._kit.progress(Stage(name="judge what came back"))
        expected = Tree(files=self._content.files, bytes=self._content.bytes)
        kit = CheckKit(
            clock=self._kit.clock,
            environment=self._kit.environment,
            found=self._tree,
            expected=expected,
            scratch=scratch,
            deadline_seconds=max(1.0, self._left()),
            is_cancelled=self._kit.is_cancelled,
        )
        self.note(*judge(folder, self._drill.checks, kit))
        seconds = self._kit.clock.monotonic() - self._started
        self._rto = measured(seconds, against=self._target.rto_seconds)
        if self._rto.met is False:
            self.note(too_slow(seconds, self._target.rto_seconds))

    def _tell(self, done: int, total: int | None) -> None:
        self._kit.progress(Stage(name="restore", done=done, total=total or self._content.bytes))

    def _left(self) -> float:
        return self._deadline() - (self._kit.clock.monotonic() - self._started)

    def _deadline(self) -> float:
        return _seconds(self._drill.deadline) or 0.0

    def _deadlines(self) -> Deadlines:
        """Return the kit's deadlines, none of them longer than the whole drill's."""
        whole = self._deadline()
        given = msgspec.structs.asdict(self._kit.deadlines)
        return Deadlines(**{name: min(seconds, whole) for name, seconds in given.items()})


def _with_objectives(target: Target, drill: Drill) -> Target:
    rpo, rto = _seconds(drill.rpo), _seconds(drill.rto)
    return msgspec.structs.replace(
        target,
        rpo_seconds=target.rpo_seconds if rpo is None else rpo,
        rto_seconds=target.rto_seconds if rto is None else rto,
    )


def _seconds(text: str | None) -> float | None:
    period = None if text is None else parse_period(text)
    if period is None or period.unit not in _SECONDS:
        return None
    return float(period.amount * _SECONDS[period.unit])
