"""The law's own arithmetic: by when a rule asks for notice, read strictly and read latest.

1. Hours are elapsed time. Regulation (EEC, Euratom) 1182/71 Art. 3(1) does not count the hour
   of the event; Art. 3(4) moves no period of hours; whether Art. 3(5) gives them two working
   days is contested (LDI NRW 2024 and BayLfD 2019 refuse it).
2. Days do not count the day of the event. Japan counts it (PPC guideline; from memory).
3. Months end on the same date number or on the month's last day (1182/71 Art. 3(2)(c)).
4. Business days count the working days after the event (Form 8-K, General Instruction B.1).
5. A last day that is not worked moves to the next working day where the law says so: 1182/71
   Art. 3(4), never with less than two working days in all (Art. 3(5)); N.Y. Gen. Constr. Law
   25-a, Cal. Code Civ. Proc. 12a, Tex. Gov. Code 311.014, RCW 1.12.040. The four American
   statutes are untested for notices of breaches, so that the moved day is contested.
6. DORA, Del. Reg. (EU) 2025/301 Art. 5: the earlier of the two limits counts, but awareness
   does not when the incident was classified more than 24 h later; a limit on a day that is
   not worked may be met by noon of the next working day, where the entity has that relief.

An answer that is a date means the end of that local day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec

from ccir.domain.obligations import Cap, Computation, Rule
from ccir.domain.periods import months_later
from ccir.domain.workdays import WorkCalendar

Due = dt.date | dt.datetime

_DAY = dt.timedelta(days=1)
_HOUR = dt.timedelta(hours=1)
_INSTANT = dt.timedelta(microseconds=1)
_NOON = dt.time(12)
_TWO_DAYS_IN_HOURS = 48
_LEAST_WORKING_DAYS = 2
_CLASSIFIED_IN_TIME = dt.timedelta(hours=24)
_EU: frozenset[Computation] = frozenset({"eu_1182_days", "eu_1182_months"})
_AMERICAN: dict[Computation, str] = {
    "us_ny_days": "N.Y. Gen. Constr. Law 25-a",
    "us_ca_days": "Cal. Code Civ. Proc. 12a",
    "us_tx_days": "Tex. Gov. Code 311.014",
    "us_wa_days": "RCW 1.12.040",
}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the time is counted: the zone of its days, and the days that it does not work."""

    zone: dt.tzinfo
    calendar: WorkCalendar


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """By when notice is owed.

    Work to `plan_by`, the strict reading; `legal_due` is the latest one that can be supported.
    `contested` says that authorities or authors read it in more than one way. `steps` tell how
    it was computed.
    """

    plan_by: Due
    legal_due: Due
    contested: bool = False
    steps: tuple[str, ...] = ()


def deadline_of(
    rule: Rule, moments: Mapping[str, Due], *, place: Place, may_move: bool = False
) -> Deadline | None:
    """Return the rule's deadline; None where it has no number or no limit's moment is known.

    A limit whose moment is unknown is left out: the answer then is the latest possible one.
    `may_move` says that a last day that is not worked moves for this entity and this report,
    where the law makes that depend on them: DORA's noon, and Japan's final report.
    Moments lie before the year 9000.
    """
    is_dora = rule.computation == "dora_mixed"
    known = [
        (cap, moments[name])
        for cap in rule.caps
        for name in (cap.start.removesuffix(":latest"),)
        if name in moments and not (is_dora and _is_overtaken(cap, moments, place.zone))
    ]
    limits = [
        _limit(cap, _local(start, place.zone), computation=rule.computation, place=place)
        for cap, start in known
    ]
    if not limits:
        return None
    found = _earliest(limits, place.zone)
    return _moved(found, rule.computation, place) if may_move else found


def end_of(due: Due, zone: dt.tzinfo) -> dt.datetime:
    """Return the last instant of the deadline in UTC, by which dates and instants compare."""
    if isinstance(due, dt.datetime):
        return due.astimezone(dt.UTC)
    return _start_of(due + _DAY, zone).astimezone(dt.UTC) - _INSTANT


def _local(start: Due, zone: dt.tzinfo) -> Due:
    return start.astimezone(zone) if isinstance(start, dt.datetime) else start


def _limit(cap: Cap, start: Due, *, computation: Computation, place: Place) -> Deadline:
    if cap.amount == 0:
        day = _day_of(start, place.zone)
        text = f"no later than {cap.start}: {_shown(start)}, or at the latest that day"
        return Deadline(plan_by=start, legal_due=day, steps=(text,))
    if cap.unit == "hours":
        return _hours(cap, start, computation=computation, place=place)
    first = _day_of(start, place.zone)
    if cap.unit == "business_days":
        last = place.calendar.working_after(first, cap.amount)
        text = f"{cap.amount} business days ({place.calendar.id}) after {first}: {last}"
        return Deadline(plan_by=last, legal_due=last, steps=(text,))
    counted = _last_day(cap, first, computation)
    return _rolled(counted, first, computation=computation, place=place)


