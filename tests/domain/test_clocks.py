from __future__ import annotations

import pytest

from ccir.domain.clocks import Duty, is_late, used
from ccir.domain.deadlines import Place
from ccir.domain.duty_facts import Facts
from ccir.domain.obligations import Cap, Extension, LawfulDelay, Span, Threshold, Trigger
from support.duties import BERLIN, NEW_YORK, at, clock, day, facts, hours, ruled

HELD = ruled(lawful_delay=LawfulDelay(law_enforcement=True))
DORA = hours(
    4,
    "classification",
    id="EU-DORA-19-INI",
    caps=(
        Cap(amount=4, unit="hours", start="classification"),
        Cap(amount=24, unit="hours", start="awareness"),
    ),
    computation="dora_mixed",
    relief="unless_essential",
    threshold=Threshold(harm_test="major_incident", shown_by="classification"),
)
SATURDAY = {"awareness": "2026-11-20T20:00:00+01:00", "classification": "2026-11-21T07:00:00+01:00"}


def test_a_fact_may_be_narrowed_to_the_rule_the_place_and_the_country() -> None:
    duty = Duty(rule=ruled(id="US-CA-IND.1"), jurisdiction="US-CA")
    assert duty.parts == ("US-CA-IND.1", "US-CA-IND", "US-CA", "US")
    assert Duty(rule=ruled(id="EU-X"), jurisdiction="EU").parts == ("EU-X", "EU")


@pytest.mark.parametrize(
    ("discovery", "state"),
    [
        ("2025-12-31", "not-applicable"),
        ("2026-01-01", "open"),
        ("2026-06-30", "open"),
        ("2026-07-01", "not-applicable"),
        ("2026-01-01T04:30:00+00:00", "not-applicable"),  # still 2025 in New York
        ("2026-01-01T05:00:00+00:00", "open"),
    ],
)
def test_1_a_rule_applies_from_its_first_day_to_its_last(discovery: str, state: str) -> None:
    rule = ruled(effective_from=day("2026-01-01"), effective_to=day("2026-06-30"))
    found = clock(rule, facts(discovery=discovery))
    assert found.state == state
    assert (found.deadline is None) is (state == "not-applicable")


def test_1_without_a_trigger_today_says_whether_a_rule_is_in_force() -> None:
    rule = ruled(effective_to=day("2025-08-19"), status="superseded")
    now = at("2026-11-24T02:00:00+00:00")
    assert clock(rule, facts(), now=now).state == "not-applicable"
    assert clock(rule, facts()).state == "undetermined"
    assert clock(rule, facts(discovery="2025-08-19"), now=now).state == "late"


@pytest.mark.parametrize("status", ["pending", "enacted_not_in_force"])
def test_1_what_has_no_day_of_commencement_is_not_in_force(status: str) -> None:
    found = clock(ruled(status=status), facts(discovery="2026-11-24"))
    assert found.state == "not-applicable"
    assert "not in force" in found.because
    dated = ruled(status=status, effective_from=day("2027-05-13"))
    assert clock(dated, facts(discovery="2027-05-12")).state == "not-applicable"
    assert clock(dated, facts(discovery="2027-05-13")).state == "open"


def test_1_what_does_not_apply_has_no_times_whatever_else_is_known() -> None:
    rule = ruled(
        threshold=Threshold(count=500, operator=">", population="state_residents"),
        lawful_delay=LawfulDelay(law_enforcement=True),
    )
    known = facts(residents=500, discovery="2026-11-01", le_hold_start="2026-11-02")
    found = clock(rule, known, now=at("2027-11-24T02:00:00+00:00"))
    assert (found.state, found.deadline, found.hold) == ("not-applicable", None, None)
    assert found.because == "only with > 500 state residents, here 500"


def test_2_while_the_harm_is_unknown_the_times_are_shown_as_if() -> None:
    rule = ruled(threshold=Threshold(harm_test="high_risk"))
    found = clock(rule, facts(discovery="2026-11-01"), now=at("2027-11-24T02:00:00+00:00"))
    assert found.state == "undetermined"
    assert found.because == "needs to know high_risk"
    assert found.deadline is not None
    assert found.deadline.legal_due == day("2026-12-01")


def test_2_while_it_has_not_begun_it_is_undetermined() -> None:
    found = clock(ruled(), facts())
    assert (found.state, found.missing, found.deadline) == ("undetermined", ("discovery",), None)


