"""Whether the parts of a drill fit together."""

from __future__ import annotations

from ccir.catalog.reading import Reading
from ccir.domain.drills import Drill
from ccir.domain.periods import parse_period

# Months and business days have no length of their own.
_FIXED = ("minutes", "hours", "days", "weeks")
_COUNTED = "file-count"


def check_drill(reading: Reading[Drill]) -> None:
    """Complain of what no drill can mean: times without a length, checks of nothing on disk."""
    if reading.document is None:
        return
    _check_times(reading, reading.document)
    _check_mode(reading, reading.document)


def _check_times(reading: Reading[Drill], drill: Drill) -> None:
    for name in ("rpo", "rto", "deadline", "keep_on_fail"):
        text: str | None = getattr(drill, name)
        period = None if text is None else parse_period(text)
        if period is not None and period.unit not in _FIXED:
            hint = "write it in minutes, hours, days or weeks"
            reading.complain(name, f"'{text}' has no fixed length", hint=hint)
    schedule = None if drill.schedule is None else parse_period(drill.schedule.every)
    if schedule is not None and schedule.amount == 0:
        reading.complain("schedule.every", "a drill cannot be due all the time", hint="every: 24h")


def _check_mode(reading: Reading[Drill], drill: Drill) -> None:
    if drill.mode == "full":
        return
    if not drill.verify.content:
        hint = f"leave it out: mode: {drill.mode} compares every file that it reads"
        reading.complain("verify.content", f"mode: {drill.mode} needs it", hint=hint)
    if drill.mode == "sample":
        return
    for number, plan in enumerate(drill.checks):
        if plan.kind != _COUNTED:
            reading.complain(
                f"checks[{number}]",
                f"mode: stream writes nothing, so '{plan.kind}' has nothing to judge",
                hint=f"leave only {_COUNTED}, or use mode: full or sample",
            )
