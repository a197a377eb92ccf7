"""Writes playbooks/obligations/holidays.json from the holidays library (`make calendars`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import holidays

PAGE = Path(__file__).parent.parent / "playbooks" / "obligations" / "holidays.json"
YEARS = range(2024, 2036)  # the library knows no later year of some countries
COUNTRIES = (
    "AE AT AU BE BG BR CA CH CL CN CO CY CZ DE DK EE ES FI FR GB GR HK HR HU ID IE IN IS IT JP KE "
    "KR LI LT LU LV MT MX MY NG NL NO NZ PH PL PR PT RO SA SE SG SI SK TH TR US VN ZA"
)
WITH_PARTS = ("AU", "CA", "DE", "GB", "US")
NO_PARTS = {"US": {"AS", "GU", "MP", "PR", "UM", "VI"}, "AU": {"NSW Western"}, "DE": {"Augsburg"}}
# Days on which EDGAR took no filings though federal offices' calendars did not say so.
# Source: sec.gov, EDGAR calendar notices of those days.
EDGAR_CLOSED = {"2018": "12-05", "2020": "12-24", "2025": "01-09"}

# Japan's public offices: act on holidays of administrative organs (No. 91 of 1988), Art. 1.
OFFICES_CLOSED = "01-02 01-03 12-29 12-30 12-31"


def calendars() -> dict[str, dict[str, object]]:
    """Return every calendar; a part holds only what differs from its country."""
    found: dict[str, dict[str, object]] = {}
    for country in COUNTRIES.split():
        whole = holidays.country_holidays(country, years=YEARS)
        found[country] = {"weekend": sorted(whole.weekend), "closed": _by_year(whole)}
        for part in _parts(country):
            own = holidays.country_holidays(country, subdiv=part, years=YEARS)
            found[f"{country}-{part}"] = {
                "of": country,
                "weekend": sorted(own.weekend),
                "closed": _by_year(set(own) - set(whole)),
                "open": _by_year(set(whole) - set(own)),
            }
    ecb = holidays.financial_holidays("ECB", years=YEARS)
    found["TARGET"] = {"weekend": sorted(ecb.weekend), "closed": _by_year(ecb)}
    found["US-SEC"] = {"of": "US", "weekend": [5, 6], "closed": EDGAR_CLOSED}
    around_new_year = {str(year): OFFICES_CLOSED for year in YEARS}
    found["JP-GOV"] = {"of": "JP", "weekend": [5, 6], "closed": around_new_year}
    return dict(sorted(found.items()))


def text() -> str:
    """Return the file: a line for each calendar."""
    lines = (f"  {json.dumps(name)}: {json.dumps(days)}" for name, days in calendars().items())
    head = {
        "generated_with": f"holidays {holidays.__version__}",
        "years": [YEARS.start, YEARS.stop - 1],
    }
    opening = json.dumps(head)[:-1]
    return f'{opening}, "calendars": {{\n' + ",\n".join(lines) + "\n}}\n"


def _parts(country: str) -> list[str]:
    if country not in WITH_PARTS:
        return []
    known = holidays.country_holidays(country).subdivisions
    return sorted(set(known) - NO_PARTS.get(country, set()))


def _by_year(days: Iterable[object]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for day in sorted(map(str, days)):
        year, _, rest = day.partition("-")
        if int(year) in YEARS:
            found.setdefault(year, []).append(rest)
    return {year: " ".join(rest) for year, rest in found.items()}


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
