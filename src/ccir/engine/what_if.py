"""Computes clocks from facts alone, without a run: what counsel asks before there is one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec

from ccir.catalog.findings import suggestion
from ccir.domain.duty_fact_texts import parse_duty_fact, refuse_unknown_parts
from ccir.domain.duty_facts import Facts, facts_read
from ccir.domain.events import FactValue
from ccir.domain.facts import Surroundings
from ccir.domain.follow_ups import is_follow_up
from ccir.domain.rulebook import Entry, Rulebook
from ccir.domain.scope import touches
from ccir.engine.duty_clocks import ClockView, Computed, Timepiece
from ccir.engine.places import Chosen, zone_named
from ccir.errors import NotFoundError


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: facts as they were written, which rules, and where time is counted."""

    facts: tuple[tuple[str, str], ...]
    rules: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    chosen: Chosen = Chosen()


def what_if(rulebook: Rulebook, question: Question, now: dt.datetime) -> list[ClockView]:
    """Return the clocks that the facts lead to, soonest first.

    Rules that are not named are left out where the facts `jurisdictions` or `sectors` say that
    they touch nobody, and reports that follow are shown once their start is known.

    Raises:
        UsageError: a fact, zone or calendar is not known, or does not fit.
        NotFoundError: there is no such rule or jurisdiction.
    """
    entries = list(rulebook.entries())
    _refuse_unknown(question, entries)
    zone = zone_named(question.chosen.zone or rulebook.footing.zone)
    facts = Facts(values=_values(question, entries, now=now, zone=zone))
    timepiece = Timepiece(rulebook, facts, question.chosen)
    found = timepiece.compute(lambda entry: _is_asked(entry, question))
    return [
        timepiece.view(each, now.date())
        for each in found
        if question.rules or _is_shown(each, facts, timepiece.facts)
    ]


def _values(
    question: Question, entries: Sequence[Entry], *, now: dt.datetime, zone: ZoneInfo
) -> dict[str, FactValue]:
    known = facts_read(entry.duty.rule for entry in entries)
    around = Surroundings(now=now, zone=zone)
    values: dict[str, FactValue] = {}
    for name, text in question.facts:
        values |= parse_duty_fact(name, text, known=known, around=around)
    refuse_unknown_parts(values, {part for entry in entries for part in entry.duty.parts})
    return values


def _refuse_unknown(question: Question, entries: Sequence[Entry]) -> None:
    rules = {entry.duty.rule.id for entry in entries}
    for name in question.rules:
        if name not in rules:
            raise NotFoundError(f"there is no rule '{name}'", hint=suggestion(name, rules))
    places = {entry.duty.jurisdiction for entry in entries}
    for name in question.jurisdictions:
        if not any(_is_within(place, name) for place in places):
            raise NotFoundError(f"no rule is of '{name}'", hint=suggestion(name, places))


def _is_asked(entry: Entry, question: Question) -> bool:
    duty = entry.duty
    if question.rules and duty.rule.id not in question.rules:
        return False
    wanted = question.jurisdictions
    return not wanted or any(_is_within(duty.jurisdiction, name) for name in wanted)


def _is_within(place: str, wanted: str) -> bool:
    return place == wanted or place.startswith(f"{wanted}-")


def _is_shown(found: Computed, given: Facts, facts: Facts) -> bool:
    duty = found.clock.duty
    if is_follow_up(duty.rule) and found.clock.trigger is None:
        return False
    has_scope = {"jurisdictions", "sectors", "establishments"} & given.values.keys()
    return not has_scope or touches(duty, facts).holds is not False
