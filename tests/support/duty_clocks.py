"""Clocks of duties as a report is given them, without any computing."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from ccir.domain.clocks import Clock, ClockState, Duty
from ccir.domain.deadlines import Deadline
from ccir.domain.duty_facts import Due
from ccir.domain.holds import Hold
from ccir.domain.obligations import Cap, Rule, Threshold, Trigger, Verification
from ccir.reports.duties import DutyClock

BERLIN = ZoneInfo("Europe/Berlin")
AWARE = dt.datetime(2026, 1, 2, 7, 10, tzinfo=dt.UTC)


def rule(
    name: str = "EU-GDPR-33-SA", *, recipient: str = "authority", harm_test: str | None = None
) -> Rule:
    """Return a rule of 72 hours."""
    return Rule(
        id=name,
        tier="core",
        regime="GDPR",
        citation="Art. 33(1)",
        sector="general",
        obligated_party="controller",
        recipient="authority",
        recipient_name=recipient,
        trigger=Trigger(event="awareness"),
        standard="without undue delay",
        caps=(Cap(amount=72, unit="hours", start="awareness"),),
        hard_limit=True,
        threshold=Threshold(harm_test=harm_test),
        computation="eu_1182_hours",
        status="in_force",
        verified=Verification(status="memory"),
    )


def duty_clock(
    rule: Rule,
    state: ClockState = "open",
    *,
    because: str = "",
    due: tuple[Due, Due] | None = None,
    missing: tuple[str, ...] = (),
    hold: Hold | None = None,
) -> DutyClock:
    """Return a clock that began with awareness; `due` is the strict and the latest reading."""
    deadline = None if due is None else Deadline(plan_by=due[0], legal_due=due[1], contested=True)
    clock = Clock(
        duty=Duty(rule=rule, jurisdiction="EU"),
        state=state,
        because=because,
        trigger=AWARE,
        deadline=deadline,
        missing=missing,
        hold=hold,
    )
    return DutyClock(clock=clock, zone=BERLIN)
