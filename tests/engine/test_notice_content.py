from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support.bound_notice import bound, write_rows, write_text
from support.cli import Cli

CALIFORNIA = """\
  ca_1798_82_d:
    reporter: []
    data_types: [facts.host]
    dates: []
    le_delay: []
    description: []
    cra_contacts: [recipient.us_state]
    identity_services: []
"""
HEADED = """\
# Notice of Data Breach

## What Happened

Something.

## What Information Was Involved

Names.

## What We Are Doing

A lot.

## What You Can Do

Little.

## For More Information

Call us.
"""
MASSACHUSETTS = """\
  ma_93h:
    police_report: []
    freeze: []
    mitigation: []
    parent: []
"""


def begun(
    folder: Path, *facts: str, rules: tuple[str, ...] = ("US-CA-IND",), more: str = ""
) -> Cli:
    """Return a centre with a run whose notice meets the rules, and a list of two."""
    cli = bound(folder, rules, more=more)
    cli("start", "mini", "--fact", "awareness=08:30")
    cli("fact", "set", "discovery=2026-01-01", *facts)
    write_rows(cli, "language,us_state", "en,CA", "de,")
    return cli


def previewed(cli: Cli) -> str:
    words = ("--recipients", "list.csv", "--channel", "files")
    return cli("notice", "preview", "customers", *words).out


def content(cli: Cli) -> Any:  # noqa: ANN401 - a part of the command's document
    words = ("--recipients", "list.csv", "--channel", "files", "--json")
    return cli("notice", "preview", "customers", *words).json["content"]


def lacking(cli: Cli) -> list[tuple[str, str, str]]:
    """Return language, kind and element of everything that is missing."""
    lacks = content(cli)["lacks"]
    return [(each["language"], each["lack"]["kind"], each["lack"]["element"]) for each in lacks]


def english(cli: Cli) -> list[tuple[str, str]]:
    return [(kind, element) for language, kind, element in lacking(cli) if language == "en"]


@pytest.fixture
def californian(tmp_path: Path) -> Cli:
    """A run with people in California, whose notice has all that their law requires."""
    cli = begun(tmp_path, "jurisdictions=US-CA", "host=names")
    for language in ("en", "de"):
        write_text(
            cli, HEADED, subject="Notice of Data Breach", carries=CALIFORNIA, language=language
        )
    return cli


def test_a_text_with_everything_says_that_nothing_is_missing(californian: Cli) -> None:
    shown = previewed(californian)
    assert "required content (US-CA-IND): nothing required is missing" in shown
    assert content(californian) == {"rules": ["US-CA-IND"], "lacks": [], "first": []}


def test_a_template_that_declares_nothing_lacks_every_element(californian: Cli) -> None:
    write_text(californian, HEADED, subject="Notice of Data Breach")
    shown = " ".join(previewed(californian).split())
    assert "required content (US-CA-IND): 2 missing" in shown
    assert "error, en: the text must state: name and contact of the reporting person" in shown
    assert "(US-CA-IND: Cal. Civ. Code 1798.82(d))" in shown
    assert "warning, en: the template has no place for what must be stated if" in shown
    severities = [each["lack"]["severity"] for each in content(californian)["lacks"]]
    assert severities == sorted(severities), "errors come first"


def test_a_preview_that_lacks_something_is_stored_all_the_same(californian: Cli) -> None:
    write_text(californian, "Sorry.")
    assert "version 1, " in previewed(californian)
    assert "next: `ccir notice approve customers`" in previewed(californian)


def test_a_variable_without_a_value_is_missed(tmp_path: Path) -> None:
    cli = begun(tmp_path, "jurisdictions=US-CA")
    write_text(cli, HEADED, subject="Notice of Data Breach", carries=CALIFORNIA)
    assert english(cli) == [("value", "data_types")]
    cli("fact", "set", "host=names and addresses")
    assert english(cli) == []


def test_a_column_of_the_list_counts_as_known(californian: Cli) -> None:
    carries = CALIFORNIA.replace("reporter: []", "reporter: [recipient.us_state]")
    write_text(californian, HEADED, subject="Notice of Data Breach", carries=carries)
    assert english(californian) == []


