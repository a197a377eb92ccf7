"""Facts as people write them (`records_affected=4100`), turned into their typed values."""

from __future__ import annotations

import datetime as dt
import re
from difflib import get_close_matches

import msgspec

from ccir.domain.cards import has_card_number
from ccir.domain.events import FactValue
from ccir.domain.moments import parse_moment
from ccir.domain.playbook import Fact, Playbook
from ccir.errors import NotFoundError, RefusedError, UsageError

YES_OR_NO = {"true": True, "yes": True, "false": False, "no": False}
TEXT_LIMIT = 4_000
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What a moment without an offset or a date is read against."""

    now: dt.datetime
    zone: dt.tzinfo


def parse_assignment(text: str) -> tuple[str, str]:
    """Return name and value of `NAME=VALUE`.

    Raises:
        UsageError: there is no `=` or no name.
    """
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(f"'{text}' is not NAME=VALUE", hint="for example records_affected=4100")
    return name.strip(), value.strip()


def fact_of(playbook: Playbook, name: str) -> Fact:
    """Return the playbook's fact of that name.

    Raises:
        NotFoundError: the playbook has no such fact.
    """
    fact = playbook.fact(name)
    if fact is None:
        known = [each.id for each in playbook.facts]
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"its facts: {', '.join(known)}"
        raise NotFoundError(f"playbook '{playbook.id}' has no fact '{name}'", hint=hint)
    return fact


def parse_value(  # noqa: C901 - a case each
    fact: Fact, text: str, surroundings: Surroundings
) -> FactValue:
    """Return the value that the text means for this fact.

    A moment is an ISO day where only a day was written, else ISO 8601 in UTC.

    Raises:
        UsageError: the text does not fit the fact's kind.
        RefusedError: it holds a card number.
    """
    refuse_card_number(fact.id, text)
    match fact.kind:
        case "number":
            return _number(fact, text)
        case "boolean":
            return _boolean(fact, text)
        case "moment":
            return _moment(text, surroundings)
        case "choice":
            return _choice(fact, text)
        case "list":
            return _list(fact, text)
        case "text":
            return _text(fact, text)


def moment_of(value: FactValue, zone: dt.tzinfo | None = None) -> dt.datetime | None:
    """Return the moment that a fact of kind `moment` holds, or None for another value.

    A day is its first instant in the zone, and no moment without a zone.
    """
    if not isinstance(value, str):
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    if DAY.fullmatch(value) and zone is not None:
        return moment.replace(tzinfo=zone)
    return moment if moment.tzinfo is not None else None


def written(value: FactValue) -> str:
    """Return the value as a person would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def refuse_card_number(name: str, text: str) -> None:
    """Refuse a fact's value that looks like a payment card number.

    Raises:
        RefusedError: it does.
    """
    if has_card_number(text):
        raise RefusedError(
            f"the value of '{name}' looks like a payment card number",
            hint="card numbers are never kept here: write the last four digits at most",
        )


def _moment(text: str, surroundings: Surroundings) -> str:
    moment = parse_moment(text, now=surroundings.now, zone=surroundings.zone)
    return text if DAY.fullmatch(text) else moment.isoformat()


def _number(fact: Fact, text: str) -> int | float:
    try:
        return int(text.replace("_", ""))
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError as error:
        raise _misfit(fact, text, "a number, such as 4100") from error
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - tells NaN
        raise _misfit(fact, text, "a number, such as 4100")
    return number


def _boolean(fact: Fact, text: str) -> bool:
    value = YES_OR_NO.get(text.lower())
    if value is None:
        raise _misfit(fact, text, "yes or no")
    return value


def _choice(fact: Fact, text: str) -> str:
    if text not in fact.choices:
        near = get_close_matches(text, fact.choices, n=1)
        meant = f" (did you mean '{near[0]}'?)" if near else ""
        raise _misfit(fact, text, f"one of {', '.join(fact.choices)}{meant}")
    return text


def _list(fact: Fact, text: str) -> list[str]:
    items = [item.strip() for item in text.split(",") if item.strip()]
    wrong = [item for item in items if fact.choices and item not in fact.choices]
    if wrong or not items:
        known = f" out of {', '.join(fact.choices)}" if fact.choices else ""
        raise _misfit(fact, text, f"words with commas between them{known}")
    return items


def _text(fact: Fact, text: str) -> str:
    if not text or len(text) > TEXT_LIMIT:
        raise _misfit(fact, text[:40], f"a text of 1 to {TEXT_LIMIT} characters")
    return text


def _misfit(fact: Fact, text: str, expected: str) -> UsageError:
    return UsageError(f"'{text}' does not fit the fact '{fact.id}'", hint=f"expected {expected}")
