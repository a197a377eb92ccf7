"""What a duty to tell somebody is: one rule of a law or a contract, and how far it is verified."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ccir.domain.playbook import Id, Text, Version

RuleId = Annotated[str, Meta(pattern=r"^[A-Z0-9][A-Z0-9-]{1,63}$(?!\n)")]
Word = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_]{1,64}$(?!\n)")]
CalendarId = Annotated[str, Meta(pattern=r"^[A-Z]{2,8}(-[A-Z0-9]{2,3})?$(?!\n)")]
Event = Annotated[str, Meta(pattern=r"^[a-z_]{1,64}(:[A-Z0-9-]{2,64}(:latest)?)?$(?!\n)")]
Unit = Literal["hours", "calendar_days", "business_days", "months"]
Computation = Literal[
    "none",
    "elapsed_hours",
    "eu_1182_hours",
    "eu_1182_days",
    "eu_1182_months",
    "dora_mixed",
    "business_days",
    "generic_calendar_days",
    "jp_days",
    "us_federal_calendar_days",
    "us_sec_business_days",
    "us_state_days",
    "us_ca_days",
    "us_ny_days",
    "us_tx_days",
    "us_wa_days",
]
RuleStatus = Literal[
    "in_force", "contractual", "enacted_not_in_force", "pending", "superseded", "voluntary"
]
VerifiedBy = Literal["verified_text", "verified_secondary", "partly", "memory"]
Relief = Literal["always", "unless_essential"]
Amount = Annotated[int, Meta(ge=0, le=10_000)]
AsOf = Annotated[str, Meta(pattern=r"^\d{4}(-\d{2})?$(?!\n)")]
OLD_AFTER = dt.timedelta(days=366)
_DECEMBER = 12


class Trigger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The moment that the duty starts from.

    `also` names moments that are taken for it: the earliest one that is known counts.
    """

    event: Event
    also: tuple[Event, ...] = ()
    note: Text | None = None


class Span(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of time."""

    amount: Amount
    unit: Unit


class Cap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An outer limit: so many units after a moment.

    `amount` 0 after `notice_to_individuals` means: no later than that notice. `amount_fact`
    names the fact that holds the amount, where the rule itself has none. `only_if` and
    `unless` name a yes-or-no fact by which the limit counts or does not; while that fact is
    unknown, `unless` counts and `only_if` does not.
    """

    amount: Amount = 0
    unit: Unit
    start: Event
    amount_fact: Word | None = None
    only_if: Word | None = None
    unless: Word | None = None
    note: Text | None = None


class Threshold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From when on the duty exists: how many people, or which harm.

    `shown_by` names the moment which, once stated, says that the harm test is met.
    """

    count: int | None = None
    operator: Literal[">", ">=", "<"] | None = None
    population: Word | None = None
    harm_test: Word | None = None
    shown_by: Event | None = None
    note: Text | None = None


class Extension(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """More time, for whoever states the moment `filed` before the limit has passed."""

    filed: Event
    by: Span
    note: Text | None = None


class LawfulDelay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether law enforcement may hold the notice up; None where that is not known.

    `oral` is how long a request that is not in writing holds it, `after_release` how long one
    has after the hold ends; without it, notice is owed at once then.
    """

    law_enforcement: bool | None = None
    oral: Span | None = None
    after_release: Span | None = None
    note: Text | None = None


class FollowUp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A further report that is owed after the first one."""

    stage: Text
    amount: int | None = None
    unit: Unit | None = None
    start: Event
    note: Text | None = None


class Verification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the rule was checked, against which sources, and as of when (`2026-10` or `2026`)."""

    status: VerifiedBy
    as_of: AsOf | None = None
    sources: tuple[Word, ...] = ()


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One duty to tell somebody by some time.

    `standard` is the law's own word for how soon; `caps` are outer limits, of which
    `combine` says how they go together. `computation` names the law's arithmetic.
    `relief` says for whom a last day that is not worked moves, where the law makes that
    depend on the entity or the report. A `template` is a row to copy, and applies to nobody.
    """

    id: RuleId
    tier: Literal["core", "extended"]
    regime: Text
    citation: Text
    sector: Word
    obligated_party: Text
    recipient: Word
    recipient_name: Text
    trigger: Trigger
    standard: Text
    caps: tuple[Cap, ...] = ()
    combine: Literal["earliest"] | None = None
    hard_limit: bool
    threshold: Threshold = Threshold()
    computation: Computation
    relief: Relief | None = None
    extension: Extension | None = None
    template: bool = False
    lawful_delay: LawfulDelay = LawfulDelay()
    follow_up: tuple[FollowUp, ...] = ()
    content_ref: Word | None = None
    effective_from: dt.date | None = None
    effective_to: dt.date | None = None
    status: RuleStatus
    pending: Text | None = None
    verified: Verification
    notes: Text | None = None


class Obligations(msgspec.Struct, frozen=True, kw_only=True):
    """The duties of one jurisdiction, and the sources that they were checked against.

    `zone` is the IANA zone whose days count there and `calendar` the days not worked; None:
    those of the organisation.
    """

    id: Id
    version: Version
    jurisdiction: RuleId
    title: Text
    zone: Text | None = None
    calendar: CalendarId | None = None
    rules: Annotated[tuple[Rule, ...], Meta(min_length=1)]
    sources: dict[str, Text] = {}


def doubts(verified: Verification, today: dt.date) -> tuple[str, ...]:
    """Return what has to be said wherever the rule is shown; nothing where it was read lately."""
    found = {
        "memory": "from memory, unchecked",
        "partly": "checked in part",
        "verified_secondary": "not read in the law itself",
        "verified_text": "",
    }[verified.status]
    is_old = verified.as_of is not None and today - _last_day(verified.as_of) > OLD_AFTER
    old = f"checked as of {verified.as_of}, more than a year ago" if is_old else ""
    return tuple(words for words in (found, old) if words)


def limit_in_words(rule: Rule) -> str:
    """Return the rule's limits as they are written; its standard where it has none."""
    caps = [_cap_in_words(cap) for cap in rule.caps]
    joined = "; ".join(caps)
    if rule.combine == "earliest" and len(caps) > 1:
        joined = f"the earliest of: {joined}"
    return f"{rule.standard}: {joined}" if joined else rule.standard


def _cap_in_words(cap: Cap) -> str:
    if cap.amount_fact is not None:
        return f"{cap.amount_fact.replace('_', ' ')} after {cap.start.replace('_', ' ')}"
    if cap.amount == 0:
        return f"no later than {cap.start.replace('_', ' ')}"
    return f"{cap.amount} {cap.unit.replace('_', ' ')} after {cap.start.replace('_', ' ')}"


def _last_day(as_of: str) -> dt.date:
    year, _, month = as_of.partition("-")
    number = int(month) if month else _DECEMBER
    following = dt.date(int(year) + number // _DECEMBER, number % _DECEMBER + 1, 1)
    return following - dt.timedelta(days=1)
