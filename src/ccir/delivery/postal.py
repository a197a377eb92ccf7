"""A recipient's address on paper, from the columns of her row.

1. `address_1` to `address_6` are printed as they stand, below the name, where any is there.
2. Otherwise the lines are made of `street`, `postal_code` and `city`, which all must be there,
   with `company` (above the name), `address_extra` (above the street), `region` and, last and in
   capitals, `country_name`.
3. The town's line is written as her country writes it. Her country itself is not printed: it is
   there for the law too, and at home nobody writes it on a letter.
"""

from __future__ import annotations

from collections.abc import Mapping

from ccir.domain.notices import Recipient

READY = tuple(f"address_{number}" for number in range(1, 7))
NEEDED = ("street", "postal_code", "city")

_TOWN_FIRST = ("AU", "CA", "US")
_CODE_BELOW = ("GB", "IE")


def address_lines(recipient: Recipient) -> tuple[str, ...]:
    """Return the lines of the recipient's postal address; none where it is not complete."""
    columns = {name: " ".join(value.split()) for name, value in recipient.columns.items()}
    ready = [line for name in READY if (line := columns.get(name, ""))]
    below = ready or _made(columns, recipient)
    if not below:
        return ()
    above = "" if ready else columns.get("company", "")
    return tuple(line for line in (above, " ".join(recipient.name.split()), *below) if line)


def _made(columns: Mapping[str, str], recipient: Recipient) -> list[str]:
    if not all(columns.get(name) for name in NEEDED):
        return []
    region = columns.get("region", "") or recipient.subdivision.partition("-")[2]
    return [
        columns.get("address_extra", ""),
        columns["street"],
        *_town(columns, country=recipient.country, region=region),
        columns.get("country_name", "").upper(),
    ]


def _town(columns: Mapping[str, str], *, country: str, region: str) -> list[str]:
    city, code = columns["city"], columns["postal_code"]
    if country in _TOWN_FIRST:
        return [" ".join(filter(None, (city, region, code)))]
    if country in _CODE_BELOW:
        return [city, columns.get("region", ""), code]
    return [f"{code} {city}", columns.get("region", "")]
