"""A history of drills as a report is given it, each made in a few words."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain.drill_history import Played
from ccir.domain.drills import Coverage, Mode
from ccir.domain.events import DrillFinished
from ccir.domain.outcomes import CheckResult, Verdict, measured
from support.told_run import START

HOUR, DAY = 3_600, 86_400
GIB = 2**30

_PASSED = CheckResult(name="file-count", verdict="pass", detail="61 files")


def drilled(*, verdict: Verdict = "pass") -> DrillFinished:
    """Return a drill on the CRM's backup."""
    return DrillFinished(
        drill="customer-records",
        target="crm",
        verdict=verdict,
        reason="",
        snapshot="1690ffe7" * 8,
        files=61,
        bytes=1_456_624,
        rpo=measured(3_600, against=86_400),
        rto=measured(1_000, against=900),
        checks=(_PASSED,),
        cleanup="cleaned",
    )


def played(
    day: float,
    *,
    verdict: Verdict = "pass",
    mode: Mode = "full",
    times: tuple[float | None, float | None] = (600, HOUR),
    share: float | None = None,
    gib: float = 1,
    reason: str = "",
    promised: tuple[float | None, float | None] = (900, DAY),
) -> Played:
    """Return a drill of that day; `times` and `promised` are RTO and RPO, `share` is covered."""
    number = round(day) + 1
    covered = None
    if share is not None:
        covered = Coverage(
            days=30,
            files=1_000,
            bytes=GIB,
            verified_files=round(1_000 * share),
            verified_bytes=round(GIB * share),
            snapshots=7,
            snapshots_visited=3,
        )
    result = msgspec.structs.replace(
        drilled(verdict=verdict),
        reason=reason,
        mode=mode,
        files=round(10_000 * gib),
        bytes=round(GIB * gib),
        rto=measured(times[0], against=promised[0]),
        rpo=measured(times[1], against=promised[1]),
        coverage=covered,
    )
    return Played(
        run=f"DR-2026-{number:04}", seq=4, at=START + dt.timedelta(days=day), result=result
    )


def long_course() -> tuple[Played, ...]:
    """Return a history with every verdict, every mode and growing data."""
    found = []
    for day in range(24):
        is_full = day % 4 == 0
        found.append(
            played(
                day,
                mode="full" if is_full else ("sample" if day % 4 < 3 else "stream"),
                times=(
                    300 + 12 * day + (day * 37 % 50) if is_full else 45 + day % 7,
                    3_000 + (day * 811) % 4_000,
                ),
                share=min(1.0, 0.1 + 0.05 * day),
                gib=1 + day / 8,
            )
        )
    found[7] = played(7, verdict="error", times=(None, None), reason="unreachable")
    found[12] = played(
        12, verdict="fail", times=(1_020, HOUR), gib=2.5, share=0.6, reason="rto-exceeded"
    )
    found[17] = played(17, verdict="skipped", times=(None, None), reason="busy")
    found[21] = played(21, verdict="fail", times=(None, 100_000), reason="rpo-exceeded")
    return tuple(found)
