"""How work in the outside world ended: verdicts of checks and receipts of messages."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

Verdict = Literal["pass", "skipped", "fail", "stale", "error"]

_MOST_DECISIVE_FIRST: tuple[Verdict, ...] = ("fail", "stale", "error", "pass", "skipped")
_EXIT_STATUS: dict[Verdict, int] = {"pass": 0, "skipped": 0, "fail": 1, "stale": 1, "error": 3}


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found.

    `reason` is a stable code (`repository-damaged`), empty for a pass; `detail` says in one
    sentence what was seen; `hint` says what to do about it. `newest_at` is when the newest
    datum that the check saw was written, where it can tell.
    """

    name: str
    verdict: Verdict
    reason: str = ""
    detail: str = ""
    hint: str = ""
    newest_at: dt.datetime | None = None


class Objective(msgspec.Struct, frozen=True, kw_only=True):
    """A measured time against the time that was promised, both in seconds.

    `met` is None where either is unknown.
    """

    measured_seconds: float | None = None
    objective_seconds: float | None = None
    met: bool | None = None


def measured(seconds: float | None, *, against: float | None) -> Objective:
    """Return the measured seconds set against their objective."""
    met = None if seconds is None or against is None else seconds <= against
    return Objective(measured_seconds=seconds, objective_seconds=against, met=met)


def decisive(results: tuple[CheckResult, ...]) -> CheckResult | None:
    """Return the result that decides the whole: a fail before an error before the rest.

    A proven failure outranks an error, because no retry can undo the proof.
    """
    ranked = sorted(results, key=lambda result: _MOST_DECISIVE_FIRST.index(result.verdict))
    return ranked[0] if ranked else None


def exit_status(verdict: Verdict) -> int:
    """Return the exit status that a verdict stands for."""
    return _EXIT_STATUS[verdict]
