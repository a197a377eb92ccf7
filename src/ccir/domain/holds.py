"""More time: what an extension adds, and what a request of law enforcement holds up.

1. An extension counts if it was filed before the limit passed; it moves the latest reading only.
2. A hold counts where the rule knows one, if it began before the limit passed.
3. An oral request holds as long as the rule says (45 CFR 164.412: 30 days), unless a written one
   is stated.
4. After a hold, notice is owed by the original limit, or so long after the release as the rule
   says, whichever is later; at once where it says nothing.
"""

from __future__ import annotations

import msgspec

from ccir.domain.deadlines import Deadline, Place, deadline_of, end_of
from ccir.domain.duty_facts import Due, Facts
from ccir.domain.obligations import Cap, Rule, Span

_START = "given"


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which law enforcement holds the notice up; `until` is None while it lasts."""

    since: Due | None
    until: Due | None


def extended(rule: Rule, base: Deadline, facts: Facts, *, place: Place) -> Deadline:
    """Return the deadline with the extension that was filed in time, if there is one."""
    extension = rule.extension
    filed = None if extension is None else facts.moment(extension.filed)
    if extension is None or filed is None:
        return base
    if end_of(filed, place.zone) > end_of(base.legal_due, place.zone):
        step = f"{extension.filed} {filed} came after the limit and adds nothing"
        return msgspec.structs.replace(base, steps=(*base.steps, step))
    later = span_after(rule, extension.by, base.legal_due, place=place)
    step = f"{extension.filed} {filed} adds {in_words(extension.by)}: {later}"
    return msgspec.structs.replace(base, legal_due=later, steps=(*base.steps, step))


def hold_of(rule: Rule, facts: Facts, *, place: Place) -> Hold | None:
    """Return the hold on the rule's notice, or None."""
    if not rule.lawful_delay.law_enforcement:
        return None
    since, until = facts.moment("le_hold_start"), facts.moment("le_hold_end")
    if since is not None or until is not None:
        return Hold(since=since, until=until)
    oral, span = facts.moment("le_hold_oral"), rule.lawful_delay.oral
    if oral is None or span is None:
        return None
    return Hold(since=oral, until=span_after(rule, span, oral, place=place))


def released(rule: Rule, base: Deadline, hold: Hold, *, place: Place) -> Deadline | None:
    """Return the deadline after the hold; None while it lasts."""
    if not began_in_time(hold, base, place=place):
        step = f"the hold since {hold.since} began after the limit and holds nothing"
        return msgspec.structs.replace(base, steps=(*base.steps, step))
    if hold.until is None:
        return None
    span = rule.lawful_delay.after_release
    due = hold.until if span is None else span_after(rule, span, hold.until, place=place)
    rest = "at once" if span is None else f"within {in_words(span)}"
    step = f"held up by law enforcement until {hold.until}, then {rest}: {due}"
    return msgspec.structs.replace(
        base,
        plan_by=max(base.plan_by, due, key=lambda each: end_of(each, place.zone)),
        legal_due=max(base.legal_due, due, key=lambda each: end_of(each, place.zone)),
        steps=(*base.steps, step),
    )


def began_in_time(hold: Hold, base: Deadline, *, place: Place) -> bool:
    """Return whether the hold began before the limit passed."""
    since = hold.since
    return since is None or end_of(since, place.zone) <= end_of(base.legal_due, place.zone)


def span_after(rule: Rule, span: Span, start: Due, *, place: Place) -> Due:
    """Return the end of the span after the moment, by the rule's arithmetic."""
    cap = Cap(amount=span.amount, unit=span.unit, start=_START)
    counted = msgspec.structs.replace(rule, caps=(cap,))
    found = deadline_of(counted, {_START: start}, place=place)
    return start if found is None else found.legal_due


def in_words(span: Span) -> str:
    """Return the span as people say it."""
    return f"{span.amount} {span.unit.replace('_', ' ')}"
