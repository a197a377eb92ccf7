"""What the screen says of one drill: what came back, what that proves, and what is covered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ccir.cli.session import Session
from ccir.cli.verdicts import show_checks
from ccir.cli.words import counted, size
from ccir.domain.spans import span

if TYPE_CHECKING:
    from ccir.domain.drills import Coverage
    from ccir.domain.events import DrillFinished
    from ccir.domain.outcomes import Objective


_MINUTE = 60


def show_result(session: Session, event: DrillFinished, *, hint: str) -> None:
    """Print what one drill came to."""
    reason = f" ({event.reason})" if event.reason else ""
    snapshot = f", snapshot {event.snapshot[:8]}" if event.snapshot else ""
    older = f" and {event.older[:8]}" if event.older else ""
    session.speech.say(
        f"drill {event.drill} on {event.target}: {event.verdict}{reason}{snapshot}{older}",
        _what_came(event),
        *_proof(event),
        f"RPO {_objective(event.rpo)}; RTO {_objective(event.rto)}",
        *_more(event),
    )
    if event.coverage is not None:
        session.speech.say(*_coverage(event.coverage))
    show_checks(session, event.checks, hint=hint)


def _what_came(event: DrillFinished) -> str:
    done = "read, nothing written" if event.mode == "stream" else "restored"
    part = ""
    if event.bucket is not None:
        part = f" (sample {event.bucket.number + 1} of {event.bucket.of})"
    return f"{event.files} files, {size(event.bytes)} {done}{part}; scratch {event.cleanup}"


def _proof(event: DrillFinished) -> Iterator[str]:
    from ccir.domain.drills import LEVELS

    if event.level:
        yield f"proven: {event.level}, {LEVELS[event.level]}"
    if event.restored is not None:
        yield f"restore: {event.restored}; validation: {event.validated or 'not reached'}"


def _more(event: DrillFinished) -> Iterator[str]:
    if event.data_age_seconds is not None:
        yield f"newest datum that came back: {span(event.data_age_seconds)} old"
    if event.control is not None:
        found = "was found" if event.control == "pass" else "was NOT shown to be found"
        yield f"negative control: damage made on purpose {found}"
    if event.kept_until is not None:
        yield f"restored data is KEPT until {event.kept_until:%Y-%m-%d %H:%M} UTC"


def _coverage(coverage: Coverage) -> Iterator[str]:
    """Say what is verified; never 100 % before all of it is."""
    share = int(100 * coverage.verified_bytes / coverage.bytes) if coverage.bytes else 0
    yield (
        f"coverage in {coverage.days} days: {coverage.verified_files} of {coverage.files} files,"
        f" {share} % of the bytes; {coverage.snapshots_visited} of {coverage.snapshots} snapshots"
    )
    if coverage.runs_until_full:
        waits = coverage.oldest_unverified_seconds
        oldest = (
            ""
            if waits is None or waits < _MINUTE
            else f"; the oldest unverified file waits {span(waits)}"
        )
        yield f"until 100 %: {counted(coverage.runs_until_full, 'more drill')}{oldest}"


def _objective(objective: Objective) -> str:
    measured = "not measured"
    if objective.measured_seconds is not None:
        measured = span(objective.measured_seconds)
    if objective.objective_seconds is None:
        return f"{measured}, no objective"
    met = {True: "met", False: "MISSED", None: "not judged"}[objective.met]
    return f"{measured} of {span(objective.objective_seconds)}, {met}"
