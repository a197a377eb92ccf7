"""What a drill does once the newest snapshot is judged: it costs no recovery time.

1. Check the repository's structure, and read the next part of its data.
2. When it is due, make damage and require that it is found.
3. Where the drill selects one, bring an older snapshot back too, the one whose turn is longest
   ago; not over the files of a drill that failed and keeps them.
4. Add up what is verified by now, and hold against the last drills how much is new.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ccir.backup.interface import Listing, Snapshot
from ccir.domain.drill_rotation import is_control_due, next_older, next_part
from ccir.domain.drills import Coverage
from ccir.domain.outcomes import CheckResult, Verdict
from ccir.drilling.bringing import Brought, Job, bring_back, tool_for
from ccir.drilling.comparing import Comparison
from ccir.drilling.control import Player, control, control_checks
from ccir.drilling.covering import cover, judge_change, runs_until_full, snapshots_visited
from ccir.drilling.failures import untried
from ccir.drilling.interface import Stage
from ccir.drilling.scratch import empty_tree
from ccir.drilling.selecting import from_outcome
from ccir.drilling.timing import Phases
from ccir.errors import CcirError

_OLDER = "older "
Note = Callable[[CheckResult], bool]


class Deeper(msgspec.Struct, frozen=True, kw_only=True):
    """What going deeper came to, besides the results that were told."""

    older: str | None = None
    control: Verdict | None = None
    coverage: Coverage | None = None


def go_deeper(
    job: Job,
    listing: Listing,
    *,
    newest: Snapshot | None,
    brought: Brought,
    rotates: bool,
    note: Note,
    play: Player,
) -> Deeper:
    """Check the repository; where the drill `rotates`, also an older snapshot and itself."""
    with job.phases.timed("check"):
        _check_repository(job, note)
    if newest is None:
        return Deeper()
    made = _make_damage(job, brought, play=play) if rotates else None
    if made is not None:
        note(made)
    proofs = [] if brought.comparison is None else [brought.comparison]
    takes_older = rotates and job.drill.select == "newest-and-older" and not _keeps(job, brought)
    older = _older(job, listing, newest=newest) if takes_older else None
    if older is not None:
        proofs += _bring_older(job, older, note=note)
    taken = [each.id for each in (newest, older) if each is not None]
    coverage = _coverage(job, listing, brought=brought, proofs=proofs, taken=taken)
    if coverage is not None and rotates:
        note(judge_change(job.kit.past or (), coverage))
    return Deeper(
        older=None if older is None else older.id,
        control=None if made is None else made.verdict,
        coverage=coverage,
    )


def _check_repository(job: Job, note: Note) -> None:
    plan = job.drill.verify
    if plan.structure:
        _tell(job, "check repository")
        structure = tool_for(job).check(job.target)
        note(from_outcome("structure", structure, good="the structure is whole"))
    if plan.data_parts is not None:
        part = f"{next_part(job.kit.past or (), of=plan.data_parts)}/{plan.data_parts}"
        _tell(job, "read repository")
        data = tool_for(job).check(job.target, subset=part)
        note(from_outcome("data", data, good=f"the data ({part}) is whole"))


def _make_damage(job: Job, brought: Brought, *, play: Player) -> CheckResult | None:
    """Return whether damage is found; None where that is not due, or nothing came back whole."""
    is_due = is_control_due(job.kit.past or (), every=job.drill.control_every)
    if not is_due or brought.validated != "pass" or brought.check_kit is None:
        return None
    _tell(job, "make damage")
    blind = control_checks(job.folder, job.drill, brought.check_kit)
    if blind is not None:
        return blind
    try:
        return control(job.drill, job.target, job.kit, scratch=job.scratch, play=play)
    except CcirError as error:
        return msgspec.structs.replace(untried(error), name="control")


def _keeps(job: Job, brought: Brought) -> bool:
    """Tell whether what came back is to be looked at by a person."""
    return job.drill.keep_on_fail is not None and "fail" in {brought.restored, brought.validated}


def _older(job: Job, listing: Listing, *, newest: Snapshot) -> Snapshot | None:
    snapshots = [each for each in listing.snapshots if each.taken_at <= newest.taken_at]
    retained = {each.id: each for each in snapshots}
    chosen = next_older(job.kit.past or (), retained=[*retained])
    return None if chosen is None else retained[chosen]


def _bring_older(job: Job, older: Snapshot, *, note: Note) -> list[Comparison]:
    """Bring it back too, tell its results apart, and return what it proves."""

    def note_apart(found: CheckResult) -> bool:
        return note(msgspec.structs.replace(found, name=_OLDER + found.name))

    empty_tree(job.folder)
    apart = msgspec.structs.replace(job, phases=Phases(job.kit.clock))
    brought = bring_back(apart, older, note=note_apart)
    return [] if brought.comparison is None else [brought.comparison]


def _coverage(
    job: Job, listing: Listing, *, brought: Brought, proofs: list[Comparison], taken: list[str]
) -> Coverage | None:
    ledger, whole, past = job.kit.ledger, brought.whole, job.kit.past or ()
    if ledger is None or whole is None:
        return None
    now = job.kit.clock.now()
    found = cover(
        ledger,
        job.target.name,
        whole=whole,
        proofs=proofs,
        is_lost=brought.restored == "fail",
        drill=job.drill,
        at=now,
    )
    retained = [each.id for each in listing.snapshots]
    is_full = found.verified_files == found.files
    return msgspec.structs.replace(
        found,
        snapshots=len(retained),
        snapshots_visited=snapshots_visited(past, now=taken, retained=retained),
        runs_until_full=runs_until_full(past, bucket=job.bucket, is_full=is_full),
    )


def _tell(job: Job, name: str) -> None:
    job.kit.progress(Stage(name=name))
