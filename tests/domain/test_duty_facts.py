from __future__ import annotations

import datetime as dt

import pytest

from ccir.domain.duty_facts import DutyFactKind, base_name, due_of, facts_read, question_of
from ccir.domain.obligations import Cap, Extension, Span, Threshold, Trigger
from support.duties import facts, ruled


def test_the_narrower_fact_counts() -> None:
    known = facts(
        "US-CA-AG", "US-CA", "US", residents=9, residents__US=8, residents__US_CA=7, consumers=1
    )
    assert known.count("residents") == 7
    assert known.count("consumers") == 1
    for_the_rule = facts("US-CA-AG", "US-CA", residents__US_CA=7, residents__US_CA_AG=6)
    assert for_the_rule.count("residents") == 6


def test_a_part_that_is_not_asked_for_says_nothing() -> None:
    assert facts("US-CA-AG", "US-CA", "US", residents__US_NY=700).count("residents") is None
    assert facts(residents__US_CA=700).count("residents") is None


def test_a_day_stays_a_day_and_an_instant_an_instant() -> None:
    known = facts(discovery="2026-11-24", awareness="2026-11-24T02:30:00+01:00", affected=3)
    assert known.moment("discovery") == dt.date(2026, 11, 24)
    assert known.moment("awareness") == dt.datetime(2026, 11, 24, 1, 30, tzinfo=dt.UTC)
    assert known.moment("affected") is None
    assert known.moment("detection") is None
    assert due_of("2026-11-24T01:30Z") == known.moment("awareness")


def test_a_text_that_a_playbook_asks_for_by_a_moments_name_is_no_moment() -> None:
    known = facts(discovery="by chance", detection="2026-11-24T10:00", occurrence="2026-11-31")
    for name in ("discovery", "detection", "occurrence"):
        assert known.moment(name) is None


def test_yes_or_no_is_no_number_and_the_other_way_round() -> None:
    known = facts(high_risk=True, affected=1)
    assert known.count("high_risk") is None
    assert known.is_true("affected") is None
    assert known.is_true("high_risk") is True
    assert facts(high_risk=False).is_true("high_risk") is False


def test_the_largest_state_is_looked_for_in_the_country_only() -> None:
    known = facts(
        "US-HIPAA-406-MEDIA", "US", residents__US_CA=3, residents__US_NY=501, residents__DE=9000
    )
    assert known.largest("residents") == 501
    assert facts("US", residents=600, residents__US_CA=3).largest("residents") == 600
    assert facts("US", residents__DE=9000).largest("residents") is None
    assert facts("US", residents__US=9000).largest("residents") is None, "a country is no state"


def test_a_list_may_be_one_word() -> None:
    assert facts(sectors="health").words("sectors") == ("health",)
    assert facts(sectors=["health", "finance"]).words("sectors") == ("health", "finance")
    assert facts(sectors=[]).words("sectors") == ()
    assert facts(affected=3).words("affected") is None


def test_every_fact_that_a_rule_reads_is_listed_with_its_kind_and_its_readers() -> None:
    rule = ruled(
        trigger=Trigger(event="discovery", also=("known_to_workforce", "associate_discovery")),
        caps=(
            Cap(amount=30, unit="calendar_days", start="discovery", unless="wrongful_purpose"),
            Cap(unit="hours", start="submission:XX-1:latest", amount_fact="contract_hours"),
        ),
        threshold=Threshold(
            count=500, operator=">", population="state_residents", harm_test="or_harm"
        ),
        extension=Extension(filed="good_cause_filed", by=Span(amount=15, unit="calendar_days")),
    )
    found = facts_read([rule])
    kinds = {
        "discovery": "moment",
        "good_cause_filed": "moment",
        "submission:XX-1": "moment",
        "submission:US-CA-IND": "moment",
        "residents": "number",
        "contract_hours": "number",
        "or_harm": "boolean",
        "wrongful_purpose": "boolean",
    }
    assert {name: found[name].kind for name in kinds} == kinds
    assert found["residents"].read_by == ("US-CA-IND",)
    assert "associate_discovery" not in found, "it follows from three others"
    assert "submission:XX-1:latest" not in found
    assert {"le_hold_start", "zones", "extra_closures", "jurisdictions"} <= set(found)
    assert [each.kind for each in found.values()] == sorted(
        (each.kind for each in found.values()), key=lambda kind: kind != "moment"
    )


def test_the_end_of_the_year_is_known_by_the_discovery() -> None:
    rule = ruled(trigger=Trigger(event="end_of_calendar_year"), caps=())
    assert facts_read([rule])["discovery"].read_by == ("US-CA-IND",)


def test_a_population_that_has_no_fact_of_its_own_is_its_own_fact() -> None:
    counted = ruled(threshold=Threshold(count=5, operator=">", population="merchants"))
    assert facts_read([counted])["merchants"].kind == "number"


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("awareness", "moment", "reasonably certain"),
        ("submission:EU-NIS2-23-IN", "moment", "When was EU-NIS2-23-IN submitted?"),
        ("residents:US-CA", "number", "(US-CA)"),
        ("unlikely_risk_exempt", "boolean", "this exempts: unlikely risk?"),
        ("or_harm_based", "boolean", "that this holds: harm based?"),
        ("recovery", "moment", "When was this: recovery?"),
        ("merchants", "number", "What is this: merchants?"),
    ],
)
def test_a_question_brings_the_fact_out(name: str, kind: DutyFactKind, words: str) -> None:
    assert words in question_of(name, kind)


def test_the_latest_submission_is_stated_as_a_submission() -> None:
    assert base_name("submission:EU-DORA-19-INT:latest") == "submission:EU-DORA-19-INT"
    assert base_name("awareness") == "awareness"
