"""The shipped contents are complete, and fit the rules, the computations and each other."""

from __future__ import annotations

from typing import get_args

from ccir.catalog.contents import load_computations, load_contents
from ccir.catalog.obligations import load_obligations
from ccir.domain.obligations import Computation
from documents.shipped import SOURCES

CONTENTS = load_contents(SOURCES)
RULES = {
    rule.id: rule
    for source in SOURCES.list("playbooks/obligations")
    for rule in load_obligations(source).rules
}


def test_every_content_is_there_with_all_its_elements() -> None:
    assert len(CONTENTS) == 40
    assert sum(len(content.elements) for content in CONTENTS.values()) == 239


def test_every_rule_names_a_content_that_is_there() -> None:
    named = {rule.content_ref for rule in RULES.values()} - {None}
    assert named - CONTENTS.keys() == set()
    # What employees hear is good practice and no rule's.
    assert CONTENTS.keys() - named == {"employee_internal"}


def test_every_rule_that_a_content_names_asks_for_it() -> None:
    named = {rule: content.id for content in CONTENTS.values() for rule in content.applies_to}
    assert {rule: RULES[rule].content_ref for rule in named} == named


def test_every_computation_is_explained() -> None:
    assert load_computations(SOURCES).keys() == {*get_args(Computation)}


def test_no_content_requires_what_it_prohibits() -> None:
    torn = [
        content.id
        for content in CONTENTS.values()
        for ban in content.prohibited
        if {element.key for element in content.elements}.intersection(ban.elements)
    ]
    assert torn == []


def test_what_is_no_law_says_so() -> None:
    voluntary = [name for name, content in CONTENTS.items() if content.verified == "not_statutory"]
    assert voluntary == ["employee_internal"]


def test_the_known_forms_are_as_the_law_has_them() -> None:
    california = CONTENTS["ca_1798_82_d"]
    assert california.subject == "Notice of Data Breach"
    assert california.headings == (
        "What Happened",
        "What Information Was Involved",
        "What We Are Doing",
        "What You Can Do",
        "For More Information",
    )
    assert {(ban.jurisdiction, ban.fact) for ban in CONTENTS["ma_93h"].prohibited} == {
        ("US-MA", None),
        ("US-MA", "residents"),
    }
    assert [(ban.jurisdiction, ban.fact) for ban in CONTENTS["us_state_common"].prohibited] == [
        ("US-IL", "residents")
    ]
