"""Finds out whether a text states a number of people, however its thousands are set apart."""

from __future__ import annotations

import re
from typing import Final

_NO_COUNT: Final = re.compile(r"^ *\d+\. |(?<!\d)\d++(?:[-/:]\d++){2,}", re.MULTILINE)
"""Numbers that count nothing: of a list's items, days, times and telephones."""
_NUMBER: Final = re.compile(
    r"(?<!\d)(?<!\d[.,])"
    r"(?:\d{1,3}(?P<mark>[.,'\u2019 \u00a0\u202f])\d{3}(?:(?P=mark)\d{3})*|\d+)"
    r"(?![.,]?\d)"
)
_MARK: Final = re.compile(r"\D")


def states(text: str, count: int) -> bool:
    """Return whether the number stands in the text, and not as a part of a longer one.

    4100, 4,100, 4.100, 4'100 and 4 100 are the same number.
    """
    numbers = _NUMBER.finditer(_NO_COUNT.sub(" ", text))
    return str(count) in {_MARK.sub("", found[0]) for found in numbers}
