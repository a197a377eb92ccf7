from __future__ import annotations

import pytest

from ccir.catalog.environment import RenderError
from ccir.catalog.localised import LocalNumber, LocalText, local, localised, spoken
from ccir.catalog.rendering import compile_template, render


def test_a_value_counts_and_compares_as_it_is_and_reads_as_the_language_writes_it() -> None:
    number = localised(12_345, "12.345")
    assert isinstance(number, LocalNumber)
    assert (number, str(number), number > 100, local(number)) == (12_345, "12345", True, "12.345")
    text = localised("2026-03-01", "1. März 2026")
    assert (text, local(text)) == ("2026-03-01", "1. März 2026")


@pytest.mark.parametrize("value", ["plain", 5, True, ["a"], None])
def test_a_value_without_a_form_stays_as_it_is(value: object) -> None:
    assert local(value) is value


def test_only_the_values_that_have_a_form_are_given_it() -> None:
    values: dict[str, dict[str, object]] = {
        "facts": {"number": 5, "host": "crm"},
        "run": {"id": "INC"},
    }
    found = spoken(values, {"facts": {"number": "fünf"}})
    assert isinstance(found["facts"]["number"], LocalNumber)
    assert not isinstance(found["facts"]["host"], LocalText)
    assert found == values


def test_a_template_writes_a_value_in_its_own_language_only_where_it_asks_for_it() -> None:
    template = compile_template(
        "---\nid: a\nversion: 1.0.0\naudience: b\nlanguage: de\nlanguages: [de]\nsubject: x\n"
        "requires: [facts.number]\n---\n"
        "{{ facts.number }} {{ facts.number | local }}{% if facts.number > 3 %} viele{% endif %}",
        "a.de",
    )
    context = spoken({"facts": {"number": 1_000}}, {"facts": {"number": "1.000"}})
    assert render(template, context).text == "1000 1.000 viele\n"
    assert render(template, {"facts": {"number": 1_000}}).text == "1000 1000 viele\n"


def test_a_missing_value_is_missing_behind_the_filter_too() -> None:
    template = compile_template(
        "---\nid: a\nversion: 1.0.0\naudience: b\nlanguage: de\nlanguages: [de]\nsubject: x\n"
        "requires: [facts.number]\n---\n{{ facts.number | local }}",
        "a.de",
    )
    with pytest.raises(RenderError, match=r"no value for facts\.number"):
        render(template, {"facts": {}})