def test_missing_headings_and_title_are_told_for_english_only(californian: Cli) -> None:
    for language in ("en", "de"):
        write_text(californian, "# Sorry\n\nWe lost it.", carries=CALIFORNIA, language=language)
    found = lacking(californian)
    assert {language for language, _, _ in found} == {"en"}
    kinds = [kind for _, kind, _ in found]
    assert (kinds.count("heading"), kinds.count("subject")) == (5, 1)
    assert "the prescribed heading 'What Happened' is missing" in previewed(californian)


def test_an_element_is_missed_in_german_too(californian: Cli) -> None:
    write_text(californian, "Verzeihung.", language="de")
    assert ("de", "element", "reporter") in lacking(californian)


def test_rules_that_do_not_apply_ask_for_nothing(tmp_path: Path) -> None:
    rules = ("US-CA-IND", "EU-GDPR-34-DS", "US-MA-IND")
    cli = begun(tmp_path, "jurisdictions=DE", rules=rules)
    assert content(cli)["rules"] == ["EU-GDPR-34-DS"], "undetermined: high_risk is not assessed"
    cli("fact", "set", "high_risk=no", "--reason", "encrypted")
    assert content(cli) == {"rules": [], "lacks": [], "first": []}
    assert "required content" not in previewed(cli)


def test_a_content_that_several_rules_ask_for_is_compared_once(tmp_path: Path) -> None:
    rules = ("US-NH-IND", "US-VA-IND", "US-WY-IND")
    cli = begun(tmp_path, "jurisdictions=US-NH,US-VA,US-WY", rules=rules)
    assert content(cli)["rules"] == ["US-NH-IND"]


@pytest.fixture
def bay_state(tmp_path: Path) -> Cli:
    """A run with people in Massachusetts, where the number of them must not be told."""
    facts = ("jurisdictions=US-MA", "substantial_risk_of_identity_theft=yes")
    cli = begun(tmp_path, *facts, "residents:US-MA=731", rules=("US-MA-IND",))
    write_rows(cli, "language", "en")
    return cli


def test_what_massachusetts_forbids_is_found_by_element_and_by_number(bay_state: Cli) -> None:
    write_text(bay_state, "Hello", carries=MASSACHUSETTS)
    assert lacking(bay_state) == []
    elsewhere = "  us_state_common:\n    incident_general: []\n"
    write_text(bay_state, "All 731 of you", carries=MASSACHUSETTS + elsewhere)
    shown = " ".join(previewed(bay_state).split())
    assert (
        "the template carries incident_general (US-MA-IND: Mass. Gen. Laws ch. 93H 3(b))" in shown
    )
    assert "it holds the number 731" in shown


def test_the_number_of_the_state_itself_stays_out_whatever_else_is_counted(
    bay_state: Cli,
) -> None:
    bay_state("fact", "set", "residents:US-CA=4100", "residents=5000")
    write_text(bay_state, "All 731 of you", carries=MASSACHUSETTS)
    assert [kind for _, kind, _ in lacking(bay_state)] == ["prohibited"]
    write_text(bay_state, "All 4100 of you", carries=MASSACHUSETTS)
    assert lacking(bay_state) == []


def test_while_only_the_country_is_known_its_prohibitions_hold(bay_state: Cli) -> None:
    bay_state("fact", "set", "jurisdictions=US")
    write_text(bay_state, "All 731 of you", carries=MASSACHUSETTS)
    assert [kind for _, kind, _ in lacking(bay_state)] == ["prohibited"]


def test_who_must_be_told_no_later_than_the_people_is_named(tmp_path: Path) -> None:
    rules = ("US-NJ-IND", "US-CA-IND")
    cli = begun(tmp_path, "jurisdictions=US-NJ,US-CA", rules=rules)
    first = content(cli)["first"]
    assert first
    assert all(rule.startswith("US-NJ") for rule in first)
    shown = previewed(cli)
    assert f"no later than this notice, others must be told: {first[0]}" in shown
    for rule in first:
        cli("clocks", "submit", rule)
    assert content(cli)["first"] == []


def test_a_notice_without_rules_is_compared_with_nothing(tmp_path: Path) -> None:
    cli = begun(tmp_path, rules=())
    assert content(cli) == {"rules": [], "lacks": [], "first": []}
