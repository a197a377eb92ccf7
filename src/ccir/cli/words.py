"""Words for the screen: moments, ages and sizes as people say them."""

from __future__ import annotations

import datetime as dt

from ccir.domain.events import FactValue
from ccir.domain.facts import moment_of, written
from ccir.domain.moments import ENTERED_LATER, shown, zone_of
from ccir.domain.run import Run
from ccir.domain.spans import span

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
_STEP = 1_024


def moment(at: dt.datetime | None, zone: str) -> str:
    """Return the moment in the organisation's zone and in UTC; a dash where there is none."""
    return "-" if at is None else shown(at, zone_of(zone))


def fact_words(run: Run, name: str, value: FactValue) -> str:
    """Return a fact's value as a person reads it, a moment in the organisation's zone."""
    fact = run.playbook.fact(name)
    is_moment = fact is None or fact.kind == "moment"  # the rules' own facts know their kind
    at = moment_of(value) if is_moment else None
    return written(value) if at is None else moment(at, run.zone)


def clock_time(at: dt.datetime, zone: str) -> str:
    """Return day and time to the second in the organisation's zone, and the time in UTC."""
    local = at.astimezone(zone_of(zone))
    if local.utcoffset() == dt.timedelta(0):
        return f"{local:%Y-%m-%d %H:%M:%S} UTC"
    return f"{local:%Y-%m-%d %H:%M:%S %Z} ({at.astimezone(dt.UTC):%H:%M} UTC)"


def remaining(due_at: dt.datetime | None, now: dt.datetime) -> str:
    """Return how long is left, or by how much it is overdue."""
    if due_at is None:
        return ""
    seconds = (due_at - now).total_seconds()
    return f"in {span(seconds)}" if seconds >= 0 else f"OVERDUE by {span(-seconds)}"


def size(octets: float) -> str:
    """Return a number of bytes in a readable unit."""
    for unit in _UNITS:
        if octets < _STEP or unit == _UNITS[-1]:
            return f"{octets:.0f} {unit}" if unit == "bytes" else f"{octets:.1f} {unit}"
        octets /= _STEP
    raise AssertionError(octets)


def entered_later(at: dt.datetime, recorded_at: dt.datetime) -> str:
    """Return the gap between what happened and its entry, where it is over five minutes."""
    gap = recorded_at - at
    return f"entered {span(gap.total_seconds())} later" if gap > ENTERED_LATER else ""


def counted(number: int, thing: str) -> str:
    """Return the number with the thing in its singular or plural."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
