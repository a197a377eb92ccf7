"""Where a recipient lives, as far as the columns of a list say; what is unclear stays open.

1. `country` is an ISO 3166-1 code of two letters, `subdivision` one of ISO 3166-2 (US-CA); UK and
   EL are read as GB and GR. A subdivision says the country too; beside a country its part does.
2. `us_state` (CA or US-CA) is another way to write the subdivision of the United States. It says
   nothing of the country: a list may name states for some and nothing for others.
3. Anything else is undetermined and stays so: nobody is put anywhere by default.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec

_COUNTRY = re.compile(r"[A-Z]{2}")
_SUBDIVISION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_PART = re.compile(r"[A-Z0-9]{1,3}")
_ALSO = {"UK": "GB", "EL": "GR"}
_REMEMBERED = 10_000  # pairs: a list names few places again and again


class Residence(msgspec.Struct, frozen=True, kw_only=True):
    """A country and a part of it; each is empty where it is undetermined."""

    country: str = ""
    subdivision: str = ""


def residence(columns: Mapping[str, str]) -> Residence:
    """Return where the row's person lives."""
    return _residence(
        columns.get("country", ""), columns.get("subdivision", ""), columns.get("us_state", "")
    )


@lru_cache(_REMEMBERED)
def _residence(country: str, subdivision: str, us_state: str) -> Residence:
    country, subdivision = country.strip().upper(), subdivision.strip().upper()
    if _SUBDIVISION.fullmatch(country):
        country, subdivision = "", subdivision or country
    country = _ALSO.get(country, country) if _COUNTRY.fullmatch(country) else ""
    if country and _PART.fullmatch(subdivision):
        subdivision = f"{country}-{subdivision}"
    if not _SUBDIVISION.fullmatch(subdivision):
        return Residence(country=country, subdivision=_us_state(us_state))
    return Residence(country=country or subdivision[:2], subdivision=subdivision)


def _us_state(text: str) -> str:
    state = f"US-{text.strip().upper().removeprefix('US-')}"
    return state if _SUBDIVISION.fullmatch(state) else ""
