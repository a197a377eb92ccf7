from __future__ import annotations

import pytest

from ccir.delivery.postal import address_lines
from ccir.domain.notices import Recipient

HOME = {"street": "Weg 1", "postal_code": "10115", "city": "Berlin"}


def lines(columns: dict[str, str], *, country: str = "", subdivision: str = "") -> tuple[str, ...]:
    recipient = Recipient(
        row=1,
        address="ann@a.example",
        name="Ann  Lee ",
        language="en",
        columns=columns,
        country=country,
        subdivision=subdivision,
    )
    return address_lines(recipient)


def test_an_address_at_home_ends_with_the_town() -> None:
    assert lines(HOME, country="DE") == ("Ann Lee", "Weg 1", "10115 Berlin")


def test_every_part_has_its_line() -> None:
    more = {
        "company": "Acme",
        "address_extra": "2nd floor",
        "region": "Mitte",
        "country_name": "Germany",
        "note": "not printed",
    }
    assert lines({**HOME, **more}) == (
        "Acme",
        "Ann Lee",
        "2nd floor",
        "Weg 1",
        "10115 Berlin",
        "Mitte",
        "GERMANY",
    )


@pytest.mark.parametrize("lacking", [*HOME])
@pytest.mark.parametrize("empty", [True, False])
def test_without_a_street_a_code_or_a_town_there_is_no_address(
    lacking: str, *, empty: bool
) -> None:
    columns = {name: value for name, value in HOME.items() if name != lacking}
    assert lines({**columns, lacking: " "} if empty else columns) == ()


@pytest.mark.parametrize(
    ("place", "region", "town"),
    [
        (("US", "US-NY"), "", ("Berlin NY 10115",)),
        (("US", "US-NY"), "New York", ("Berlin New York 10115",)),
        (("CA", ""), "", ("Berlin 10115",)),
        (("GB", "GB-ENG"), "", ("Berlin", "10115")),
        (("IE", ""), "Co. Cork", ("Berlin", "Co. Cork", "10115")),
        (("DE", "DE-BE"), "", ("10115 Berlin",)),
    ],
)
def test_the_towns_line_is_written_as_her_country_writes_it(
    place: tuple[str, str], region: str, town: tuple[str, ...]
) -> None:
    found = lines({**HOME, "region": region}, country=place[0], subdivision=place[1])
    assert found == ("Ann Lee", "Weg 1", *town)


def test_lines_that_are_ready_are_taken_as_they_are() -> None:
    ready = {"address_2": "Tokyo  100-0001", "address_1": "1-1 Chiyoda", "company": "no"}
    assert lines({**HOME, **ready}) == ("Ann Lee", "1-1 Chiyoda", "Tokyo 100-0001")
