"""Payment card numbers in free text: found by length, issuer range and Luhn's check digit."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIGITS_WITH_GAPS = re.compile(r"\d(?:[ -]?\d){12,}")
_GROUP = re.compile(r"\d+")
_ISSUER = re.compile(
    r"(4\d{12}(\d{3}){0,2}"  # Visa
    r"|(5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(0[0-5]|[68]\d)\d{11}"  # Diners Club
    r"|6(011|4[4-9]\d|5\d{2})\d{12,15}"  # Discover
    r"|35(2[89]|[3-8]\d)\d{12,15}"  # JCB
    r"|(62|81)\d{14,17})"  # UnionPay
)
_BASE = 10
_LONGEST = 19  # digits, ISO/IEC 7812


def has_card_number(text: str) -> bool:
    """Return whether the text holds what is very likely a payment card number.

    Thirteen to nineteen digits, spaces and hyphens between them allowed, within an issuer's
    range (ISO/IEC 7812) and with a right check digit. Digits spelled as words are not seen.
    """
    return any(True for _ in _card_numbers(text))


def without_card_numbers(text: str) -> str:
    """Return the text with `[card number]` in the place of each that it very likely holds."""
    kept, done = [], 0
    for start, end in _card_numbers(text):
        kept.append(text[done:start])
        done = end
    return "[card number]".join([*kept, text[done:]])


def _card_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each card number begins and ends, whatever digits stand before or after."""
    for found in _DIGITS_WITH_GAPS.finditer(text):
        groups = [group.span() for group in _GROUP.finditer(text, *found.span())]
        done = 0
        for number, (start, _) in enumerate(groups):
            end = _end_of_card_number(text, groups[number:]) if start >= done else None
            if end is not None:
                yield start, end
                done = end


def _end_of_card_number(text: str, groups: list[tuple[int, int]]) -> int | None:
    """Return where the card number ends that these groups of digits begin with, or None."""
    digits, longest = "", None
    for start, end in groups:
        digits += text[start:end]
        if len(digits) > _LONGEST:
            break
        if _ISSUER.fullmatch(digits) and _passes_luhn(digits):
            longest = end
    return longest


def _passes_luhn(digits: str) -> bool:
    doubled = (_weighed(int(digit), place) for place, digit in enumerate(reversed(digits)))
    return sum(doubled) % _BASE == 0


def _weighed(digit: int, place: int) -> int:
    if place % 2 == 0:
        return digit
    return digit * 2 - 9 if digit * 2 > 9 else digit * 2  # noqa: PLR2004 - Luhn's own numbers