def test_2_one_known_limit_is_enough_to_begin() -> None:
    known = facts(awareness="2026-11-18T09:00:00+01:00", major_incident=True)
    found = clock(DORA, known, place=BERLIN)
    assert (found.state, found.missing) == ("open", ("classification",))
    assert found.deadline is not None
    assert found.deadline.legal_due == at("2026-11-19T09:00:00+01:00")


def test_2_ones_own_notice_is_not_asked_for_where_another_limit_runs() -> None:
    own = Cap(unit="calendar_days", start="notice_to_individuals")
    both = ruled(caps=(*ruled().caps, own))
    assert clock(both, facts(discovery="2026-11-01")).missing == ()
    after = ruled(trigger=Trigger(event="notice_to_individuals"), caps=(own,))
    assert clock(after, facts()).missing == ("notice_to_individuals",)


def test_2_unknown_agency_is_named_and_the_earlier_day_counts() -> None:
    rule = ruled(trigger=Trigger(event="discovery", also=("associate_discovery",)))
    found = clock(rule, facts(ba_discovery="2026-10-05", ce_informed="2026-11-20"))
    assert (found.state, found.missing) == ("open", ("ba_is_agent",))
    assert found.trigger == day("2026-10-05")


def test_3_a_hold_still_running_stops_the_clock() -> None:
    known = facts(discovery="2026-11-01", le_hold_start="2026-11-10")
    found = clock(HELD, known, now=at("2027-02-01T12:00:00-05:00"))
    assert (found.state, found.deadline) == ("held", None)


def test_3_a_hold_whose_end_is_known_holds_until_then_and_not_longer() -> None:
    known = facts(discovery="2026-11-01", le_hold_start="2026-11-10", le_hold_end="2026-12-20")
    assert clock(HELD, known, now=at("2026-12-20T23:59:00-05:00")).state == "held"
    after = clock(HELD, known, now=at("2026-12-21T00:00:00-05:00"))
    assert after.state == "late", "at once: on the day of the release"
    assert after.deadline is not None
    assert after.deadline.legal_due == day("2026-12-20")


@pytest.mark.parametrize("end", [{}, {"le_hold_end": "2027-01-20"}])
def test_3_a_hold_that_began_after_the_limit_excuses_nothing(end: dict[str, str]) -> None:
    known = facts(discovery="2026-11-01", le_hold_start="2026-12-02", **end)
    found = clock(HELD, known, now=at("2026-12-10T12:00:00-05:00"))
    assert found.state == "late"
    assert found.deadline is not None
    assert found.deadline.legal_due == day("2026-12-01")


def test_3_an_extension_filed_before_the_hold_counts_first() -> None:
    rule = ruled(
        lawful_delay=LawfulDelay(law_enforcement=True),
        extension=Extension(filed="good_cause_filed", by=Span(amount=15, unit="calendar_days")),
    )
    known = {"discovery": "2026-11-01", "good_cause_filed": "2026-11-30"}
    found = clock(rule, facts(**known, le_hold_start="2026-12-10"))
    assert found.state == "held", "it began within the extended limit"
    late = clock(rule, facts(**known, le_hold_start="2026-12-17"))
    assert late.state == "open"


@pytest.mark.parametrize(
    ("submitted", "state"),
    [
        ("2026-11-24T10:00:00+00:00", "met"),
        ("2026-11-24T10:00:00.000001+00:00", "late"),
        ("2026-11-23", "met"),
        ("2026-11-24", "met"),  # some time that day, and nobody says that it was too late
        ("2026-11-25", "late"),
    ],
)
def test_4_a_submission_exactly_at_the_limit_meets_it(submitted: str, state: str) -> None:
    known = {"awareness": "2026-11-21T10:00:00+00:00", "submission:US-CA-IND": submitted}
    found = clock(hours(72), Facts(values=known), now=at("2026-12-24T10:00:00+00:00"))
    assert found.state == state


def test_4_a_submission_on_the_last_day_meets_a_limit_of_days() -> None:
    known = {"discovery": "2026-11-01", "submission:US-CA-IND": "2026-12-01T23:59:59-05:00"}
    assert clock(ruled(), Facts(values=known)).state == "met"
    known["submission:US-CA-IND"] = "2026-12-02T00:00:00-05:00"
    assert clock(ruled(), Facts(values=known)).state == "late"


def test_4_what_was_submitted_in_doubt_is_met() -> None:
    rule = ruled(threshold=Threshold(harm_test="high_risk"))
    known = {"discovery": "2026-11-01", "submission:US-CA-IND": "2026-11-02"}
    assert clock(rule, Facts(values=known)).state == "met"
    del known["discovery"]
    assert clock(rule, Facts(values=known)).state == "met"


