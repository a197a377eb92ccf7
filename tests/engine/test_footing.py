from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from ccir.catalog.rulebook import load_books
from ccir.catalog.sources import Sources
from ccir.config.duties import Contract, Duties
from ccir.config.settings import Organisation, Settings
from ccir.config.values import Seconds
from ccir.engine.footing import complaints_about, contract_books, footing_of

ACME = Contract(client="ACME Insurance", within="24h", clause="Annex 3")
BOOKS = load_books(Sources(None))


def settings(
    *, duties: Duties | None = None, contracts: dict[str, Contract] | None = None
) -> Settings:
    organisation = Organisation(name="Example", timezone=ZoneInfo("Europe/Berlin"))
    return Settings(
        folder=Path("/srv/ccir"),
        organisation=organisation,
        obligations=duties or Duties(),
        contracts=contracts or {},
    )


def test_what_the_organisation_does_not_say_of_itself_stays_unknown() -> None:
    found = footing_of(settings())
    assert (found.zone, found.calendar, found.target_seconds) == ("Europe/Berlin", None, None)
    assert (found.facts, found.zones, found.calendars, found.closures) == ({}, {}, {}, ())


def test_what_it_says_of_itself_are_facts_of_every_run() -> None:
    duties = Duties(
        establishments=("DE-HE", "US-CA"),
        sectors=("finance",),
        entity_types=("insurance intermediary",),
        nis2_entity=False,
        business_associate_is_agent=True,
        calendar="DE-HE",
        calendars={"EU-GDPR-33-SA": "DE"},
        zones={"US-CA": ZoneInfo("America/Los_Angeles")},
        extra_closures=("2026-12-24", "2026-12-32"),
        target_seconds=Seconds(172_800),
    )
    found = footing_of(settings(duties=duties))
    assert found.facts == {
        "establishments": ["DE-HE", "US-CA"],
        "sectors": ["finance"],
        "entity_type": ["insurance intermediary"],
        "nis2_entity": False,
        "ba_is_agent": True,
    }
    assert found.zones == {"US-CA": "America/Los_Angeles"}
    assert found.calendars == {"EU-GDPR-33-SA": "DE"}
    assert found.closures == (dt.date(2026, 12, 24),), "what is no day is left out"
    assert found.target_seconds == 172_800


@pytest.mark.parametrize(
    ("within", "amount", "unit", "computation"),
    [
        ("24h", 24, "hours", "elapsed_hours"),
        ("3d", 3, "calendar_days", "generic_calendar_days"),
        ("2bd", 2, "business_days", "business_days"),
    ],
)
def test_a_contract_is_a_rule_that_counts_as_it_says(
    within: str, *, amount: int, unit: str, computation: str
) -> None:
    contract = msgspec.structs.replace(ACME, within=within, starts="discovery")
    [book] = contract_books(settings(contracts={"acme": contract}))
    [rule] = book.rules
    [cap] = rule.caps
    assert (rule.id, book.id, book.jurisdiction) == ("CONTRACT-ACME", "contract-acme", "INTL")
    assert (cap.amount, cap.unit, cap.start) == (amount, unit, "discovery")
    assert (rule.computation, rule.trigger.event) == (computation, "discovery")
    assert rule.threshold.harm_test == "client_affected_acme"


def test_a_contract_says_whom_to_tell_where_and_how_far_it_was_read() -> None:
    [book] = contract_books(settings(contracts={"acme": ACME}))
    [rule] = book.rules
    assert (book.zone, book.calendar) == (None, None)
    assert (rule.recipient_name, rule.citation) == ("ACME Insurance", "Annex 3")
    assert (rule.verified.status, rule.verified.as_of) == ("memory", None)
    fuller = msgspec.structs.replace(
        ACME,
        contact="ACME's duty manager",
        timezone=ZoneInfo("Europe/Paris"),
        calendar="FR",
        read_in="2026-10",
    )
    [book] = contract_books(settings(contracts={"acme": fuller}))
    [rule] = book.rules
    assert (book.zone, book.calendar) == ("Europe/Paris", "FR")
    assert rule.recipient_name == "ACME's duty manager"
    assert (rule.verified.status, rule.verified.as_of) == ("verified_text", "2026-10")


def test_a_contracts_fact_is_named_as_facts_are() -> None:
    [book] = contract_books(settings(contracts={"big-bank-2": ACME}))
    assert book.rules[0].id == "CONTRACT-BIG-BANK-2"
    assert book.rules[0].threshold.harm_test == "client_affected_big_bank_2"


def test_settings_that_name_what_is_there_have_no_complaints() -> None:
    duties = Duties(
        calendar="DE",
        sectors=("finance",),
        zones={"EU": ZoneInfo("Europe/Paris"), "US-CA-IND": ZoneInfo("UTC")},
        calendars={"US": "US-SEC"},
    )
    assert complaints_about(settings(duties=duties, contracts={"acme": ACME}), BOOKS) == []


def test_every_name_that_is_not_there_is_complained_of() -> None:
    duties = Duties(
        calendar="DE-HEX",
        sectors=("finanze",),
        extra_closures=("2026-02-30",),
        zones={"US-CAL": ZoneInfo("UTC")},
        calendars={"EU": "NOWHERE", "ZZ": "DE"},
    )
    contract = msgspec.structs.replace(ACME, calendar="FRX")
    assert complaints_about(settings(duties=duties, contracts={"acme": contract}), BOOKS) == [
        "there is no calendar 'DE-HEX'",
        "there is no calendar 'NOWHERE'",
        "there is no calendar 'FRX'",
        "'2026-02-30' is no day",
        "no rule is of the sector 'finanze'",
        "zones: 'US-CAL' is no rule or jurisdiction",
        "calendars: 'ZZ' is no rule or jurisdiction",
    ]
