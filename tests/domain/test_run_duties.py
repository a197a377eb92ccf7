from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from ccir.domain import events as e
from ccir.domain.clocks import Clock, ClockState, Duty
from ccir.domain.deadlines import Deadline
from ccir.domain.events import FactValue
from ccir.domain.follow_ups import with_follow_ups
from ccir.domain.obligations import FollowUp
from ccir.domain.run_duties import (
    facts_of,
    instant_to_work_to,
    scoped,
    waived,
    without_idle_follow_ups,
)
from support.duties import BERLIN, at, day, facts, ruled
from support.runs import Said, given, later, sealed

PEOPLE = Duty(rule=ruled(id="US-CA-IND"), jurisdiction="US-CA")
REGULATOR = Duty(rule=ruled(id="US-CA-AG", recipient="regulator"), jurisdiction="US-CA")
WAIVER = e.DutyWaived(rule="US-CA-AG", reason=sealed(), review_on=dt.date(2026, 4, 1))
WAIVED = Said(event=WAIVER, by="blake")
CONFIRMED = Said(event=e.WaiverConfirmed(rule="US-CA-AG"), by="dana")


def met(rule: str, minutes: float = 0) -> Said:
    return Said(event=e.DutyMet(rule=rule), at=later(minutes))


def known(*events: e.AnyEvent | Said) -> dict[str, FactValue]:
    return dict(facts_of(given(*events), [PEOPLE, REGULATOR]).values)


def clock(state: ClockState = "open", duty: Duty = REGULATOR, **changes: object) -> Clock:
    return replace(Clock(duty=duty, state=state), **changes)


# -------------------------------------------------------------------------------------------- facts


def test_the_rules_read_every_fact_that_counts_in_the_run() -> None:
    values = known(
        e.FactRecorded(name="awareness", value="2026-03-02T07:30:00+00:00"),
        e.FactRecorded(name="awareness", value="2026-03-02T09:00:00+00:00", second="counts-then"),
        e.FactRecorded(name="residents:US-CA", value=700),
        e.FactRecorded(name="story", value="lost"),
        e.EventCorrected(seq=5, reason=sealed()),
    )
    assert values == {"awareness": "2026-03-02T07:30:00+00:00", "residents:US-CA": 700}


def test_people_affected_is_the_rules_affected_unless_that_is_stated_itself() -> None:
    playbooks = e.FactRecorded(name="people_affected", value=41000)
    rules = e.FactRecorded(name="affected", value=7)
    assert known(playbooks) == {"people_affected": 41000, "affected": 41000}
    for events in ((playbooks, rules), (rules, playbooks)):
        assert known(*events) == {"people_affected": 41000, "affected": 7}


def test_submissions_are_facts_by_their_first_and_their_latest_time() -> None:
    expected = {
        "submission:US-CA-AG": later(10).isoformat(),
        "submission:US-CA-AG:latest": later(30).isoformat(),
    }
    times = (10, 20, 30)
    assert known(*(met("US-CA-AG", minutes) for minutes in times)) == expected
    entered_backwards = [met("US-CA-AG", minutes) for minutes in reversed(times)]
    assert known(*entered_backwards) == expected


def test_telling_the_people_is_their_notice_in_that_jurisdiction() -> None:
    assert known(met("US-CA-IND", 10))["notice_to_individuals:US-CA"] == later(10).isoformat()
    assert "notice_to_individuals:US-CA" not in known(met("US-CA-AG", 10))
    assert "notice_to_individuals:US-CA" not in known(met("US-OLD-IND", 10))


def test_the_earliest_notice_of_a_jurisdiction_counts_unless_it_was_stated() -> None:
    second = Duty(rule=ruled(id="US-CA-CMIA"), jurisdiction="US-CA")
    told = (met("US-CA-IND", 20), met("US-CA-CMIA", 10))
    found = facts_of(given(*told), [PEOPLE, second]).values
    assert found["notice_to_individuals:US-CA"] == later(10).isoformat()
    stated = e.FactRecorded(name="notice_to_individuals:US-CA", value="2026-03-01")
    found = facts_of(given(stated, *told), [PEOPLE, second]).values
    assert found["notice_to_individuals:US-CA"] == "2026-03-01"


# -------------------------------------------------------------------------------------------- scope


