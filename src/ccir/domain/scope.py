"""Which duties touch a run: by where the affected people live, and by what the centre is.

1. A rule of a place applies where affected people live there or the organisation is
   established there; a part (US-CA) counts for its country (US) too, a country of the European
   Economic Area for the Union (EU). The GDPR, NIS2 and DORA name more exact tests of
   territory: counsel narrows what this leaves open.
2. A rule of one sector applies to an organisation of that sector; one of card brands where
   card data are affected.
3. A duty of whoever works for others (`recipient: controller`) applies where records of a
   client are affected; of a contract, where that client's are.
4. Where only the country is named (US), it is not known whether people live in a part (US-CA).
5. A template is a row to copy, and touches nobody.
"""

from __future__ import annotations

from typing import Final

from ccir.domain.clocks import Duty
from ccir.domain.duty_facts import Facts
from ccir.domain.thresholds import Answer

UNION: Final = "EU"
EVERYWHERE: Final = "INTL"
CARDS: Final = "payments"
# Member states and the three EFTA states of the EEA Agreement.
_EEA: Final = """
    AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK
"""
EEA: Final = frozenset(_EEA.split())
_ALSO: Final = {"UK": "GB", "EL": "GR"}
_YES: Final = Answer(holds=True)


def touches(duty: Duty, facts: Facts) -> Answer:
    """Return whether the duty touches what happened, as far as places and sectors say."""
    if duty.rule.template:
        return Answer(holds=False, because="a row to copy: add your contracts to ccir.toml")
    answers = (
        _by_sector(duty, facts),
        _by_cards(duty, facts),
        _by_place(duty, facts),
        _by_part(duty, facts),
    )
    refused = next((answer for answer in answers if answer.holds is False), None)
    if refused is not None:
        return refused
    missing = tuple(name for answer in answers for name in answer.missing)
    return Answer(holds=None, missing=missing) if missing else _YES


def lies_in(place: str, jurisdiction: str) -> bool:
    """Return whether a country or state belongs to the jurisdiction."""
    country, _, part = place.strip().upper().partition("-")
    country = _ALSO.get(country, country)
    if jurisdiction == UNION:
        return country == UNION or country in EEA
    whole = f"{country}-{part}" if part else country
    return whole == jurisdiction or whole.startswith(f"{jurisdiction}-")


def _by_sector(duty: Duty, facts: Facts) -> Answer:
    sector = duty.rule.sector
    if sector in {"general", *(facts.words("sectors") or ())}:
        return _YES
    return Answer(holds=False, because=f"only for the sector {sector} (ccir.toml: sectors)")


def _by_cards(duty: Duty, facts: Facts) -> Answer:
    if duty.rule.sector != CARDS:
        return _YES
    affected = facts.is_true("card_data_affected")
    if affected is None:
        return Answer(holds=None, missing=("card_data_affected",))
    return _YES if affected else Answer(holds=False, because="no card data are affected")


def _by_place(duty: Duty, facts: Facts) -> Answer:
    if duty.jurisdiction.partition("-")[0] == EVERYWHERE:
        return _YES
    lived = facts.words("jurisdictions")
    places = (*(lived or ()), *(facts.words("establishments") or ()))
    if any(lies_in(place, duty.jurisdiction) for place in places):
        return _YES
    whole = duty.jurisdiction.partition("-")[0]
    if lived is None or any(lies_in(place, whole) and "-" not in place for place in lived):
        return Answer(holds=None, missing=("jurisdictions",))
    return Answer(holds=False, because=f"nobody affected is known in {duty.jurisdiction}")


def _by_part(duty: Duty, facts: Facts) -> Answer:
    if duty.rule.recipient != "controller" or duty.rule.status == "contractual":
        return _YES
    works_for_others = facts.is_true("we_are_processor")
    if works_for_others is None:
        return Answer(holds=None, missing=("we_are_processor",))
    return _YES if works_for_others else Answer(holds=False, because="no client's records")
