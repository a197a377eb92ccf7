"""Writes a run's deadlines as a calendar file (RFC 5545) that people can import."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import icalendar

from ccir.domain.deadlines import Due
from ccir.engine.duty_clocks import Computed, written
from ccir.engine.obligations import DISCLAIMER
from ccir.engine.run_clocks import RunClocks
from ccir.errors import UnavailableError

_WARNINGS = (dt.timedelta(hours=24), dt.timedelta(hours=4))


def write_calendar(clocks: RunClocks, file: Path, *, now: dt.datetime) -> int:
    """Write every duty that is owed at the time to work to, and return how many there are.

    The same duty keeps its identifier, so that importing the file anew replaces it.

    Raises:
        UnavailableError: the file cannot be written.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//ccir//clocks//EN")
    calendar.add("version", "2.0")
    owed = [each for each in clocks.all(now) if each.clock.is_owed and _due(each) is not None]
    for each in owed:
        calendar.add_component(_event(clocks, each, now=now))
    try:
        file.write_bytes(calendar.to_ical())
    except OSError as error:
        raise UnavailableError(
            f"'{file}' cannot be written: {error.strerror}", hint="give another --ics FILE"
        ) from error
    return len(owed)


def _event(clocks: RunClocks, computed: Computed, *, now: dt.datetime) -> icalendar.Event:
    clock = computed.clock
    rule = clock.duty.rule
    unsure = "if it applies: " if clock.state == "undetermined" else ""
    event = icalendar.Event()
    event.add("uid", f"{clocks.run.id}.{rule.id}@ccir")
    event.add("dtstamp", now)
    event.add("summary", f"{clocks.run.id} {rule.id}: {unsure}tell {rule.recipient_name}")
    event.add("description", _description(computed))
    due = _due(computed)
    event.add("dtstart", due)
    if isinstance(due, dt.date) and not isinstance(due, dt.datetime):
        event.add("dtend", due + dt.timedelta(days=1))  # an instant has no end (RFC 5545 3.8.2.2)
    for before in _WARNINGS:
        event.add_component(_alarm(before, f"{rule.id} is due"))
    return event


def _due(computed: Computed) -> Due | None:
    deadline = computed.clock.deadline
    due = computed.clock.target if deadline is None else deadline.plan_by
    return due.astimezone(dt.UTC) if isinstance(due, dt.datetime) else due


def _description(computed: Computed) -> str:
    clock, zone = computed.clock, computed.place.zone
    deadline = clock.deadline
    latest = "" if deadline is None else f"At the latest: {written(deadline.legal_due, zone)}"
    contested = "Contested." if deadline is not None and deadline.contested else ""
    missing = f"Missing: {', '.join(clock.missing)}" if clock.missing else ""
    lines = (clock.duty.rule.citation, clock.basis, latest, contested, missing, DISCLAIMER)
    return "\n".join(filter(None, lines))


def _alarm(before: dt.timedelta, text: str) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -before)
    return alarm
