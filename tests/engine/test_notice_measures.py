from __future__ import annotations

from ccir.catalog.rendering import RenderedText
from ccir.engine.notice_measures import SMS_CHARACTERS, measured


def message(text: str, language: str) -> RenderedText:
    return RenderedText(subject="† not counted †", text=text, html="", language=language)


def test_each_language_is_measured_in_its_own_way() -> None:
    found = measured({"en": message("We know.\n", "en"), "de-AT": message("Ja.\n", "de-AT")})
    assert {name: each.index for name, each in found.readability.items()} == {
        "en": "ari",
        "de-AT": "lix",
    }
    assert {name: each.units for name, each in found.sms.items()} == {"en": 8, "de-AT": 3}


def test_only_short_texts_are_counted_as_sms() -> None:
    texts = {"en": message("a" * SMS_CHARACTERS + "\n", "en"), "fr": message("a" * 1_001, "fr")}
    found = measured(texts)
    assert found.readability.keys() == {"en", "fr"}
    assert found.sms["en"].segments == 7
    assert found.sms.keys() == {"en"}


def test_no_message_has_no_measures() -> None:
    found = measured({})
    assert (found.readability, found.sms) == ({}, {})
