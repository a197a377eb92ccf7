"""The duties of a run: its facts as the rules read them, and how each of its clocks stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from ccir.domain.clocks import Clock, Duty
from ccir.domain.duty_facts import LATEST, OWN_ACT, SUBMISSION, Facts
from ccir.domain.events import FactValue
from ccir.domain.follow_ups import first_of, is_follow_up
from ccir.domain.run import Run, Waiver
from ccir.domain.scope import touches

# What playbooks call a fact that rules count by another name.
_SAME: Mapping[str, str] = {"people_affected": "affected"}
_TOLD_ONESELF = "data_subjects"


def facts_of(run: Run, duties: Iterable[Duty]) -> Facts:
    """Return what the run knows: its facts, what was submitted, and when people were told."""
    values: dict[str, FactValue] = {}
    for name in run.facts:
        entry = run.fact(name)
        if entry is not None:
            values.setdefault(_SAME.get(name, name), entry.value)
            values[name] = entry.value
    known = {duty.rule.id: duty for duty in duties}
    for rule, told in _earliest_first(run):
        values[f"{SUBMISSION}{rule}"] = told[0].isoformat()
        values[f"{SUBMISSION}{rule}{LATEST}"] = told[-1].isoformat()
        duty = known.get(rule)
        if duty is not None and duty.rule.recipient == _TOLD_ONESELF:
            values.setdefault(f"{OWN_ACT}:{duty.jurisdiction}", told[0].isoformat())
    return Facts(values=values)


def scoped(duty: Duty, facts: Facts) -> Clock | None:
    """Return the clock of a duty that is out of the run's scope, or not known to be in it.

    None: it is in scope, and its own threshold decides.
    """
    answer = touches(duty, facts)
    if answer.holds is False:
        return Clock(duty=duty, state="not-applicable", because=answer.because)
    if answer.holds is None:
        because = f"needs to know {', '.join(answer.missing)}"
        return Clock(duty=duty, state="undetermined", because=because, missing=answer.missing)
    return None


def waived(clock: Clock, waivers: Mapping[str, Waiver]) -> Clock:
    """Return the clock after the decision not to tell, where two people stand for it."""
    waiver = waivers.get(clock.duty.rule.id)
    if waiver is None or not waiver.confirmed_by or clock.state in {"met", "not-applicable"}:
        return clock
    if clock.submitted is not None:
        return clock
    because = f"decided not to tell by {waiver.by} and {waiver.confirmed_by}, review on "
    return msgspec.structs.replace(clock, state="waived", because=f"{because}{waiver.review_on}")


def without_idle_follow_ups(clocks: Iterable[Clock]) -> Iterator[Clock]:
    """Yield the clocks without follow-ups that have not begun, or of rules that do not apply."""
    found = list(clocks)
    states = {clock.duty.rule.id: clock.state for clock in found}
    for clock in found:
        rule = clock.duty.rule
        is_idle = clock.trigger is None or states.get(first_of(rule.id)) == "not-applicable"
        if not (is_follow_up(rule) and is_idle):
            yield clock


def instant_to_work_to(clock: Clock, zone: dt.tzinfo) -> dt.datetime | None:
    """Return the end of the strict reading, or the own target; None where there is neither."""
    if clock.state in {"not-applicable", "met", "waived"}:
        return None
    return clock.due_at(zone)


def _earliest_first(run: Run) -> list[tuple[str, list[dt.datetime]]]:
    """Return when each rule was submitted to: `--at` lets one be entered after a later one."""
    times = [(rule, sorted(each.at for each in told)) for rule, told in run.submissions.items()]
    return sorted(times, key=lambda each: each[1][0])
