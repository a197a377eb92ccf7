"""What a command about a duty or about a moment that starts one leads to.

1. A moment that starts clocks is stated once by one person. Changing it takes a reason and a
   second person: an earlier one counts at once, a later one when she has confirmed it.
2. A duty that is met late needs a reason.
3. A decision not to tell takes a reason, a day to look at it again, and a second person.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from ccir.domain import commands as c
from ccir.domain import events as e
from ccir.domain.duty_facts import due_of
from ccir.domain.facts import fact_of
from ccir.domain.moments import zone_of
from ccir.domain.run import FactEntry, Run
from ccir.errors import RefusedError

STARTING: Final = frozenset(
    {
        "awareness",
        "ba_discovery",
        "ce_informed",
        "classification",
        "confirmation",
        "controller_awareness",
        "detection",
        "determination",
        "discovery",
        "knowledge",
        "known_to_workforce",
        "materiality_determination",
        "noticing",
        "occurrence",
        "reasonable_belief",
        "suspicion",
        "suspicion_or_confirmation",
    }
)
"""The moments that start clocks by what somebody knew."""


def record_fact(run: Run, command: c.RecordFact) -> list[e.AnyEvent]:
    """Return the event that states the fact (rule 1)."""
    name = command.name if command.of_rules else fact_of(run.playbook, command.name).id
    return [
        e.FactRecorded(
            name=name,
            value=command.value,
            source=command.source,
            reason=command.reason,
            second=_second(run, command),
        )
    ]


def confirm_fact(run: Run, command: c.ConfirmFact) -> list[e.AnyEvent]:
    """Return the event of the second person (rule 1)."""
    stated = run.facts.get(command.name, ())
    waiting = [entry for entry in stated if entry.awaits and not entry.withdrawn]
    if not waiting:
        raise RefusedError(
            f"no changed '{command.name}' waits for a second person", hint="`ccir fact list`"
        )
    changed = waiting[-1]
    if changed.by == command.by:
        raise RefusedError(
            f"{command.by} changed '{command.name}' herself",
            hint="another person has to confirm it: --as PERSON",
        )
    return [e.FactConfirmed(name=command.name, seq=changed.seq)]


def meet_duty(run: Run, command: c.MeetDuty) -> list[e.AnyEvent]:
    """Return the event of a submission (rule 2)."""
    has_reason = command.reason is not None or command.rule in run.delays
    if command.is_late and not has_reason and command.notice is None:
        raise RefusedError(
            f"the time of {command.rule} has passed", hint="say why it comes late: --reason"
        )
    return [
        e.DutyMet(
            rule=command.rule,
            reference=command.reference,
            evidence=command.evidence,
            notice=command.notice,
            reason=command.reason,
        )
    ]


def waive_duty(run: Run, command: c.WaiveDuty) -> list[e.AnyEvent]:
    """Return the event of the decision not to tell, or of the second person (rule 3)."""
    known = run.waivers.get(command.rule)
    if command.reason is not None and command.review_on is not None:
        return [e.DutyWaived(rule=command.rule, reason=command.reason, review_on=command.review_on)]
    if known is None or command.reason is not None or command.review_on is not None:
        raise RefusedError(
            f"a decision not to tell ({command.rule}) takes a reason and a day of review",
            hint="give --reason and --review-on",
        )
    if known.confirmed_by:
        raise RefusedError(
            f"{known.by} and {known.confirmed_by} stand for it already", hint="nothing to confirm"
        )
    if command.by == known.by:
        raise RefusedError(
            f"{command.by} made this decision herself",
            hint="another person has to confirm it: --as PERSON",
        )
    return [e.WaiverConfirmed(rule=command.rule)]


def renew_rules(run: Run, command: c.RenewRules) -> list[e.AnyEvent]:
    """Return the event by which other rules hold from now on."""
    if run.rules is not None and run.rules.digest == command.rules.digest:
        raise RefusedError(
            f"{run.id} is held to these rules already", hint="nothing has changed since"
        )
    return [e.RulesRenewed(rules=command.rules, reason=command.reason)]


def is_starting_moment(name: str) -> bool:
    """Return whether clocks run from the fact, also where it is narrowed to a part."""
    return name.partition(":")[0] in STARTING


def _stated_before(run: Run, name: str) -> FactEntry | None:
    """Return what the statement changes: the fact itself, one withdrawn, or that for all parts."""
    withdrawn = [entry for entry in run.facts.get(name, ())[-1:] if entry.withdrawn]
    found = (run.fact(name), *withdrawn, run.fact(name.partition(":")[0]))
    return next((entry for entry in found if entry is not None), None)


def _second(run: Run, command: c.RecordFact) -> e.Second:
    before = _stated_before(run, command.name)
    is_starting = is_starting_moment(command.name)
    if before is None or not is_starting or before.value == command.value:
        return "none"
    if command.reason is None:
        raise RefusedError(
            f"'{command.name}' is stated already, and clocks run from it",
            hint="give --reason; a second person has to confirm the change",
        )
    one, other = (_instant(value, run.zone) for value in (command.value, before.value))
    is_earlier = one is not None and other is not None and one < other
    return "counts-now" if is_earlier else "counts-then"


def _instant(value: e.FactValue, zone: str) -> dt.datetime | None:
    """Return the instant, or the beginning of the organisation's day; None for what is neither."""
    try:
        due = due_of(str(value))
    except ValueError:
        return None
    if isinstance(due, dt.datetime):
        return due
    return dt.datetime.combine(due, dt.time(), zone_of(zone))
