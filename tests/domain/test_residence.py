from __future__ import annotations

import pytest

from ccir.domain.residence import Residence, residence


@pytest.mark.parametrize(
    ("columns", "country", "subdivision"),
    [
        ({}, "", ""),
        ({"country": "de"}, "DE", ""),
        ({"country": " UK "}, "GB", ""),
        ({"country": "EL"}, "GR", ""),
        ({"country": "Germany"}, "", ""),
        ({"country": "US-CA"}, "US", "US-CA"),
        ({"country": "US", "subdivision": "ca"}, "US", "US-CA"),
        ({"subdivision": "CA-QC"}, "CA", "CA-QC"),
        ({"subdivision": "Quebec"}, "", ""),
        ({"subdivision": "CA"}, "", ""),
        ({"us_state": "CA"}, "", "US-CA"),
        ({"us_state": "us-tx", "country": "us"}, "US", "US-TX"),
        ({"us_state": ""}, "", ""),
        ({"us_state": "California"}, "", ""),
        ({"country": "DE", "us_state": "CA"}, "DE", "US-CA"),
    ],
)
def test_a_residence_is_what_the_columns_say_and_nothing_more(
    columns: dict[str, str], country: str, subdivision: str
) -> None:
    assert residence(columns) == Residence(country=country, subdivision=subdivision)
