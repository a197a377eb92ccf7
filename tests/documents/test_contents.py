"""The shipped contents are complete, and fit the rules, the computations and each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import pytest

from ccir.catalog.contents import load_computations, load_contents
from ccir.catalog.obligations import load_obligations
from ccir.domain.contents import Content
from ccir.domain.obligations import Computation, Rule
from documents.shipped import SOURCES


@pytest.fixture(scope="module")
def rules() -> Mapping[str, Rule]:
    return {
        rule.id: rule
        for source in SOURCES.list("playbooks/obligations")
        for rule in load_obligations(source).rules
    }


@pytest.fixture(scope="module")
def contents() -> Mapping[str, Content]:
    return load_contents(SOURCES)


def test_every_content_is_there_with_all_its_elements(contents: Mapping[str, Content]) -> None:
    assert len(contents) == 40
    assert sum(len(content.elements) for content in contents.values()) == 239


def test_every_rule_names_a_content_that_is_there(
    contents: Mapping[str, Content], rules: Mapping[str, Rule]
) -> None:
    named = {rule.content_ref for rule in rules.values()} - {None}
    assert named - contents.keys() == set()
    # What employees hear is good practice and no rule's.
    assert contents.keys() - named == {"employee_internal"}


def test_every_rule_that_a_content_names_asks_for_it(
    contents: Mapping[str, Content], rules: Mapping[str, Rule]
) -> None:
    named = {rule: content.id for content in contents.values() for rule in content.applies_to}
    assert {rule: rules[rule].content_ref for rule in named} == named


def test_every_computation_is_explained() -> None:
    assert load_computations(SOURCES).keys() == {*get_args(Computation)}


def test_no_content_requires_what_it_prohibits(contents: Mapping[str, Content]) -> None:
    torn = [
        content.id
        for content in contents.values()
        for ban in content.prohibited
        if {element.key for element in content.elements}.intersection(ban.elements)
    ]
    assert torn == []


def test_what_is_no_law_says_so(contents: Mapping[str, Content]) -> None:
    voluntary = [name for name, content in contents.items() if content.verified == "not_statutory"]
    assert voluntary == ["employee_internal"]


def test_the_known_forms_are_as_the_law_has_them(contents: Mapping[str, Content]) -> None:
    california = contents["ca_1798_82_d"]
    assert california.subject == "Notice of Data Breach"
    assert california.headings == (
        "What Happened",
        "What Information Was Involved",
        "What We Are Doing",
        "What You Can Do",
        "For More Information",
    )
    assert {(ban.jurisdiction, ban.fact) for ban in contents["ma_93h"].prohibited} == {
        ("US-MA", None),
        ("US-MA", "residents"),
    }
    assert [(ban.jurisdiction, ban.fact) for ban in contents["us_state_common"].prohibited] == [
        ("US-IL", "residents")
    ]
