"""Rules of duties, places and facts, as the tests of clocks state them."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain.clocks import Clock, Duty, clock_of
from ccir.domain.deadlines import Place
from ccir.domain.duty_facts import Facts
from ccir.domain.events import FactValue
from ccir.domain.moments import zone_of
from ccir.domain.obligations import Cap, Rule, Trigger, Verification
from ccir.domain.workdays import WorkCalendar

NEW_YORK = Place(zone=zone_of("America/New_York"), calendar=WorkCalendar(id="weekends"))
BERLIN = Place(zone=zone_of("Europe/Berlin"), calendar=WorkCalendar(id="weekends"))
RULE = Rule(
    id="US-CA-IND",
    tier="core",
    regime="test",
    citation="section 1",
    sector="general",
    obligated_party="owner",
    recipient="data_subjects",
    recipient_name="the people",
    trigger=Trigger(event="discovery"),
    standard="promptly",
    caps=(Cap(amount=30, unit="calendar_days", start="discovery"),),
    hard_limit=True,
    computation="us_state_days",
    status="in_force",
    verified=Verification(status="verified_text", as_of="2026-10"),
)


def ruled(**changes: object) -> Rule:
    return msgspec.structs.replace(RULE, **changes)


def hours(amount: int, start: str = "awareness", **changes: object) -> Rule:
    cap = Cap(amount=amount, unit="hours", start=start)
    given = {"trigger": Trigger(event=start), "caps": (cap,), "computation": "elapsed_hours"}
    return ruled(**{**given, **changes})


def facts(*parts: str, **values: FactValue) -> Facts:
    """Return the facts; `residents__US_CA` states `residents:US-CA`."""
    return Facts(values={_name(name): value for name, value in values.items()}, parts=parts)


def clock(
    rule: Rule,
    known: Facts,
    *,
    place: Place = NEW_YORK,
    now: dt.datetime | None = None,
    jurisdiction: str = "US-CA",
) -> Clock:
    return clock_of(Duty(rule=rule, jurisdiction=jurisdiction), known, place=place, now=now)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _name(name: str) -> str:
    plain, _, part = name.partition("__")
    return f"{plain}:{part.replace('_', '-')}" if part else plain
