"""Reports that are owed after the first one, as rules of their own: `EU-CER-15-INI.1`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from ccir.domain.duty_facts import SUBMISSION
from ccir.domain.obligations import Cap, Computation, FollowUp, Rule, Threshold, Trigger, Unit

_AFTER_THE_FIRST: Final = frozenset({"initial_notice", "early_alert"})
_UNION: Final = "EU-"  # Reg. 1182/71 counts the days and months of every act of the Union.
_EU: Final[dict[Unit, Computation]] = {
    "calendar_days": "eu_1182_days",
    "months": "eu_1182_months",
}
_ELSEWHERE: Final[dict[Unit, Computation]] = {
    "hours": "elapsed_hours",
    "calendar_days": "generic_calendar_days",
    "business_days": "business_days",
    "months": "generic_calendar_days",
}


def with_follow_ups(rule: Rule) -> Iterator[Rule]:
    """Yield the rule, and a rule for each report that follows on its own.

    A follow-up runs from the submission of the first report where it is said to, else from
    the moment that it names: then it is owed only where the first report is owed.
    """
    yield rule
    for number, each in enumerate(rule.follow_up, start=1):
        yield _rule(rule, each, f"{rule.id}.{number}")


def is_follow_up(rule: Rule) -> bool:
    """Return whether the rule is a follow-up of another one."""
    return "." in rule.id


def first_of(rule_id: str) -> str:
    """Return the id of the rule that a follow-up belongs to; the rule's own otherwise."""
    return rule_id.partition(".")[0]


def _rule(rule: Rule, each: FollowUp, name: str) -> Rule:
    start = f"{SUBMISSION}{rule.id}" if each.start in _AFTER_THE_FIRST else each.start
    return msgspec.structs.replace(
        rule,
        id=name,
        trigger=Trigger(event=start, note=each.note),
        standard=each.stage,
        caps=_caps(each, start),
        combine=None,
        threshold=Threshold() if start.startswith(SUBMISSION) else rule.threshold,
        computation=_computation(rule, each.unit),
        relief=None,
        extension=None,
        follow_up=(),
        content_ref=None,
        notes=None,
    )


def _caps(each: FollowUp, start: str) -> tuple[Cap, ...]:
    if each.amount is None or each.unit is None:
        return ()
    return (Cap(amount=each.amount, unit=each.unit, start=start),)


def _computation(rule: Rule, unit: Unit | None) -> Computation:
    if unit is None:
        return "none"
    is_european = rule.computation.startswith("eu_1182") or rule.id.startswith(_UNION)
    if unit == "business_days" and rule.computation == "us_sec_business_days":
        return rule.computation
    return _EU.get(unit, _ELSEWHERE[unit]) if is_european else _ELSEWHERE[unit]
