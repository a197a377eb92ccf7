"""The facts that rules of duties read: their names, their kinds, and how they are written.

A fact may be given for all, or for a part: `residents:US-CA` holds for California and
`high_risk:EU-GDPR-34-DS` for that rule; the narrower one counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

import msgspec

from ccir.domain.events import FactValue
from ccir.domain.obligations import Rule

DutyFactKind = Literal["moment", "number", "boolean", "text", "list", "map"]
Due = dt.date | dt.datetime

SUBMISSION: Final = "submission:"
OWN_ACT: Final = "notice_to_individuals"
LATEST: Final = ":latest"
YEAR_END: Final = "end_of_calendar_year"
ASSOCIATE: Final = "associate_discovery"
_CLIENT: Final = "client_affected_"
_ISO_DAY: Final = len("2026-11-24")

POPULATIONS: Final[dict[str, str]] = {
    "state_residents": "residents",
    "residents_of_one_state": "residents",
    "total_individuals": "affected",
    "individuals": "affected",
    "principals": "affected",
    "data_subjects": "affected",
    "consumers": "consumers",
    "customers": "customers",
    "persons_notified": "notified",
    "persons_notified_at_one_time": "notified",
}
"""The fact that counts each population which a threshold names."""

_QUESTIONS: Final[dict[str, str]] = {
    "awareness": "Since when is it reasonably certain that this happened?",
    "discovery": "On which day was it first known here, to anybody?",
    "detection": "When was it detected?",
    "determination": "When was it established that this is a breach?",
    "classification": "When was the incident classified as major?",
    "materiality_determination": "On which day was it found to be material to investors?",
    "suspicion": "When was it first suspected?",
    "suspicion_or_confirmation": "When was a leak of card data first suspected or confirmed?",
    "confirmation": "When was it confirmed?",
    "reasonable_belief": "Since when is it reasonably believed that this happened?",
    "knowledge": "Since when is it known?",
    "occurrence": "When did it happen?",
    "ransom_payment": "When was a ransom paid?",
    "fix_available": "Since when is there a fix or a mitigation?",
    "notice_to_individuals": "On which day were the affected people told?",
    "assessment_complete": "When was the assessment of the breach complete?",
    "residents": "How many residents of that state are affected?",
    "affected": "How many people are affected in all?",
    "consumers": "How many consumers' information is affected?",
    "customers": "How many customers are affected?",
    "notified": "How many people are told at one time?",
    "ba_is_agent": "Does the business associate act as agent of the covered entity?",
    "wrongful_purpose": "Is a wrongful purpose suspected, such as an attack?",
    "nis2_entity": "Is the organisation an essential or important entity under NIS2?",
    "entity_type": "What kind of financial entity is the organisation?",
    "contract_hours": "Within how many hours does the contract ask to be told?",
    "jurisdictions": "In which countries, and in which of their states, do affected people live?",
    "card_data_affected": "Are payment card data among what is affected?",
    "we_are_processor": "Do any of the affected records belong to a client company?",
}
_ALWAYS: Final[dict[str, DutyFactKind]] = {
    "known_to_workforce": "moment",
    "privacy_officer_informed": "moment",
    "processor_awareness": "moment",
    "controller_awareness": "moment",
    "ba_discovery": "moment",
    "ce_informed": "moment",
    "ba_is_agent": "boolean",
    "le_hold_start": "moment",
    "le_hold_end": "moment",
    "le_hold_oral": "moment",
    "entity_type": "text",
    "nis2_entity": "boolean",
    "jurisdictions": "list",
    "establishments": "list",
    "sectors": "list",
    "we_are_processor": "boolean",
    "card_data_affected": "boolean",
    "extra_closures": "list",
    "zones": "map",
}


class DutyFact(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that rules read: its kind, the question for it, and which rules read it."""

    name: str
    kind: DutyFactKind
    question: str
    read_by: tuple[str, ...] = ()


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known; a moment is an ISO day (that local day) or an ISO instant with offset.

    `parts` are what the facts are asked for, the narrowest first: a rule, its jurisdiction.
    """

    values: Mapping[str, FactValue] = {}
    parts: tuple[str, ...] = ()

    def value(self, name: str) -> FactValue | None:
        """Return the fact as it holds for the narrowest of the parts; None if unknown."""
        for part in self.parts:
            narrowed = f"{name}:{part}"
            if narrowed in self.values:
                return self.values[narrowed]
        return self.values.get(name)

    def moment(self, name: str) -> Due | None:
        """Return the moment as a day or an instant; None if unknown, or no moment."""
        value = self.value(name)
        return _due_or_none(value) if isinstance(value, str) else None

    def is_true(self, name: str) -> bool | None:
        """Return the yes or no; None if unknown."""
        value = self.value(name)
        return value if isinstance(value, bool) else None

    def count(self, name: str) -> float | None:
        """Return the number; None if unknown."""
        value = self.value(name)
        return None if isinstance(value, bool | str | list) else value

    def largest(self, name: str) -> float | None:
        """Return the largest of a number's values over its parts; None if none is known.

        Parts are those of the country that the facts are asked for.
        """
        within = tuple(f"{name}:{part}-" for part in self.parts[-1:])
        names = {key for key in self.values if key == name or key.startswith(within)}
        found = [count for key in names for count in (self.count(key),) if count is not None]
        return max(found, default=None)

    def words(self, name: str) -> tuple[str, ...] | None:
        """Return the list, also where it was given as one text; None if unknown."""
        value = self.value(name)
        if isinstance(value, str):
            return (value,)
        return tuple(value) if isinstance(value, list) else None


def due_of(text: str) -> Due:
    """Return the day or the instant that the ISO text says."""
    if len(text) == _ISO_DAY:
        return dt.date.fromisoformat(text)
    return dt.datetime.fromisoformat(text)


def _due_or_none(text: str) -> Due | None:
    """Return the moment; None for a text, which a playbook may ask for by a moment's name."""
    try:
        due = due_of(text)
    except ValueError:
        return None
    return None if isinstance(due, dt.datetime) and due.tzinfo is None else due


