"""From when a duty runs: the moments that its limits start from, out of the facts.

1. Moments that are taken for the trigger (`also`) count if they came earlier. HIPAA imputes what
   any member of the workforce knew (45 CFR 164.404(a)(2)); a controller is aware once its
   processor tells it (EDPB Guidelines 9/2022).
2. What a business associate discovered counts for the covered entity from that day if the
   associate is its agent, else from the day it was told; while that is unknown, the former.
3. The end of the calendar year is that of the year of the discovery (45 CFR 164.408(c)).
4. A report that follows on another one starts with that one's submission, or with its latest
   (Del. Reg. (EU) 2025/301 Art. 5(1)(c)).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ccir.domain.deadlines import end_of
from ccir.domain.duty_facts import ASSOCIATE, YEAR_END, Due, Facts, base_name
from ccir.domain.obligations import Rule

_DISCOVERY = "discovery"


def moments_of(rule: Rule, facts: Facts, zone: dt.tzinfo) -> dict[str, Due]:
    """Return what is known of the rule's trigger and of the moments its limits start from."""
    names = dict.fromkeys((rule.trigger.event, *(cap.start for cap in rule.caps)))
    found = {base_name(name): _moment(rule, name, facts=facts, zone=zone) for name in names}
    return {name: moment for name, moment in found.items() if moment is not None}


def unsure_of_agency(rule: Rule, facts: Facts) -> bool:
    """Return whether it matters, and is unknown, if the business associate is an agent."""
    return (
        ASSOCIATE in rule.trigger.also
        and facts.moment("ba_discovery") is not None
        and facts.is_true("ba_is_agent") is None
    )


def _moment(rule: Rule, name: str, *, facts: Facts, zone: dt.tzinfo) -> Due | None:
    is_year_end = name == YEAR_END
    if is_year_end and facts.moment(name) is not None:
        return facts.moment(name)
    if name != rule.trigger.event:
        return facts.moment(name) or facts.moment(base_name(name))
    names = (_DISCOVERY if is_year_end else name, *rule.trigger.also)
    known = _earliest((_stated(each, facts) for each in names), zone)
    if known is None or not is_year_end:
        return known
    local = known.astimezone(zone) if isinstance(known, dt.datetime) else known
    return dt.date(local.year, 12, 31)


def _stated(name: str, facts: Facts) -> Due | None:
    if name != ASSOCIATE:
        return facts.moment(name) or facts.moment(base_name(name))
    told = facts.moment("ce_informed")
    if facts.is_true("ba_is_agent") is False:
        return told
    return facts.moment("ba_discovery") or told


def _earliest(moments: Iterable[Due | None], zone: dt.tzinfo) -> Due | None:
    known = [moment for moment in moments if moment is not None]
    return min(known, key=lambda moment: end_of(moment, zone), default=None)
