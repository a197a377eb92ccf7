"""Brings one snapshot back, in the drill's mode, and judges what came.

1. Learn what the snapshot holds; an empty one ends here.
2. Room: what is to be written is not above the drill's ceiling and, times the drill's factor, is
   free in bytes and in files. A stream writes nothing.
3. `full` restores everything, `sample` the files of one bucket, `stream` writes nothing.
4. What is on disk is counted, whatever the tool says.
5. Every file is compared with what the repository's trees say, then every check is made.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from pathlib import Path

import msgspec

from ccir.backup.interface import BackupTool, RestoreRequest, Snapshot, Target
from ccir.checks.interface import CheckKit, Tree, measure
from ccir.domain.drills import Bucket, Drill
from ccir.domain.outcomes import CheckResult, Verdict, decisive
from ccir.drilling.comparing import Comparison, compare_folder
from ccir.drilling.expected import Expected
from ccir.drilling.failures import above_ceiling, cancelled, too_large_a_sample
from ccir.drilling.interface import DrillKit, Stage
from ccir.drilling.judging import judge
from ccir.drilling.learning import Learnt, learn
from ccir.drilling.objectives import Budget
from ccir.drilling.sampling import MOST_FILES
from ccir.drilling.scratch import judge_space, make_enterable
from ccir.drilling.selecting import ID_SHOWN, from_outcome
from ccir.drilling.streaming import stream
from ccir.drilling.targets import tool_of
from ccir.drilling.timing import Phases

NOTHING = Tree(files=0, bytes=0)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is brought back, with what, and where to: `folder` is empty, `scratch` around it."""

    drill: Drill
    target: Target
    kit: DrillKit
    budget: Budget
    phases: Phases
    folder: Path
    scratch: Path
    bucket: Bucket | None = None


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: how much, how the restore and what came back were judged."""

    tree: Tree = NOTHING
    restored: Verdict | None = None
    validated: Verdict | None = None
    whole: Expected | None = None
    comparison: Comparison | None = None
    check_kit: CheckKit | None = None


def bring_back(job: Job, snapshot: Snapshot, *, note: Callable[[CheckResult], bool]) -> Brought:
    """Bring the snapshot back and tell `note` every result; it returns whether it was a pass."""
    with job.phases.timed("locate"):
        _tell(job, "count snapshot")
        learnt = learn(
            tool_for(job),
            job.target,
            snapshot,
            drill=job.drill,
            bucket=job.bucket,
            memory=job.kit.memory,
        )
    for result in learnt.results:
        note(result)
    if not learnt.is_usable:
        return Brought()
    unfit = _unfit(job, learnt)
    if unfit is not None:
        note(unfit)
        return Brought()
    return _brought(job, snapshot, learnt=learnt, note=note)


def tool_for(job: Job) -> BackupTool:
    """Return the tool with the time that is left: the deadline is for the whole drill."""
    deadlines = job.budget.within(job.kit.deadlines)
    return tool_of(job.target, job.kit, deadlines=deadlines)


def _brought(
    job: Job, snapshot: Snapshot, *, learnt: Learnt, note: Callable[[CheckResult], bool]
) -> Brought:
    comparison = None if learnt.expected is None else Comparison(learnt.expected)
    with job.phases.timed("restore"):
        restored, tree = _restored(job, snapshot, learnt=learnt, comparison=comparison)
    if not note(restored):
        return Brought(tree=tree, restored=restored.verdict, whole=learnt.whole)
    kit = _check_kit(job, snapshot, tree=tree, learnt=learnt)
    with job.phases.timed("validate"):
        results = (*_compared(job, comparison), *_checked(job, kit))
    for result in results:
        note(result)
    worst = decisive(results)
    return Brought(
        tree=tree,
        restored=restored.verdict,
        validated=None if worst is None else worst.verdict,
        whole=learnt.whole,
        comparison=comparison,
        check_kit=kit,
    )


def _unfit(job: Job, learnt: Learnt) -> CheckResult | None:
    """Return what speaks against bringing so much back, or None."""
    if job.drill.mode == "stream":
        return None
    if len(learnt.paths) > MOST_FILES:
        return too_large_a_sample(len(learnt.paths), MOST_FILES)
    ceiling, coming = job.drill.ceiling, _coming(learnt)
    if coming.bytes > (ceiling.bytes or inf) or coming.files > (ceiling.files or inf):
        return above_ceiling(coming, ceiling)
    factor = job.drill.space_factor
    needed_bytes, needed_files = coming.bytes * factor, coming.files * factor
    return judge_space(job.scratch, needed_bytes=needed_bytes, needed_files=needed_files)


def _coming(learnt: Learnt) -> Tree:
    """Return how much is to come back: of a sample, less than the snapshot holds."""
    expected = learnt.expected
    if expected is None:
        return learnt.tree
    return Tree(files=expected.files, bytes=expected.bytes)


def _restored(
    job: Job, snapshot: Snapshot, *, learnt: Learnt, comparison: Comparison | None
) -> tuple[CheckResult, Tree]:
    total = _coming(learnt).bytes
    _tell(job, "restore", done=0, total=total)
    if job.drill.mode == "stream" and comparison is not None:
        outcome = stream(tool_for(job), job.target, snapshot, comparison=comparison)
        tree = Tree(files=comparison.files, bytes=comparison.bytes)
        return from_outcome("restore", outcome, good=f"read {snapshot.id[:ID_SHOWN]}"), tree
    request = RestoreRequest(
        only=learnt.paths,
        progress=lambda done, _total: _tell(job, "restore", done=done, total=total),
    )
    outcome = tool_for(job).restore(job.target, snapshot, into=job.folder, request=request)
    make_enterable(job.folder)
    restored = from_outcome("restore", outcome, good=f"restored {snapshot.id[:ID_SHOWN]}")
    return restored, measure(job.folder)


def _compared(job: Job, comparison: Comparison | None) -> tuple[CheckResult, ...]:
    if comparison is None:
        return ()
    if job.drill.mode != "stream":
        _tell(job, "compare content")
        compare_folder(job.folder, comparison, is_cancelled=lambda: _is_over(job))
        if not comparison.is_complete:
            return (cancelled("content-proof", is_late=job.budget.left() <= 0),)
    return (comparison.result(),)


def _checked(job: Job, kit: CheckKit) -> tuple[CheckResult, ...]:
    with_time = msgspec.structs.replace(kit, deadline_seconds=job.budget.left())
    plans = job.drill.checks
    return judge(job.folder, plans, with_time, tell=lambda kind: _tell(job, f"check {kind}"))


def _check_kit(job: Job, snapshot: Snapshot, *, tree: Tree, learnt: Learnt) -> CheckKit:
    manifests = job.kit.manifests
    return CheckKit(
        clock=job.kit.clock,
        environment=job.kit.environment,
        found=tree,
        expected=_coming(learnt),
        whole=learnt.tree if job.bucket is not None else None,
        scratch=job.scratch,
        target=job.target.name,
        taken_at=snapshot.taken_at,
        manifests=None if manifests is None else manifests / job.target.name,
        deadline_seconds=job.budget.left(),
        is_cancelled=job.kit.is_cancelled,
    )


def _is_over(job: Job) -> bool:
    return job.kit.is_cancelled() or job.budget.left() <= 0


def _tell(job: Job, name: str, *, done: int | None = None, total: int | None = None) -> None:
    job.kit.progress(Stage(name=name, done=done, total=total))
