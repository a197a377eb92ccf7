"""Shipped texts for customers and employees are plain, but for a list that may only shrink."""

from __future__ import annotations

import pytest

from ccir.catalog.readability import Readability, readability
from ccir.catalog.rendering import render
from documents.shipped import TEMPLATES as SHIPPED

AUDIENCES = ("customers/", "employees/")
HARD = {
    "customers/breach-notice.de": (
        42.0,
        "its paragraph for the United States names the law's terms and authorities in German",
    ),
}
"""The texts above the bound: how far each may go at most, and why. Lower or drop an entry."""

TEMPLATES = SHIPPED.only([name for name in SHIPPED if name.startswith(AUDIENCES)])


def measured(name: str, *, optional: bool) -> Readability:
    """Return how the template reads with one short word for each of its values."""
    template = TEMPLATES[name]
    values: dict[str, dict[str, object]] = {
        owner: {} for owner in ("facts", "notice", "organisation", "recipient", "run")
    }
    for path in (*template.text.requires, *(template.text.optional if optional else ())):
        owner, _, part = path.partition(".")
        values[owner][part] = "Word"
    return readability(render(template, values).text, template.text.language)


def hardest(name: str) -> float:
    """Return the higher value of the letter with all its paragraphs and with the fewest."""
    values = [measured(name, optional=optional).value for optional in (True, False)]
    return max(value for value in values if value is not None)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_text_is_plain_or_known_to_be_hard(name: str) -> None:
    bound = measured(name, optional=True).bound
    limit, _ = HARD.get(name, (bound, ""))
    assert hardest(name) <= limit, "shorten its sentences and its words"


@pytest.mark.parametrize("name", HARD)
def test_a_text_that_became_plain_leaves_the_list(name: str) -> None:
    assert hardest(name) > measured(name, optional=True).bound, f"drop {name} from HARD"


def test_texts_in_both_languages_are_measured() -> None:
    indexes = {measured(name, optional=True).index for name in TEMPLATES}
    assert indexes == {"ari", "lix"}
