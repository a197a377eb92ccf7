"""How a duty stands: whether it applies, by when it is owed, and whether it was met.

1. A rule applies that was in force on the day of its trigger, and whose threshold is reached.
2. While the facts do not say whether it applies, or when it began, it is undetermined; its
   times are those which hold if it applies.
3. A hold by law enforcement stops it; on release it is computed as the rule says.
4. It is met by a submission up to the latest reading of its limit, and late after that.
5. A rule without a number has no deadline; its target is the organisation's own.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from ccir.domain.bases import BASES
from ccir.domain.deadlines import Deadline, Place, deadline_of, end_of
from ccir.domain.duty_facts import OWN_ACT, SUBMISSION, Due, Facts, base_name
from ccir.domain.follow_ups import first_of
from ccir.domain.holds import Hold, began_in_time, extended, hold_of, released
from ccir.domain.obligations import Cap, Rule, limit_in_words
from ccir.domain.thresholds import is_reached
from ccir.domain.triggers import moments_of, unsure_of_agency

ClockState = Literal["not-applicable", "undetermined", "open", "met", "late", "held", "waived"]
# Entities without the weekend relief for initial and intermediate reports:
# Del. Reg. (EU) 2025/301 Art. 5(5).
ESSENTIAL = frozenset({"credit institution", "central counterparty", "trading venue", "ccp"})
AMBER_FROM = 0.8


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with the jurisdiction it belongs to."""

    rule: Rule
    jurisdiction: str

    @property
    def parts(self) -> tuple[str, ...]:
        """Return what a fact may be narrowed to, the narrowest first."""
        whole = self.jurisdiction.partition("-")[0]
        rule = self.rule.id
        return tuple(dict.fromkeys((rule, first_of(rule), self.jurisdiction, whole)))


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """How a duty stands.

    `because` says why it does not apply or what it waits for; `missing` names the facts that
    would make it certain; `submitted` when it was met; `target` an aim of the organisation
    where the law has no number.
    """

    duty: Duty
    state: ClockState
    because: str = ""
    trigger: Due | None = None
    deadline: Deadline | None = None
    missing: tuple[str, ...] = ()
    submitted: Due | None = None
    hold: Hold | None = None
    target: dt.datetime | None = None

    @property
    def is_owed(self) -> bool:
        """Return whether somebody is to be told yet, or may be."""
        return self.state in {"open", "late", "undetermined"} and self.submitted is None

    @property
    def basis(self) -> str:
        """Return what the times rest on, in one sentence."""
        rule = self.duty.rule
        return f"{limit_in_words(rule)}; {BASES[rule.computation]}"

    def due_at(self, zone: dt.tzinfo) -> dt.datetime | None:
        """Return the instant to work to: the strict reading's end, or the own target."""
        return self.target if self.deadline is None else end_of(self.deadline.plan_by, zone)


def clock_of(duty: Duty, facts: Facts, *, place: Place, now: dt.datetime | None = None) -> Clock:
    """Return how the duty stands; without `now`, nothing is late that was not submitted."""
    facts = msgspec.structs.replace(facts, parts=duty.parts)
    rule = _with_facts(duty.rule, facts)
    moments = moments_of(rule, facts, place.zone)
    trigger = moments.get(base_name(rule.trigger.event))
    found = Clock(
        duty=duty,
        state="open",
        trigger=trigger,
        submitted=facts.moment(f"{SUBMISSION}{rule.id}"),
        hold=hold_of(rule, facts, place=place),
    )
    reached = is_reached(rule, facts)
    because = _not_in_force(rule, trigger or now, place.zone) or reached.because
    if because:
        return msgspec.structs.replace(found, state="not-applicable", because=because, hold=None)
    base = deadline_of(rule, moments, place=place, may_move=_may_move(rule, facts))
    deadline = None if base is None else extended(rule, base, facts, place=place)
    if deadline is not None and found.hold is not None:
        deadline = released(rule, deadline, found.hold, place=place)
    unknown = _missing(rule, moments, facts, is_known=base is not None)
    missing = (*reached.missing, *unknown, *_amounts_missing(duty.rule, facts))
    found = msgspec.structs.replace(found, deadline=deadline, missing=missing)
    is_unsure = bool(reached.missing) or (trigger is None and base is None)
    return _with_state(found, is_unsure=is_unsure, place=place, now=now)


