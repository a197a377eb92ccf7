from __future__ import annotations

import sys

import pytest

from ccir.delivery.recipient_phones import phone_form


def test_a_number_is_written_in_one_form() -> None:
    form = phone_form()
    assert form is not None
    assert form("+49 30 1234567", "") == "+49301234567"
    assert form("030 1234567", "DE") == "+49301234567"


@pytest.mark.parametrize(
    ("text", "country"), [("none", "DE"), ("030 1234567", ""), ("+49 1", ""), ("+49 000000", "")]
)
def test_what_is_no_number_has_no_form(text: str, country: str) -> None:
    form = phone_form()
    assert form is not None
    assert form(text, country) is None


def test_without_the_extra_nothing_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    assert phone_form() is None
