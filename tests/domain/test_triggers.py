from __future__ import annotations

from ccir.domain.duty_facts import Due, Facts
from ccir.domain.obligations import Cap, Rule, Trigger
from ccir.domain.triggers import moments_of, unsure_of_agency
from support.duties import NEW_YORK, at, day, facts, ruled

IMPUTED = ruled(
    trigger=Trigger(event="discovery", also=("known_to_workforce", "associate_discovery"))
)
YEARLY = ruled(
    trigger=Trigger(event="end_of_calendar_year", also=("known_to_workforce",)),
    caps=(Cap(amount=60, unit="calendar_days", start="end_of_calendar_year"),),
)


def found(rule: Rule, known: Facts) -> dict[str, Due]:
    return moments_of(rule, known, NEW_YORK.zone)


def test_what_is_unknown_is_left_out() -> None:
    assert found(IMPUTED, facts()) == {}


def test_1_what_is_taken_for_the_trigger_counts_if_it_came_earlier() -> None:
    earlier = facts(discovery="2026-03-20", known_to_workforce="2026-03-03")
    assert found(IMPUTED, earlier) == {"discovery": day("2026-03-03")}
    later = facts(discovery="2026-03-03", known_to_workforce="2026-03-20")
    assert found(IMPUTED, later) == {"discovery": day("2026-03-03")}
    alone = facts(known_to_workforce="2026-03-20")
    assert found(IMPUTED, alone) == {"discovery": day("2026-03-20")}


def test_1_a_day_is_later_than_an_instant_in_it() -> None:
    same_day = facts(discovery="2026-03-03", known_to_workforce="2026-03-03T23:00:00-05:00")
    assert found(IMPUTED, same_day) == {"discovery": at("2026-03-03T23:00:00-05:00")}


def test_2_what_an_agent_discovered_counts_from_that_day() -> None:
    known = {"ba_discovery": "2026-10-05", "ce_informed": "2026-11-20"}
    assert found(IMPUTED, facts(**known, ba_is_agent=True)) == {"discovery": day("2026-10-05")}
    assert found(IMPUTED, facts(**known, ba_is_agent=False)) == {"discovery": day("2026-11-20")}


def test_2_while_agency_is_unknown_the_earlier_day_counts_and_is_in_doubt() -> None:
    known = facts(ba_discovery="2026-10-05", ce_informed="2026-11-20")
    assert found(IMPUTED, known) == {"discovery": day("2026-10-05")}
    assert unsure_of_agency(IMPUTED, known)
    assert not unsure_of_agency(IMPUTED, facts(ce_informed="2026-11-20"))
    assert not unsure_of_agency(IMPUTED, facts(ba_discovery="2026-10-05", ba_is_agent=False))
    assert not unsure_of_agency(ruled(), known)


def test_2_no_agent_and_not_yet_told_means_not_yet_discovered() -> None:
    assert found(IMPUTED, facts(ba_discovery="2026-10-05", ba_is_agent=False)) == {}
    assert found(IMPUTED, facts(ce_informed="2026-11-20")) == {"discovery": day("2026-11-20")}


def test_3_the_year_is_that_of_the_discovery_where_it_was_made() -> None:
    assert found(YEARLY, facts(discovery="2027-12-31")) == {
        "end_of_calendar_year": day("2027-12-31")
    }
    still_2027 = facts(discovery="2028-01-01T03:00:00+00:00")
    assert found(YEARLY, still_2027) == {"end_of_calendar_year": day("2027-12-31")}
    imputed = facts(discovery="2028-01-02", known_to_workforce="2027-12-30")
    assert found(YEARLY, imputed) == {"end_of_calendar_year": day("2027-12-31")}
    stated = facts(discovery="2026-05-01", end_of_calendar_year="2027-12-31")
    assert found(YEARLY, stated) == {"end_of_calendar_year": day("2027-12-31")}
    assert found(YEARLY, facts()) == {}


def test_4_a_report_starts_with_the_other_ones_latest_submission() -> None:
    final = ruled(
        trigger=Trigger(event="submission:XX-INT"),
        caps=(Cap(amount=1, unit="months", start="submission:XX-INT:latest"),),
    )
    first = {"submission:XX-INT": "2026-11-25"}
    assert found(final, Facts(values=first)) == {"submission:XX-INT": day("2026-11-25")}
    updated = Facts(values={**first, "submission:XX-INT:latest": "2026-11-28"})
    assert found(final, updated) == {"submission:XX-INT": day("2026-11-28")}


def test_a_moment_may_be_another_one_for_one_rule() -> None:
    known = facts("US-CA-IND", "US-CA", discovery="2026-11-01", discovery__US_CA="2026-11-05")
    assert found(ruled(), known) == {"discovery": day("2026-11-05")}
