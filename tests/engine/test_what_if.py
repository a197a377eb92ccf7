from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ccir.catalog.rulebook import load_books
from ccir.catalog.sources import Sources
from ccir.domain.rulebook import Footing, Rulebook
from ccir.engine.duty_clocks import ClockView
from ccir.engine.places import Chosen
from ccir.engine.what_if import Question, what_if
from ccir.errors import NotFoundError, UsageError

NOW = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)
BOOKS = load_books(Sources(None))
GDPR = "EU-GDPR-33-SA"


def asked(
    *known: str,
    rules: tuple[str, ...] = (),
    places: tuple[str, ...] = (),
    chosen: Chosen | None = None,
    footing: Footing | None = None,
) -> dict[str, ClockView]:
    pairs = tuple((name, text) for name, _, text in (each.partition("=") for each in known))
    question = Question(facts=pairs, rules=rules, jurisdictions=places, chosen=chosen or Chosen())
    found = what_if(Rulebook(books=BOOKS, footing=footing or Footing()), question, NOW)
    return {view.rule: view for view in found}


def test_without_facts_every_rule_is_shown_and_no_report_that_follows() -> None:
    found = asked()
    assert len(found) == 232
    assert {view.state for view in found.values()} == {"undetermined", "not-applicable"}


def test_a_moment_without_an_offset_is_that_of_the_chosen_zone() -> None:
    words = ("awareness=2026-11-24T10:00",)
    chosen = asked(*words, rules=(GDPR,), chosen=Chosen(zone="Asia/Kolkata"))
    assert chosen[GDPR].trigger.at == "2026-11-24T10:00:00+05:30"
    own = asked(*words, rules=(GDPR,), footing=Footing(zone="Europe/Berlin"))
    assert own[GDPR].trigger.at == "2026-11-24T10:00:00+01:00"


def test_a_jurisdiction_holds_its_parts() -> None:
    found = asked(places=("US-CA", "GB"))
    assert {view.jurisdiction for view in found.values()} == {"US-CA", "GB"}
    assert len({view.jurisdiction for view in asked(places=("US",)).values()}) > 50


def test_reports_that_follow_are_shown_once_their_start_is_known() -> None:
    first = "submission:EU-CER-15-INI=2026-11-27T10:00Z"
    assert "EU-CER-15-INI.1" not in asked(places=("EU",))
    assert asked(first, places=("EU",))["EU-CER-15-INI.1"].state == "open"
    assert asked(rules=("EU-CER-15-INI.1",))["EU-CER-15-INI.1"].state == "undetermined"


def test_what_touches_nobody_is_left_out_where_the_facts_say_so() -> None:
    found = asked("jurisdictions=DE,US-CA", "we_are_processor=false")
    assert {view.jurisdiction for view in found.values()} == {"EU", "US", "US-CA"}
    assert "EU-GDPR-33-2-CTRL" not in found
    assert "US-HIPAA-404-IND" not in found, "of another sector"
    health = asked("jurisdictions=DE,US-CA", "sectors=health")
    assert {"US-HIPAA-404-IND", "US-CA-HSC-1280"} <= set(health)


def test_a_rule_that_is_named_is_always_shown() -> None:
    found = asked("jurisdictions=BR", rules=(GDPR, "INTL-CONTRACT-DPA"))
    assert set(found) == {GDPR, "INTL-CONTRACT-DPA"}


def test_no_state_is_hidden_because_only_its_country_was_named() -> None:
    found = asked("jurisdictions=US", "discovery=2026-11-24")
    assert {"US-CA-IND", "US-NY-IND"} <= set(found)
    assert GDPR not in found


def test_the_organisations_own_sectors_count() -> None:
    own = Footing(facts={"sectors": ["health"]})
    assert "US-HIPAA-404-IND" in asked("jurisdictions=US-CA", footing=own)
    assert len(asked(footing=own)) == 232, "nothing is left out that was not asked for"


def test_nothing_is_late_that_is_asked_for_without_a_run() -> None:
    found = asked("awareness=2020-01-02T10:00Z", rules=(GDPR,))
    assert found[GDPR].state == "open"


def test_the_last_of_two_values_counts() -> None:
    found = asked("awareness=2026-11-23", "awareness=2026-11-24", rules=(GDPR,))
    assert found[GDPR].trigger.at == "2026-11-24"


@pytest.mark.parametrize(
    ("rules", "places", "hint"),
    [
        (("EU-GDPR-33",), (), "EU-GDPR-33-SA"),
        ((), ("US-CAL",), "US-CA"),
        ((), ("eu",), ""),
    ],
)
def test_an_unknown_rule_or_place_is_not_found(
    *, rules: tuple[str, ...], places: tuple[str, ...], hint: str
) -> None:
    with pytest.raises(NotFoundError) as refused:
        asked(rules=rules, places=places)
    assert hint in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("known", "chosen"),
    [
        ("awarness=now", Chosen()),
        ("affected=many", Chosen()),
        ("awareness=now", Chosen(zone="Europe/Berlinn")),
        ("awareness=now", Chosen(calendar="DE-HEX")),
        ('zones={"EU": "Mars/Olympus"}', Chosen()),
        ("extra_closures=soon", Chosen()),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_way_on(known: str, chosen: Chosen) -> None:
    with pytest.raises(UsageError) as refused:
        asked(known, rules=(GDPR,), chosen=chosen)
    assert refused.value.hint


def test_the_workspaces_rules_are_asked_too(tmp_path: Path) -> None:
    folder = tmp_path / "playbooks" / "obligations"
    folder.mkdir(parents=True)
    text = (Path(__file__).parents[2] / "playbooks/obligations/intl.yaml").read_text("utf-8")
    own = text.replace("id: intl", "id: ours", 1).replace("id: INTL-", "id: OURS-")
    (folder / "ours.yaml").write_text(own.replace("jurisdiction: INTL", "jurisdiction: INTL-OURS"))
    question = Question(facts=(("awareness", "now"),), jurisdictions=("INTL-OURS",))
    found = what_if(Rulebook(books=load_books(Sources(tmp_path))), question, NOW)
    assert "OURS-MC-ADC" in {view.rule for view in found}
