"""Phone numbers of a list in one form, where the extra `phones` is installed."""

from __future__ import annotations

from collections.abc import Callable

PhoneForm = Callable[[str, str], str | None]
"""Takes a number as it is written, and a country; returns it as E.164, or None for no number."""


def phone_form() -> PhoneForm | None:
    """Return what checks phone numbers, or None where the extra is not installed."""
    try:
        import phonenumbers
    except ImportError:
        return None

    def checked(text: str, country: str) -> str | None:
        try:
            number = phonenumbers.parse(text, country or None)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_valid_number(number):
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    return checked