def test_4_nothing_is_late_before_the_latest_reading_has_passed() -> None:
    known = facts(discovery="2026-11-01")
    assert clock(ruled(), known, now=at("2026-12-01T23:59:59-05:00")).state == "open"
    assert clock(ruled(), known, now=at("2026-12-02T00:00:00-05:00")).state == "late"
    assert clock(ruled(), known).state == "open"


def test_5_a_rule_without_a_number_has_no_deadline_and_is_never_late() -> None:
    rule = ruled(caps=(), computation="none")
    found = clock(rule, facts(discovery="2020-11-01"), now=at("2026-11-24T02:00:00+00:00"))
    assert (found.state, found.deadline) == ("open", None)
    assert found.basis == "promptly; the rule has no number"


def test_a_limit_counts_by_a_yes_or_no_and_an_amount_by_a_number() -> None:
    short = Cap(amount=30, unit="calendar_days", start="discovery", unless="wrongful_purpose")
    long = Cap(amount=60, unit="calendar_days", start="discovery", only_if="wrongful_purpose")
    rule = ruled(caps=(short, long))
    for value, due in ((None, "2026-12-01"), (False, "2026-12-01"), (True, "2026-12-31")):
        known = {"discovery": "2026-11-01"} | ({} if value is None else {"wrongful_purpose": value})
        found = clock(rule, Facts(values=known)).deadline
        assert found is not None
        assert found.legal_due == day(due)
    agreed = hours(0, caps=(Cap(unit="hours", start="awareness", amount_fact="contract_hours"),))
    known = {"awareness": "2026-11-24T00:00:00+00:00"}
    assert clock(agreed, Facts(values=known)).missing == ("contract_hours",)
    found = clock(agreed, Facts(values={**known, "contract_hours": 36})).deadline
    assert found is not None
    assert found.legal_due == at("2026-11-25T12:00:00+00:00")


@pytest.mark.parametrize(
    ("entity", "moves"),
    [
        ({}, False),
        ({"entity_type": "crypto-asset service provider"}, False),
        ({"entity_type": "crypto-asset service provider", "nis2_entity": False}, True),
        ({"entity_type": "crypto-asset service provider", "nis2_entity": True}, False),
        ({"entity_type": "Credit Institution", "nis2_entity": False}, False),
        ({"entity_type": ["payment institution", "CCP"], "nis2_entity": False}, False),
    ],
)
def test_the_relief_at_weekends_is_given_to_who_is_known_to_have_it(
    entity: dict[str, str | bool | list[str]], *, moves: bool
) -> None:
    found = clock(DORA, Facts(values={**SATURDAY, **entity}), place=BERLIN).deadline
    assert found is not None
    assert found.plan_by == at("2026-11-21T11:00:00+01:00")
    expected = "2026-11-23T12:00:00+01:00" if moves else "2026-11-21T11:00:00+01:00"
    assert found.legal_due == at(expected)


def test_a_part_of_the_strict_period_is_used() -> None:
    known = facts(awareness="2026-11-24T00:00:00+00:00")
    found = clock(hours(72), known)
    assert used(found, at("2026-11-25T12:00:00+00:00"), NEW_YORK.zone) == 0.5
    assert used(found, at("2026-11-30T00:00:00+00:00"), NEW_YORK.zone) == 2.0
    assert used(clock(ruled(), facts()), at("2026-11-30T00:00:00+00:00"), NEW_YORK.zone) is None
    days = clock(ruled(), facts(discovery="2026-11-01"))
    assert used(days, at("2026-11-01T00:00:00-04:00"), NEW_YORK.zone) == 0


def test_no_period_at_all_is_used_up() -> None:
    own = Cap(unit="calendar_days", start="discovery")
    known = facts(discovery="2026-11-24T00:00:00+00:00")
    found = clock(ruled(caps=(own,)), known)
    assert used(found, at("2026-11-24T00:00:00+00:00"), NEW_YORK.zone) == 1.0


@pytest.mark.parametrize("place", [NEW_YORK, BERLIN])
def test_a_day_is_late_when_it_is_over_where_it_is_counted(place: Place) -> None:
    assert not is_late(day("2026-11-24"), day("2026-11-24"), place.zone)
    assert is_late(day("2026-11-24"), day("2026-11-25"), place.zone)
    in_between = at("2026-11-25T00:30:00+01:00")  # over in Berlin, not in New York
    assert is_late(day("2026-11-24"), in_between, place.zone) is (place is BERLIN)
