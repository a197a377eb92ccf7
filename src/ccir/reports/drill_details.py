"""What one drill proved and how: its mode, its level, its phases, its coverage."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ccir.domain.drills import LEVELS, Bucket, Coverage, Mode, PhaseTime, Proven
from ccir.domain.events import DrillFinished
from ccir.domain.outcomes import Verdict
from ccir.reports.telling import Moment, Teller, percent, size, span

MODES: dict[Mode, str] = {
    "full": "a restore of everything",
    "sample": "a restore of a sample",
    "stream": "everything read, nothing written",
}
_CONTROLS: dict[Verdict, str] = {
    "pass": "damage that was made on purpose was found",
    "fail": "damage that was made on purpose was not found",
    "error": "no damage could be made",
    "stale": "no damage was made for long",
    "skipped": "no damage was made",
}


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is told of a drill; `is_bad` where it is no good news."""

    name: str
    words: str
    is_bad: bool = False


class DrillDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What a drill's event says of how it was played; `told` says the same in words.

    `level_meaning` is empty where no level was reached or the log is older than levels.
    """

    mode: Mode
    level: str
    level_meaning: str
    older: str | None
    bucket: Bucket | None
    restored: Verdict | None
    validated: Verdict | None
    phases: tuple[PhaseTime, ...]
    proven: Proven | None
    coverage: Coverage | None
    data_age_seconds: float | None
    control: Verdict | None
    kept_until: Moment | None
    tool: str
    definition: str
    told: tuple[Detail, ...]


def drill_details(event: DrillFinished, teller: Teller) -> DrillDetails:
    """Return how a drill was played and what it proved."""
    kept_until = teller.moment_or_none(event.kept_until)
    return DrillDetails(
        mode=event.mode,
        level=event.level,
        level_meaning=LEVELS.get(event.level, ""),
        older=event.older,
        bucket=event.bucket,
        restored=event.restored,
        validated=event.validated,
        phases=event.phases,
        proven=event.proven,
        coverage=event.coverage,
        data_age_seconds=event.data_age_seconds,
        control=event.control,
        kept_until=kept_until,
        tool=event.tool,
        definition=event.definition,
        told=tuple(_told(event, kept_until)),
    )


def _told(event: DrillFinished, kept_until: Moment | None) -> Iterator[Detail]:
    yield Detail(name="Mode", words=f"{event.mode}: {_mode(event)}")
    if event.level:
        yield Detail(name="Level", words=f"{event.level}: {LEVELS.get(event.level, 'not known')}")
    yield from _verdict("Restore", event.restored)
    yield from _verdict("Validation", event.validated)
    yield from _proof(event)
    yield from _circumstances(event, kept_until)


def _mode(event: DrillFinished) -> str:
    words = MODES[event.mode]
    if event.bucket is not None:
        words += f", number {event.bucket.number + 1} of {event.bucket.of}"
    if event.older is not None:
        words += f"; besides the newest snapshot the older one {event.older[:8]}"
    return words


def _verdict(name: str, verdict: Verdict | None) -> Iterator[Detail]:
    if verdict is not None:
        yield Detail(name=name, words=verdict, is_bad=verdict not in ("pass", "skipped"))


def _proof(event: DrillFinished) -> Iterator[Detail]:
    if event.proven is not None:
        words = f"{event.proven.files:,} files, {size(event.proven.bytes)}"
        yield Detail(name="Proven byte for byte", words=words)
    if event.coverage is not None:
        yield Detail(name="Coverage", words=coverage_in_words(event.coverage))
    if event.data_age_seconds is not None:
        yield Detail(name="Newest datum", words=f"{span(event.data_age_seconds)} old")
    if event.control is not None:
        words = f"{event.control}: {_CONTROLS[event.control]}"
        yield Detail(name="Negative control", words=words, is_bad=event.control != "pass")


def _circumstances(event: DrillFinished, kept_until: Moment | None) -> Iterator[Detail]:
    if event.phases:
        phases = ", ".join(f"{phase.name} {span(phase.seconds)}" for phase in event.phases)
        yield Detail(name="Phases", words=phases)
    if kept_until is not None:
        yield Detail(name="Files kept until", words=kept_until.shown)
    if event.tool:
        yield Detail(name="Tool", words=event.tool)
    if event.definition:
        yield Detail(name="Drill as played", words=f"SHA-256 {event.definition}")


def coverage_in_words(coverage: Coverage) -> str:
    """Return how much of the newest snapshot was verified, and how long the rest takes."""
    share = ""
    if coverage.bytes:
        share = f"{percent(coverage.verified_bytes / coverage.bytes)} of the bytes, "
    words = (
        f"{share}{coverage.verified_files:,} of {coverage.files:,} files in {coverage.days} days; "
        f"{coverage.snapshots_visited} of {coverage.snapshots} snapshots"
    )
    if coverage.oldest_unverified_seconds is not None:
        words += f"; the longest wait is {span(coverage.oldest_unverified_seconds)}"
    if coverage.runs_until_full is not None:
        words += f"; whole after {coverage.runs_until_full} more drills"
    return words