def _hours(cap: Cap, start: Due, *, computation: Computation, place: Place) -> Deadline:
    earliest, latest = _bounds(start, place.zone)
    length = _HOUR * cap.amount
    plan_by = (earliest + length).astimezone(place.zone)
    steps = [f"{cap.amount} elapsed hours after {cap.start} {_shown(start)}: {_shown(plan_by)}"]
    if computation != "eu_1182_hours":
        legal_due = (latest + length).astimezone(place.zone)
        return Deadline(plan_by=plan_by, legal_due=legal_due, steps=tuple(steps))
    legal_due = (_next_full_hour(latest, place.zone) + length).astimezone(place.zone)
    steps.append(f"the event's hour is not counted (1182/71 Art. 3(1)): {_shown(legal_due)}")
    until = (legal_due - _INSTANT).date()  # what ends at midnight ends with the day before
    worked = place.calendar.worked(after=_day_of(start, place.zone), until=until)
    contested = cap.amount >= _TWO_DAYS_IN_HOURS and worked < _LEAST_WORKING_DAYS
    if contested:
        steps.append(
            f"{worked} working days in it: some read 1182/71 Art. 3(5) as asking for "
            f"{_LEAST_WORKING_DAYS}, which authorities refuse for hours"
        )
    return Deadline(plan_by=plan_by, legal_due=legal_due, contested=contested, steps=tuple(steps))


def _last_day(cap: Cap, first: dt.date, computation: Computation) -> tuple[dt.date, str]:
    if cap.unit == "months":
        last = months_later(first, cap.amount)
        return last, f"{cap.amount} months after {first}: {last}"
    if computation == "jp_days":
        last = first + _DAY * (cap.amount - 1)
        return last, f"{cap.amount} days, {first} being the first: {last}"
    last = first + _DAY * cap.amount
    return last, f"{cap.amount} days after {first}, which is not counted: {last}"


def _rolled(
    counted: tuple[dt.date, str], first: dt.date, *, computation: Computation, place: Place
) -> Deadline:
    last, text = counted
    if computation in _EU:
        second = place.calendar.working_after(first, _LEAST_WORKING_DAYS)
        moved = max(place.calendar.working_from(last), second if _spans_two(last, first) else last)
        law = "1182/71 Art. 3(4) and (5)"
    elif computation in _AMERICAN:
        moved, law = place.calendar.working_from(last), _AMERICAN[computation]
    else:
        moved, law = last, ""
    steps = (text, f"moved off days not worked ({law}): {moved}") if moved != last else (text,)
    contested = moved != last and computation in _AMERICAN
    return Deadline(plan_by=last, legal_due=moved, contested=contested, steps=steps)


def _moved(found: Deadline, computation: Computation, place: Place) -> Deadline:
    day = _day_of(found.legal_due, place.zone)
    working = place.calendar.working_from(day)
    if working == day or computation not in {"dora_mixed", "jp_days"}:
        return found
    moved: Due = working
    step = f"moved off days that are closed: {working}"
    if computation == "dora_mixed":
        moved = dt.datetime.combine(working, _NOON, place.zone)
        step = (
            f"{day} is not worked, noon of the next working day will do (2025/301 Art. 5): {moved}"
        )
    return msgspec.structs.replace(found, legal_due=moved, steps=(*found.steps, step))


def _earliest(limits: Sequence[Deadline], zone: dt.tzinfo) -> Deadline:
    plan = min(limits, key=lambda limit: end_of(limit.plan_by, zone))
    legal = min(limits, key=lambda limit: end_of(limit.legal_due, zone))
    steps = [step for limit in limits for step in limit.steps]
    if len(limits) > 1:
        steps.append(f"the earliest of {len(limits)} counts: {_shown(plan.plan_by)}")
    return Deadline(
        plan_by=plan.plan_by,
        legal_due=legal.legal_due,
        contested=plan.contested or legal.contested,
        steps=tuple(steps),
    )


def _is_overtaken(cap: Cap, moments: Mapping[str, Due], zone: dt.tzinfo) -> bool:
    if cap.start != "awareness" or "classification" not in moments:
        return False
    aware = _bounds(moments["awareness"], zone)[1]
    classified = _bounds(moments["classification"], zone)[0]
    return classified - aware > _CLASSIFIED_IN_TIME


def _spans_two(last: dt.date, first: dt.date) -> bool:
    return last - first >= _DAY * _LEAST_WORKING_DAYS


def _bounds(start: Due, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
    if isinstance(start, dt.datetime):
        return start.astimezone(dt.UTC), start.astimezone(dt.UTC)
    return _start_of(start, zone).astimezone(dt.UTC), end_of(start, zone)


def _next_full_hour(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    local = moment.astimezone(zone)
    past = dt.timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return moment - past + _HOUR


def _day_of(due: Due, zone: dt.tzinfo) -> dt.date:
    return due.astimezone(zone).date() if isinstance(due, dt.datetime) else due


def _start_of(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone)


def _shown(due: Due) -> str:
    return due.isoformat(timespec="minutes") if isinstance(due, dt.datetime) else due.isoformat()