def test_a_duty_in_scope_is_left_to_its_threshold() -> None:
    assert scoped(PEOPLE, facts(jurisdictions=["US-CA"])) is None


def test_a_duty_of_another_place_does_not_apply() -> None:
    found = scoped(PEOPLE, facts(jurisdictions=["DE"]))
    assert found == Clock(
        duty=PEOPLE, state="not-applicable", because="nobody affected is known in US-CA"
    )


def test_while_the_places_are_unknown_the_duty_is_undetermined() -> None:
    found = scoped(PEOPLE, facts())
    assert found == Clock(
        duty=PEOPLE,
        state="undetermined",
        because="needs to know jurisdictions",
        missing=("jurisdictions",),
    )


# ------------------------------------------------------------------------------------------ waivers


@pytest.mark.parametrize("state", ["open", "undetermined", "late", "held"])
def test_a_waiver_of_two_people_waives_its_clock(state: ClockState) -> None:
    found = waived(clock(state), given(WAIVED, CONFIRMED).waivers)
    assert found.state == "waived"
    assert found.because == "decided not to tell by blake and dana, review on 2026-04-01"


@pytest.mark.parametrize("state", ["met", "not-applicable"])
def test_a_clock_that_is_settled_is_not_waived(state: ClockState) -> None:
    assert waived(clock(state), given(WAIVED, CONFIRMED).waivers) == clock(state)


def test_what_was_submitted_late_stays_late() -> None:
    late = clock("late", submitted=later(5))
    assert waived(late, given(WAIVED, CONFIRMED).waivers) == late


def test_one_person_alone_waives_nothing_and_a_waiver_is_for_its_rule_only() -> None:
    assert waived(clock(), given().waivers) == clock()
    assert waived(clock(), given(WAIVED).waivers) == clock()
    people = clock(duty=PEOPLE)
    assert waived(people, given(WAIVED, CONFIRMED).waivers) == people


# --------------------------------------------------------------------------------------- follow-ups

FOLLOWED = ruled(
    id="EU-NIS2-23-IN",
    follow_up=(FollowUp(stage="final", amount=1, unit="months", start="initial_notice"),),
)
FIRST, FINAL = (Duty(rule=rule, jurisdiction="EU") for rule in with_follow_ups(FOLLOWED))


def test_a_follow_up_is_shown_once_it_has_begun() -> None:
    first, begun = clock(duty=FIRST), clock(duty=FINAL, trigger=later(5))
    assert list(without_idle_follow_ups([first, begun])) == [first, begun]
    assert list(without_idle_follow_ups([first, clock(duty=FINAL)])) == [first]


def test_a_follow_up_of_a_rule_that_does_not_apply_is_not_shown() -> None:
    first, begun = clock("not-applicable", FIRST), clock(duty=FINAL, trigger=later(5))
    for clocks in ([first, begun], [begun, first]):
        assert list(without_idle_follow_ups(clocks)) == [first]


def test_a_first_report_is_shown_though_it_has_not_begun() -> None:
    assert list(without_idle_follow_ups([clock(duty=FIRST)])) == [clock(duty=FIRST)]


# ---------------------------------------------------------------------------------- time to work to

DEADLINE = Deadline(plan_by=day("2026-03-05"), legal_due=day("2026-03-09"))
END_OF_DAY = at("2026-03-05T22:59:59.999999+00:00")


@pytest.mark.parametrize("state", ["open", "undetermined", "held", "late"])
def test_one_works_to_the_end_of_the_strict_reading(state: ClockState) -> None:
    found = clock(state, deadline=DEADLINE, target=later(5))
    assert instant_to_work_to(found, BERLIN.zone) == END_OF_DAY


def test_without_a_number_one_works_to_the_own_target_if_there_is_one() -> None:
    assert instant_to_work_to(clock(target=later(5)), BERLIN.zone) == later(5)
    assert instant_to_work_to(clock(), BERLIN.zone) is None


@pytest.mark.parametrize("state", ["not-applicable", "met", "waived"])
def test_for_what_is_not_owed_one_works_to_nothing(state: ClockState) -> None:
    found = clock(state, deadline=DEADLINE, target=later(5))
    assert instant_to_work_to(found, BERLIN.zone) is None