def is_late(due: Due, at: Due, zone: dt.tzinfo) -> bool:
    """Return whether what was done at that time was done after it was due.

    What is only known to have been done that day was done at its beginning.
    """
    done = at if isinstance(at, dt.datetime) else dt.datetime.combine(at, dt.time(), zone)
    return done > end_of(due, zone)


def used(clock: Clock, now: dt.datetime, zone: dt.tzinfo) -> float | None:
    """Return which share of the strict period is over; None where there is no period."""
    if clock.deadline is None or clock.trigger is None:
        return None
    start = clock.trigger
    began = start if isinstance(start, dt.datetime) else dt.datetime.combine(start, dt.time(), zone)
    length = end_of(clock.deadline.plan_by, zone) - began.astimezone(dt.UTC)
    return (now - began) / length if length > dt.timedelta() else 1.0


def _with_state(found: Clock, *, is_unsure: bool, place: Place, now: dt.datetime | None) -> Clock:
    limit = None if found.deadline is None else found.deadline.legal_due
    if found.submitted is not None:
        is_over = limit is not None and is_late(limit, found.submitted, place.zone)
        return msgspec.structs.replace(found, state="late" if is_over else "met")
    if is_unsure:
        because = f"needs to know {', '.join(found.missing)}"
        return msgspec.structs.replace(found, state="undetermined", because=because)
    if _is_held(found, place, now):
        return msgspec.structs.replace(found, state="held", because="law enforcement holds it up")
    if now is not None and limit is not None and is_late(limit, now, place.zone):
        return msgspec.structs.replace(found, state="late", because="the latest reading has passed")
    return found


def _is_held(found: Clock, place: Place, now: dt.datetime | None) -> bool:
    hold, deadline = found.hold, found.deadline
    if hold is None or not (deadline is None or began_in_time(hold, deadline, place=place)):
        return False
    return hold.until is None or (now is not None and not is_late(hold.until, now, place.zone))


def _with_facts(rule: Rule, facts: Facts) -> Rule:
    """Return the rule with the limits that count by the facts, and their amounts."""
    caps = (_cap(cap, facts) for cap in rule.caps)
    return msgspec.structs.replace(rule, caps=tuple(cap for cap in caps if cap is not None))


def _cap(cap: Cap, facts: Facts) -> Cap | None:
    if cap.only_if is not None and facts.is_true(cap.only_if) is not True:
        return None
    if cap.unless is not None and facts.is_true(cap.unless) is True:
        return None
    if cap.amount_fact is None:
        return cap
    amount = facts.count(cap.amount_fact)
    return None if amount is None else msgspec.structs.replace(cap, amount=int(amount))


def _may_move(rule: Rule, facts: Facts) -> bool:
    if rule.relief != "unless_essential":
        return rule.relief == "always"
    kinds = facts.words("entity_type")
    is_essential = kinds is None or any(kind.lower() in ESSENTIAL for kind in kinds)
    return not is_essential and facts.is_true("nis2_entity") is False


def _not_in_force(rule: Rule, moment: Due | None, zone: dt.tzinfo) -> str:
    day = moment.astimezone(zone).date() if isinstance(moment, dt.datetime) else moment
    first, last = rule.effective_from, rule.effective_to
    if rule.status in {"pending", "enacted_not_in_force"} and first is None:
        return f"not in force ({rule.status.replace('_', ' ')})"
    if day is not None and first is not None and day < first:
        return f"in force from {first}, and this was on {day}"
    if day is not None and last is not None and day > last:
        return f"in force until {last}, and this was on {day}"
    return ""


def _missing(
    rule: Rule, moments: dict[str, Due], facts: Facts, *, is_known: bool
) -> tuple[str, ...]:
    """Return what is not known of the moments; the notice to individuals is one's own act."""
    names = dict.fromkeys(base_name(name) for name in (rule.trigger.event, *_starts(rule)))
    unknown = [name for name in names if name not in moments and (not is_known or name != OWN_ACT)]
    unknown += ["ba_is_agent"] if unsure_of_agency(rule, facts) else []
    return tuple(unknown)


def _amounts_missing(rule: Rule, facts: Facts) -> tuple[str, ...]:
    names = (cap.amount_fact for cap in rule.caps if cap.amount_fact is not None)
    return tuple(name for name in names if facts.count(name) is None)


def _starts(rule: Rule) -> tuple[str, ...]:
    return tuple(cap.start for cap in rule.caps)
