from __future__ import annotations

import pytest

from ccir.domain.clocks import Duty
from ccir.domain.scope import touches
from ccir.domain.thresholds import Answer
from support.duties import facts, ruled


def asked(jurisdiction: str, *lived: str, **rule: object) -> Answer:
    return touches(
        Duty(rule=ruled(**rule), jurisdiction=jurisdiction), facts(jurisdictions=[*lived])
    )


@pytest.mark.parametrize(
    ("jurisdiction", "lived", "holds"),
    [
        ("US-CA", "US-CA", True),
        ("US", "US-CA", True),
        ("EU", "DE", True),
        ("EU", "DE-HE", True),
        ("EU", "NO", True),  # the European Economic Area
        ("EU", "EU", True),
        ("EU", "GB", False),
        ("EU", "CH", False),
        ("US-CA", "US-NY", False),
        ("US", "CA", False),  # Canada is no part of it
        ("CA", "US-CA", False),
        ("GB", " gb ", True),
        ("INTL", "DE", True),
    ],
)
def test_1_a_rule_of_a_place_applies_where_affected_people_live(
    jurisdiction: str, lived: str, *, holds: bool
) -> None:
    found = asked(jurisdiction, lived)
    assert found.holds is holds
    assert holds or f"nobody affected is known in {jurisdiction}" in found.because


def test_1_or_where_the_organisation_is_established() -> None:
    duty = Duty(rule=ruled(), jurisdiction="EU")
    assert touches(duty, facts(establishments=["DE"])).holds is True
    assert touches(duty, facts(establishments=["DE"], jurisdictions=["BR"])).holds is True
    elsewhere = touches(duty, facts(establishments=["US"]))
    assert (elsewhere.holds, elsewhere.missing) == (None, ("jurisdictions",))


def test_1_nobody_affected_is_an_answer_and_not_knowing_is_none() -> None:
    assert asked("US-CA").holds is False
    unknown = touches(Duty(rule=ruled(), jurisdiction="US-CA"), facts())
    assert (unknown.holds, unknown.missing) == (None, ("jurisdictions",))


def test_2_a_rule_of_one_sector_applies_to_an_organisation_of_it() -> None:
    assert asked("US-CA", "US-CA", sector="health").holds is False
    duty = Duty(rule=ruled(sector="health"), jurisdiction="US-CA")
    known = facts(jurisdictions=["US-CA"], sectors=["finance", "health"])
    assert touches(duty, known).holds is True


@pytest.mark.parametrize(("works", "holds"), [(True, True), (False, False), (None, None)])
def test_3_a_duty_of_who_works_for_others(*, works: bool | None, holds: bool | None) -> None:
    duty = Duty(rule=ruled(recipient="controller"), jurisdiction="INTL")
    found = touches(duty, facts() if works is None else facts(we_are_processor=works))
    assert found.holds is holds
    assert found.missing == (("we_are_processor",) if works is None else ())


def test_4_in_which_part_they_live_is_not_known_by_the_country_alone() -> None:
    found = asked("US-CA", "us")
    assert (found.holds, found.missing) == (None, ("jurisdictions",))
    assert asked("US", "US").holds is True
    assert asked("CA-QC", "US").holds is False


def test_5_a_template_touches_nobody() -> None:
    found = asked("INTL", "DE", template=True)
    assert found.holds is False
    assert "a row to copy" in found.because


def test_everything_that_is_missing_is_named_unless_one_answer_is_no() -> None:
    duty = Duty(rule=ruled(recipient="controller"), jurisdiction="EU")
    assert touches(duty, facts()).missing == ("jurisdictions", "we_are_processor")
    assert touches(duty, facts(we_are_processor=False)).missing == ()