def facts_read(rules: Iterable[Rule]) -> dict[str, DutyFact]:
    """Return every fact that the rules read, by name; moments first."""
    readers: dict[str, tuple[DutyFactKind, list[str]]] = {
        name: (kind, []) for name, kind in _ALWAYS.items()
    }
    for rule in rules:
        for name, kind in _reads(rule):
            readers.setdefault(name, (kind, []))[1].append(rule.id)
    ordered = sorted(readers, key=lambda name: (readers[name][0] != "moment", name))
    return {
        name: DutyFact(
            name=name,
            kind=readers[name][0],
            question=question_of(name, readers[name][0]),
            read_by=tuple(dict.fromkeys(readers[name][1])),
        )
        for name in ordered
    }


def question_of(name: str, kind: DutyFactKind) -> str:
    """Return the question that brings the fact out."""
    plain, _, part = name.partition(":")
    if plain == "submission":
        return f"When was {part} submitted?"
    return _asked(plain, kind) + (f" ({part})" if part else "")


def _asked(name: str, kind: DutyFactKind) -> str:
    words = name.removeprefix("or_").replace("_", " ")
    if name in _QUESTIONS:
        return _QUESTIONS[name]
    if name.startswith(_CLIENT):
        return f"Are records of the client '{words[len(_CLIENT) :]}' affected?"
    if "_exempt" in name:
        return f"Was it assessed, with a reason, that this exempts: {words.replace(' exempt', '')}?"
    match kind:
        case "moment":
            return f"When was this: {words}?"
        case "boolean":
            return f"Was it assessed, with a reason, that this holds: {words}?"
        case _:
            return f"What is this: {words}?"


def is_an_act(name: str) -> bool:
    """Return whether the fact comes about by telling somebody, and is nothing to ask for."""
    return name == OWN_ACT or name.startswith(SUBMISSION)


def base_name(event: str) -> str:
    """Return the event's fact: `submission:R:latest` is stated as `submission:R`."""
    return event.removesuffix(LATEST)


def _reads(rule: Rule) -> Iterator[tuple[str, DutyFactKind]]:
    threshold = rule.threshold
    moments = [rule.trigger.event, *rule.trigger.also, *(cap.start for cap in rule.caps)]
    moments += [] if rule.extension is None else [rule.extension.filed]
    moments += [f"{SUBMISSION}{rule.id}"]
    moments += ["discovery"] if YEAR_END in moments else []
    yield from ((base_name(name), "moment") for name in moments if name != ASSOCIATE)
    if threshold.population is not None:
        yield POPULATIONS.get(threshold.population, threshold.population), "number"
    for name in (threshold.harm_test, *(cap.only_if or cap.unless for cap in rule.caps)):
        if name is not None:
            yield name, "boolean"
    for cap in rule.caps:
        if cap.amount_fact is not None:
            yield cap.amount_fact, "number"
