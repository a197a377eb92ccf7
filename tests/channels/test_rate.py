from __future__ import annotations

import msgspec
import pytest

from ccir.channels.rate import Rate, per_second


@pytest.mark.parametrize(
    ("rate", "expected"), [("14/s", 14.0), ("120/min", 2.0), ("9/h", 0.0025), (None, None)]
)
def test_a_rate_is_told_in_messages_a_second(rate: str | None, expected: float | None) -> None:
    assert per_second(rate) == expected


@pytest.mark.parametrize("rate", ["0/s", "-1/s", "1/d", "1", "1.5/s", "12345678/s", "5/s\n"])
def test_what_is_no_rate_is_refused(rate: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(rate, Rate)
