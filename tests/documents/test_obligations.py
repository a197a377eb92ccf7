"""The shipped rules are complete, cited, and say how far they were verified."""

from __future__ import annotations

import datetime as dt

import pytest

from ccir.catalog.sources import Sources
from ccir.engine.obligations import RuleView, all_rules, lint_obligations

TODAY = dt.date(2026, 11, 24)
RULES = 232
JURISDICTIONS = 83


@pytest.fixture(scope="module")
def rules() -> list[RuleView]:
    return all_rules(Sources(None), TODAY)


def test_every_rule_is_there_once(rules: list[RuleView]) -> None:
    assert len(rules) == RULES
    assert len({view.rule.id for view in rules}) == RULES
    assert len({view.jurisdiction for view in rules}) == JURISDICTIONS


def test_no_file_of_rules_has_an_error() -> None:
    assert lint_obligations(Sources(None)) == []


def test_a_limit_in_numbers_has_an_arithmetic_and_the_other_way_round(
    rules: list[RuleView],
) -> None:
    odd = [
        view.rule.id
        for view in rules
        if (view.rule.computation == "none") and any(cap.amount for cap in view.rule.caps)
    ]
    assert odd == []


def test_what_was_read_in_the_law_names_what_was_read(rules: list[RuleView]) -> None:
    unnamed = [
        view.rule.id
        for view in rules
        if view.rule.verified.status == "verified_text" and not view.sources
    ]
    assert unnamed == []


def test_unverified_rules_say_so(rules: list[RuleView]) -> None:
    silent = [
        view.rule.id
        for view in rules
        if view.rule.verified.status != "verified_text" and not view.doubts
    ]
    assert silent == []


def test_the_known_limits_are_as_the_law_has_them(rules: list[RuleView]) -> None:
    limits = {view.rule.id: view.limit for view in rules}
    assert limits["EU-GDPR-33-SA"].endswith("72 hours after awareness")
    assert limits["US-CA-IND"].endswith("30 calendar days after discovery")
    assert limits["US-NY-AG"].endswith("no later than notice to individuals")
