from __future__ import annotations

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest

from ccir.delivery.recipient_lines import LIMIT_LINE_BYTES, UnreadableLineError
from ccir.delivery.recipient_values import in_words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (" a ", "a"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (Decimal("1.10"), "1.10"),
        (dt.date(2026, 3, 1), "2026-03-01"),
        (dt.datetime(2026, 3, 1, 8, 0, tzinfo=dt.UTC), "2026-03-01T08:00:00+00:00"),
        (dt.time(8, 30), "08:30:00"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_a_plain_value_is_written_as_text(value: object, text: str) -> None:
    assert in_words(value) == text


def test_other_values_name_nobody() -> None:
    for value in (b"octets", [1], {"a": 1}):
        with pytest.raises(UnreadableLineError, match="no text, number"):
            in_words(value)
    with pytest.raises(UnreadableLineError, match="more than 32768 characters"):
        in_words("x" * (LIMIT_LINE_BYTES + 1))
