"""Facts of duties as people write them (`residents=501`), turned into their typed values."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Final
from zoneinfo import ZoneInfoNotFoundError

from ccir.domain.duty_facts import DutyFact
from ccir.domain.events import FactValue
from ccir.domain.facts import DAY, TEXT_LIMIT, YES_OR_NO, Surroundings, refuse_card_number
from ccir.domain.moments import parse_moment, zone_of
from ccir.errors import UsageError

_CLOSURES: Final = "extra_closures"
_PART: Final = re.compile(r"[A-Z0-9][A-Z0-9.-]{0,63}")
_MOST_HOURS: Final = 10_000  # as in the rules themselves


def parse_duty_fact(
    name: str, text: str, *, known: Mapping[str, DutyFact], around: Surroundings
) -> dict[str, FactValue]:
    """Return what the text states, by the fact's name; a map states it for several parts.

    A moment becomes an ISO day where a day was written, else an ISO instant in UTC.

    Raises:
        UsageError: no rule reads such a fact, or the text does not fit its kind.
        RefusedError: it holds a card number.
    """
    fact = duty_fact(name, known)
    refuse_card_number(name, text)
    if not text or len(text) > TEXT_LIMIT:
        raise _misfit(name, text[:40], f"a text of 1 to {TEXT_LIMIT} characters")
    if text.startswith("{") or fact.kind == "map":
        return _by_part(fact, text, around=around)
    return {name: _value(fact, name, text=text, around=around)}


def duty_fact(name: str, known: Mapping[str, DutyFact]) -> DutyFact:
    """Return the fact of that name, which may be narrowed to a part: `residents:US-CA`.

    Raises:
        UsageError: no rule reads such a fact.
    """
    if name in known:
        return known[name]
    plain, colon, part = name.partition(":")
    if plain in known and colon and _PART.fullmatch(part):
        return known[plain]
    if plain in known and _PART.fullmatch(part.upper()):
        raise UsageError(
            f"'{name}' names a place or rule in small letters", hint=f"write {plain}:{part.upper()}"
        )
    near = get_close_matches(name, known, n=1) or get_close_matches(plain, known, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "`ccir obligations facts` lists them"
    raise UsageError(f"no rule reads a fact '{name}'", hint=hint)


def refuse_unknown_parts(names: Iterable[str], parts: Collection[str]) -> None:
    """Refuse facts that are narrowed to a place or rule that no duty is of.

    Raises:
        UsageError: there is no such part.
    """
    for name in names:
        plain, colon, part = name.partition(":")
        if colon and plain != "submission" and part not in parts:
            near = get_close_matches(part, parts, n=1)
            hint = f"did you mean '{near[0]}'?" if near else "name a jurisdiction or a rule"
            raise UsageError(f"'{name}': no duty is of '{part}'", hint=hint)


def _by_part(fact: DutyFact, text: str, *, around: Surroundings) -> dict[str, FactValue]:
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _misfit(fact.name, text, f'JSON, such as {{"US-CA": …}} ({error})') from error
    if not isinstance(parts, dict) or not all(map(_PART.fullmatch, parts)):
        raise _misfit(fact.name, text, 'a map from places or rules, such as {"US-CA": …}')
    return {
        f"{fact.name}:{part}": _value(
            fact,
            fact.name,
            text=value if isinstance(value, str) else json.dumps(value),
            around=around,
        )
        for part, value in parts.items()
    }


def _value(fact: DutyFact, name: str, *, text: str, around: Surroundings) -> FactValue:
    match fact.kind:
        case "moment":
            return _moment(name, text, around)
        case "number":
            return _number(name, text)
        case "boolean":
            return _boolean(name, text)
        case "list":
            return _list(fact, name, text=text)
        case "text" | "map":
            return _zone(text) if fact.kind == "map" else text


def _moment(name: str, text: str, around: Surroundings) -> str:
    is_day = DAY.fullmatch(text) is not None
    moment = _day(name, text) if is_day else parse_moment(text, now=around.now, zone=around.zone)
    if not 1900 <= moment.year < 9000:  # noqa: PLR2004 - what the arithmetic can go on from
        raise _misfit(name, text, "a moment between the years 1900 and 9000")
    return moment.isoformat()


def _day(name: str, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise _misfit(name, text, "a day of the calendar, such as 2026-11-24") from error


def _number(name: str, text: str) -> int:
    try:
        number = int(text.replace("_", ""))
    except ValueError as error:
        raise _misfit(name, text, "a whole number, such as 501") from error
    most = _MOST_HOURS if name.endswith("_hours") else 10**10
    if not 0 <= number <= most:
        raise _misfit(name, text, f"a number from 0 to {most}")
    return number


def _boolean(name: str, text: str) -> bool:
    value = YES_OR_NO.get(text.lower())
    if value is None:
        raise _misfit(name, text, "true or false")
    return value


def _list(fact: DutyFact, name: str, *, text: str) -> list[str]:
    items = _items(name, text)
    for day in items if fact.name == _CLOSURES else ():
        _day(name, day)
    return items


def _items(name: str, text: str) -> list[str]:
    if text.startswith("["):
        try:
            items = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise _misfit(name, text, f'a JSON list, such as ["DE", "US-CA"] ({error})') from error
        if not all(isinstance(item, str) for item in items):
            raise _misfit(name, text, 'a list of texts, such as ["DE", "US-CA"]')
        return [str(item) for item in items]
    return [item.strip() for item in text.split(",") if item.strip()]


def _zone(text: str) -> str:
    """Return the zone's name: one that does not exist would leave the run without clocks."""
    try:
        return zone_of(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"there is no time zone '{text}'", hint="write an IANA name, such as Europe/Berlin"
        ) from error


def _misfit(name: str, text: str, expected: str) -> UsageError:
    return UsageError(f"'{text}' does not fit the fact '{name}'", hint=f"expected {expected}")
