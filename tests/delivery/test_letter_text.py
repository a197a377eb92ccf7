from __future__ import annotations

import pytest

from ccir.catalog.environment import RenderError
from ccir.catalog.findings import DocumentError
from ccir.delivery.letter_text import Letters, LetterText
from support.rendering import bombing_text, person, template


def test_a_recipient_gets_the_text_of_her_language() -> None:
    letters = Letters(bombing_text())
    assert letters.render(person(2)).subject == "News for Person 2"
    german = letters.render(person(2, language="de"))
    assert (german.language, german.text) == ("de", "Dear Person 2,\n\nNichts zu tun.\n")


def test_a_language_writes_values_in_its_own_forms() -> None:
    text = template("de", "{{ facts.count }} or {{ facts.count | local }}\n")
    text = text.replace("requires: [", "requires: [facts.count, ")
    letters = Letters(
        LetterText(
            templates={"de": text},
            values={"facts": {"count": 12_345}},
            local={"de": {"facts": {"count": "12.345"}}},
        )
    )
    assert "12345 or 12.345" in letters.render(person(1, language="de")).text


def test_a_language_that_the_notice_is_not_written_in_is_refused() -> None:
    with pytest.raises(RenderError, match="no text in 'fr'"):
        Letters(bombing_text()).render(person(1, language="fr"))


def test_a_column_of_blanks_counts_as_missing_and_none_takes_the_place_of_her_own() -> None:
    body = "{{ recipient.plan | default('none') }} {{ recipient.email }}\n"
    text = template("en", body, optional="recipient.plan")
    text = text.replace("requires: [", "requires: [recipient.email, ")
    letters = Letters(LetterText(templates={"en": text}, values={}))
    written = letters.render(person(1, plan="  ", email="other@customers.example"))
    assert written.text == "Dear Person 1,\n\nnone person1@customers.example\n"


def test_a_text_that_is_no_template_is_refused() -> None:
    with pytest.raises(DocumentError, match="en text:"):
        Letters(LetterText(templates={"en": "no front matter"}, values={}))
