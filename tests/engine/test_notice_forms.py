from __future__ import annotations

import pytest

from ccir.channels.interface import Form
from ccir.engine.notice_forms import refuse_lacking_form
from ccir.errors import InvalidDocumentError


def text(language: str, more: str = "") -> str:
    return (
        f"---\nid: a\nversion: 1.0.0\naudience: b\nlanguage: {language}\nlanguages: [en, de]\n"
        f"subject: x\n{more}---\nHello\n"
    )


PLAIN = {"en": text("en"), "de": text("de")}
SHORT = {"en": text("en", "sms: Hi\n"), "de": text("de", "sms: Hallo\n")}
ON_SCREEN = {"en": text("en", "letter: false\n"), "de": text("de", "letter: true\n")}


@pytest.mark.parametrize(
    ("templates", "form"),
    [(PLAIN, "mail"), (ON_SCREEN, "mail"), (SHORT, "sms"), (PLAIN, "letter"), (SHORT, "letter")],
)
def test_a_notice_that_has_the_channels_form_is_let_through(
    templates: dict[str, str], form: Form
) -> None:
    refuse_lacking_form(templates, form, channel="way")


def test_the_languages_without_a_short_form_are_named() -> None:
    with pytest.raises(InvalidDocumentError) as caught:
        refuse_lacking_form({**SHORT, "de": text("de")}, "sms", channel="texts")
    assert caught.value.message == ("the channel 'texts' sends SMS, and the notice has none in: de")
    assert caught.value.hint == ("write 'sms:' into the front matter, or choose another channel")


def test_a_notice_that_is_no_letter_is_not_put_on_paper() -> None:
    with pytest.raises(InvalidDocumentError, match="sends letters, and the notice is none in: en"):
        refuse_lacking_form(ON_SCREEN, "letter", channel="post")
