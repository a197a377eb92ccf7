from __future__ import annotations

import pytest

from ccir.domain.spans import span


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (2.5, "2.5 s"),
        (59, "59 s"),
        (61, "1 min"),
        (3_700, "1 h 01 min"),
        (90_000, "1 d 1 h"),
        (2 * 86_400 + 1, "2 d 0 h"),
    ],
)
def test_spans_are_told_in_their_largest_units(seconds: float, shown: str) -> None:
    assert span(seconds) == shown
