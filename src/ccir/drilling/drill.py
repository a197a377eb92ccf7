"""One restore drill: selects snapshots, brings them back, judges them, cleans up.

1. Prepare: the target can be used; a private scratch folder is made, and what dead drills
   left is removed.
2. Look: the newest snapshot is chosen by its full id, not dated in the future, not empty; what
   vanished or is new is told.
3. Bring it back and judge it: see `ccir.drilling.bringing`.
4. Measure: the snapshot's age, and that of the newest datum, against the RPO; the time from
   looking to judging against the RTO.
5. Go deeper: see `ccir.drilling.deepening`.
6. Clean up, always; what a failed drill may keep has an expiry. What could not be removed turns
   a pass into an error.

Nothing restored, or nothing asserted, is never a pass.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from ccir.backup.interface import BackupTool, Listing, Snapshot, Target
from ccir.checks.interface import Tree
from ccir.domain.drill_level import level_of
from ccir.domain.drill_rotation import next_bucket
from ccir.domain.drills import Bucket, Drill
from ccir.domain.outcomes import CheckResult, Objective, measured
from ccir.drilling.alarms import watch
from ccir.drilling.bringing import Brought, Job, bring_back
from ccir.drilling.deepening import Deeper, go_deeper
from ccir.drilling.failures import judge_rto, left_behind, untried, unwritable
from ccir.drilling.interface import Cleanup, DrillKit, DrillResult, Stage
from ccir.drilling.looking import look, probe
from ccir.drilling.objectives import Budget, data_age, judge_data_age, seconds_of, with_objectives
from ccir.drilling.results import Results, can_go_on
from ccir.drilling.scratch import (
    keep_scratch,
    make_scratch,
    remove_scratch,
    restored_in,
)
from ccir.drilling.selecting import age_seconds, chosen, judge_age
from ccir.drilling.targets import tool_of
from ccir.drilling.timing import Phases
from ccir.errors import CcirError


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
        self._kit = msgspec.structs.replace(kit, nice=drill.nice)
        self._bucket: Bucket | None = None
        self._snapshot: Snapshot | None = None
        self._brought = Brought()
        self._phases = Phases(kit.clock)
        self._rto = Objective()
        self._rpo = Objective()
        self._deeper = Deeper()
        self._cleanup: Cleanup = "none"
        self._kept_until: dt.datetime | None = None
        self._version = ""
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
        if self._drill.mode == "sample":
            self._bucket = next_bucket(self._kit.past or (), of=self._drill.buckets)
        self._tell("look for snapshots")
        unfit = probe(self._tool(), self._target)
        if unfit is not None:
            self.results.note(unfit)
            return
        self._version = f"{self._target.tool} {self._tool().version()}"
        now = self._kit.clock.now()
        scratch = make_scratch(self._kit.scratch, now=now, protected=self._kit.protected)
        try:
            self._play(scratch, wanted)
        except OSError as error:
            self.results.note(unwritable(error, scratch))
        finally:
            self._clean_up(scratch)

    def result(self) -> DrillResult:
        """Return what the drill came to."""
        worst, brought, checks = self.results.worst(), self._brought, self.results.checks
        comparison = brought.comparison
        return DrillResult(
            drill=self._drill.id,
            target=self._target.name,
            verdict=worst.verdict,
            reason=worst.reason,
            snapshot=None if self._snapshot is None else self._snapshot.id,
            older=self._deeper.older,
            mode=self._drill.mode,
            bucket=self._bucket,
            files=brought.tree.files,
            bytes=brought.tree.bytes,
            level=level_of(checks, applied={plan.kind for plan in self._drill.checks}),
            restored=brought.restored,
            validated=brought.validated,
            proven=None if comparison is None else comparison.proven(),
            phases=self._phases.times(),
            rpo=self._rpo,
            rto=self._rto,
            data_age_seconds=data_age(checks, self._kit.clock.now()),
            coverage=self._deeper.coverage,
            control=self._deeper.control,
            checks=checks,
            cleanup=self._cleanup,
            kept_until=self._kept_until,
            tool=self._version,
            detail=worst.detail,
            hint=worst.hint,
        )

    def _play(self, scratch: Path, wanted: str | None) -> None:
        started = self._kit.clock.monotonic()
        with self._phases.timed("locate"):
            opened, listing = look(self._tool(), self._target)
        self.results.note(opened)
        if listing is None:
            return
        job = self._job(scratch)
        found = chosen(listing, wanted)
        if isinstance(found, CheckResult):
            self.results.note(found)
        else:
            self._snapshot = found
            self._judge_age(found, wanted)
            self._brought = bring_back(job, found, note=self.results.note)
            self._measure(self._kit.clock.monotonic() - started)
        self._look_for_alarms(listing)
        if can_go_on(self.results.worst()):
            self._deeper = go_deeper(
                job,
                listing,
                newest=self._snapshot,
                brought=self._brought,
                rotates=wanted is None and self._kit.past is not None,
                note=self.results.note,
                play=run_drill,
            )

    def _judge_age(self, snapshot: Snapshot, wanted: str | None) -> None:
        now, rpo = self._kit.clock.now(), self._promised_rpo(wanted)
        self.results.note(judge_age(snapshot, now=now, rpo_seconds=rpo))
        self._rpo = measured(age_seconds(snapshot, now), against=rpo)

    def _measure(self, seconds: float) -> None:
        """Hold the time against the RTO; a sample or a stream says nothing about a restore."""
        if self._brought.validated is None:
            return
        now = self._kit.clock.now()
        aged = judge_data_age(self.results.checks, now, rpo=self._rpo.objective_seconds)
        if aged is not None:
            self.results.note(aged)
        if self._drill.mode == "full":
            self._rto = measured(seconds, against=self._target.rto_seconds)
            self.results.note(judge_rto(seconds, self._target.rto_seconds))

    def _look_for_alarms(self, listing: Listing) -> None:
        ledger, whole = self._kit.ledger, self._brought.whole
        if ledger is None:
            return
        counted = (
            {}
            if self._snapshot is None or whole is None
            else {self._snapshot.id: Tree(files=whole.files, bytes=whole.bytes)}
        )
        self._tell("look for alarms")
        now, tool = self._kit.clock.now(), self._tool()
        for each in watch(self._target, tool, listing, ledger=ledger, now=now, counted=counted):
            self.results.note(each)

    def _clean_up(self, scratch: Path) -> None:
        if self._is_kept(scratch):
            self._cleanup = "kept"
            return
        try:
            self._tell("clean up")
        finally:
            is_gone = remove_scratch(scratch)
        self._cleanup = "cleaned" if is_gone else "failed"
        if not is_gone:
            self.results.note(left_behind(scratch))

    def _is_kept(self, scratch: Path) -> bool:
        keeps, came_back = self._drill.keep_on_fail, self._brought.tree.files
        if keeps is None or not came_back or self.results.worst().verdict != "fail":
            return False
        until = self._kit.clock.now() + dt.timedelta(seconds=seconds_of(keeps))
        is_kept = keep_scratch(scratch, until=until)
        self._kept_until = until if is_kept else None
        return is_kept

    def _job(self, scratch: Path) -> Job:
        return Job(
            drill=self._drill,
            target=self._target,
            kit=self._kit,
            budget=self._budget,
            phases=self._phases,
            folder=restored_in(scratch),
            scratch=scratch,
            bucket=self._bucket,
        )

    def _promised_rpo(self, wanted: str | None) -> float | None:
        return self._target.rpo_seconds if wanted is None else None

    def _tool(self) -> BackupTool:
        """Return the tool with the time that is left: the deadline is for the whole drill."""
        return tool_of(self._target, self._kit, deadlines=self._budget.within(self._kit.deadlines))

    def _tell(self, name: str) -> None:
        self._kit.progress(Stage(name=name))
