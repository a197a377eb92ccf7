from __future__ import annotations

from msgspec.structs import replace

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


def test_of_a_notice_with_a_short_form_that_form_is_counted() -> None:
    texts = {
        "en": replace(message("A long text.", "en"), sms="a" * 161),
        "de": replace(message("Ein Text.", "de"), sms="†"),
    }
    found = measured(texts, {"en": 1_000, "de": 10, "fr": 5})
    assert {name: each.units for name, each in found.sms.items()} == {"en": 161, "de": 1}
    assert (found.has_sms, found.segments) == (True, 2_010)
    assert measured(texts).segments is None


def test_without_a_short_form_no_segments_of_the_list_are_told() -> None:
    found = measured({"en": message("We know.", "en")}, {"en": 5})
    assert (found.has_sms, found.segments) == (False, None)
