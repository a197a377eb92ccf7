"""Payment card numbers in free text: found by length, issuer range and Luhn's check digit."""

from __future__ import annotations

import re

_CANDIDATE = re.compile(r"(?<![\d])(?:\d[ -]?){12,18}\d(?![\d])")
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


def has_card_number(text: str) -> bool:
    """Return whether the text holds what is very likely a payment card number.

    Thirteen to nineteen digits, spaces and hyphens between them allowed, within an issuer's
    range (ISO/IEC 7812) and with a right check digit. Digits spelled as words are not seen.
    """
    found = (re.sub(r"[ -]", "", match[0]) for match in _CANDIDATE.finditer(text))
    return any(_ISSUER.fullmatch(digits) and _passes_luhn(digits) for digits in found)


def without_card_numbers(text: str) -> str:
    """Return the text with `[card number]` in the place of each that it very likely holds."""

    def blotted(found: re.Match[str]) -> str:
        return "[card number]" if has_card_number(found[0]) else found[0]

    return _CANDIDATE.sub(blotted, text)


def _passes_luhn(digits: str) -> bool:
    doubled = (_weighed(int(digit), place) for place, digit in enumerate(reversed(digits)))
    return sum(doubled) % _BASE == 0


def _weighed(digit: int, place: int) -> int:
    if place % 2 == 0:
        return digit
    return digit * 2 - 9 if digit * 2 > 9 else digit * 2  # noqa: PLR2004 - Luhn's own numbers
