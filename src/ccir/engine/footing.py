"""What duties depend on in `ccir.toml`: the organisation, and its contracts as rules."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from ccir.catalog.calendars import shipped_calendars
from ccir.domain.obligations import (
    Cap,
    Computation,
    Obligations,
    Rule,
    Threshold,
    Trigger,
    Unit,
    Verification,
)
from ccir.domain.rulebook import Footing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ccir.config.duties import Contract
    from ccir.config.settings import Settings
    from ccir.domain.events import FactValue

_UNITS: dict[str, Unit] = {"h": "hours", "d": "calendar_days", "bd": "business_days"}
_COUNTED: dict[str, Computation] = {
    "h": "elapsed_hours",
    "d": "generic_calendar_days",
    "bd": "business_days",
}
_SPAN = re.compile(r"(\d+)(h|d|bd)")


def footing_of(settings: Settings) -> Footing:
    """Return the organisation's zone, calendars and facts.

    What is no day of the calendar is left out: `ccir doctor` says so.
    """
    own = settings.obligations
    return Footing(
        zone=settings.organisation.timezone.key,
        calendar=own.calendar,
        zones={name: zone.key for name, zone in own.zones.items()},
        calendars=own.calendars,
        closures=tuple(day for text in own.extra_closures if (day := _day(text))),
        target_seconds=None if own.target_seconds is None else int(own.target_seconds),
        facts=_facts(settings),
    )


def contract_books(settings: Settings) -> tuple[Obligations, ...]:
    """Return each contract of the settings as a file of one rule, `CONTRACT-<ID>`."""
    return tuple(_book(name, contract) for name, contract in settings.contracts.items())


def complaints_about(settings: Settings, books: Sequence[Obligations]) -> list[str]:
    """Return what `[obligations]` and `[contracts]` name that is not there."""
    own, calendars = settings.obligations, shipped_calendars()
    named = [own.calendar, *own.calendars.values()]
    named += [contract.calendar for contract in settings.contracts.values()]
    rules = [rule for book in books for rule in book.rules]
    sectors = {rule.sector for rule in rules}
    places = {rule.id for rule in rules} | {book.jurisdiction for book in books}
    found = [
        *(f"there is no calendar '{name}'" for name in named if name and not calendars.has(name)),
        *(f"'{text}' is no day" for text in own.extra_closures if _day(text) is None),
        *(f"no rule is of the sector '{name}'" for name in own.sectors if name not in sectors),
    ]
    for table, keys in (("zones", own.zones), ("calendars", own.calendars)):
        found += [f"{table}: '{key}' is no rule or jurisdiction" for key in {*keys} - places]
    return found


def _facts(settings: Settings) -> dict[str, FactValue]:
    own = settings.obligations
    found: dict[str, FactValue | None] = {
        "establishments": list(own.establishments) or None,
        "sectors": list(own.sectors) or None,
        "entity_type": list(own.entity_types) or None,
        "nis2_entity": own.nis2_entity,
        "ba_is_agent": own.business_associate_is_agent,
    }
    return {name: value for name, value in found.items() if value is not None}


def _book(name: str, contract: Contract) -> Obligations:
    return Obligations(
        id=f"contract-{name}"[:64],
        version="1.0.0",
        jurisdiction="INTL",
        title=f"Contract with {contract.client}",
        zone=None if contract.timezone is None else contract.timezone.key,
        calendar=contract.calendar,
        rules=(_rule(name, contract),),
    )


def _rule(name: str, contract: Contract) -> Rule:
    amount, unit = _span(contract.within)
    affected = f"client_affected_{name.replace('-', '_')}"
    read = contract.read_in
    return Rule(
        id=f"CONTRACT-{name.upper()}",
        tier="core",
        regime="contract",
        citation=contract.clause,
        sector="general",
        obligated_party="contact centre for its client",
        recipient="controller",
        recipient_name=contract.contact or contract.client,
        trigger=Trigger(event=contract.starts),
        standard="as agreed",
        caps=(Cap(amount=amount, unit=_UNITS[unit], start=contract.starts),),
        hard_limit=True,
        threshold=Threshold(harm_test=affected),
        computation=_COUNTED[unit],
        content_ref="gdpr_33_2_processor",
        status="contractual",
        verified=Verification(status="memory" if read is None else "verified_text", as_of=read),
    )


def _span(text: str) -> tuple[int, str]:
    found = _SPAN.fullmatch(text)
    if found is None:  # the settings took no other form
        raise ValueError(text)
    return int(found[1]), found[2]


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
