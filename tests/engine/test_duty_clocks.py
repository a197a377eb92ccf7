from __future__ import annotations

import datetime as dt

import pytest

from ccir.domain.duty_facts import Facts
from ccir.domain.events import FactValue
from ccir.domain.obligations import Computation, Obligations, Rule, Threshold, Verification
from ccir.domain.rulebook import Footing, Rulebook
from ccir.engine.duty_clocks import ClockView, Computed, Timepiece, by_due, written
from ccir.engine.places import Chosen
from support.duties import at, day, hours, ruled

TODAY = dt.date(2026, 11, 24)
NUMBERLESS = ruled(id="US-CA-VENDOR", caps=(), computation="none")


def timepiece(
    *rules: Rule, footing: Footing | None = None, zone: str | None = None, **known: FactValue
) -> Timepiece:
    book = Obligations(
        id="us-ca",
        version="1.0.0",
        jurisdiction="US-CA",
        title="California",
        zone="America/Los_Angeles",
        calendar="US-CA",
        rules=rules,
    )
    rulebook = Rulebook(books=(book,), footing=footing or Footing())
    return Timepiece(rulebook, Facts(values=known), Chosen(zone=zone))


def only(piece: Timepiece) -> Computed:
    [found] = piece.compute(lambda _: True)
    return found


def viewed(piece: Timepiece) -> ClockView:
    return piece.view(only(piece), TODAY)


def test_times_are_shown_as_days_or_as_instants_in_the_rules_zone() -> None:
    found = viewed(timepiece(hours(72), awareness="2026-11-24T10:00:00+00:00"))
    assert found.trigger.at == "2026-11-24T02:00:00-08:00"
    assert (found.plan_by, found.legal_due) == ("2026-11-27T02:00:00-08:00",) * 2
    assert (found.zone, found.calendar) == ("America/Los_Angeles", "US-CA")
    days = viewed(timepiece(ruled(), discovery="2026-11-24"))
    assert (days.trigger.at, days.plan_by) == ("2026-11-24", "2026-12-24")
    assert days.basis.startswith("promptly: 30 calendar days after discovery; calendar days")
    assert written(None, dt.UTC) is None


def test_an_instant_is_another_day_in_another_zone() -> None:
    instant = "2026-11-25T06:30:00+00:00"
    assert viewed(timepiece(ruled(), discovery=instant)).plan_by == "2026-12-24"
    east = timepiece(ruled(), zone="America/New_York", discovery=instant)
    assert viewed(east).plan_by == "2026-12-25"


def test_the_soonest_comes_first_and_what_has_no_time_last() -> None:
    piece = timepiece(
        NUMBERLESS,
        ruled(),
        hours(24, id="US-CA-FAST"),
        discovery="2026-11-24",
        awareness="2026-11-24T10:00:00+00:00",
    )
    order = [each.clock.duty.rule.id for each in piece.compute(lambda _: True)]
    assert order == ["US-CA-FAST", "US-CA-IND", "US-CA-VENDOR"]
    assert by_due([]) == []


def test_what_runs_is_told_in_utc() -> None:
    found = only(timepiece(ruled(), discovery="2026-11-24"))
    assert found.due_at == found.legal_at == at("2026-12-25T07:59:59.999999+00:00")
    bare = only(timepiece(NUMBERLESS, discovery="2026-11-24"))
    assert (bare.due_at, bare.legal_at) == (None, None)


def test_a_duty_without_a_number_has_the_organisations_target() -> None:
    own = Footing(target_seconds=48 * 3_600)
    found = viewed(timepiece(NUMBERLESS, footing=own, discovery="2026-11-24T10:00:00+00:00"))
    assert (found.plan_by, found.target) == (None, "2026-11-26T02:00:00-08:00")
    by_day = viewed(timepiece(NUMBERLESS, footing=own, discovery="2026-11-24"))
    assert by_day.target == "2026-11-26T23:59:59-08:00"
    assert viewed(timepiece(NUMBERLESS, footing=own)).target is None
    assert viewed(timepiece(NUMBERLESS, discovery="2026-11-24")).target is None
    numbered = viewed(timepiece(ruled(), footing=own, discovery="2026-11-24"))
    assert numbered.target is None


def test_what_does_not_apply_has_no_target_either() -> None:
    rule = ruled(caps=(), computation="none", threshold=Threshold(harm_test="high_risk"))
    piece = timepiece(
        rule, footing=Footing(target_seconds=48 * 3_600), discovery="2026-11-24", high_risk=False
    )
    found = viewed(piece)
    assert (found.state, found.target, found.plan_by) == ("not-applicable", None, None)
    assert only(piece).due_at is None


def test_what_the_run_states_stands_above_what_the_organisation_says_of_itself() -> None:
    own = Footing(facts={"high_risk": False, "sectors": ["health"]})
    rule = ruled(threshold=Threshold(harm_test="high_risk"))
    assert viewed(timepiece(rule, footing=own, discovery="2026-11-24")).state == "not-applicable"
    stated = timepiece(rule, footing=own, discovery="2026-11-24", high_risk=True)
    assert viewed(stated).state == "open"
    assert stated.facts.values["sectors"] == ["health"]


@pytest.mark.parametrize(
    ("computation", "discovery", "is_in_doubt"),
    [
        ("us_ca_days", "2035-12-01", False),  # to the last day of 2035, in Los Angeles
        ("us_ca_days", "2035-12-02", True),
        ("us_state_days", "2035-12-02", False),  # no holiday matters
        ("us_ca_days", "2023-11-01", True),
    ],
)
def test_beyond_the_known_holidays_the_weekends_alone_count_and_that_is_said(
    *, computation: Computation, discovery: str, is_in_doubt: bool
) -> None:
    found = viewed(timepiece(ruled(computation=computation), discovery=discovery))
    doubts = [doubt for doubt in found.doubts if "weekends only" in doubt]
    assert bool(doubts) is is_in_doubt


def test_how_far_the_rule_was_checked_is_always_said() -> None:
    rule = ruled(verified=Verification(status="memory", as_of="2024-01"))
    found = viewed(timepiece(rule))
    assert len(found.doubts) == 2
    assert (found.verified.status, found.verified.as_of) == ("memory", "2024-01")


def test_a_submission_is_shown_and_only_wanted_duties_are_computed() -> None:
    submitted: dict[str, FactValue] = {"submission:US-CA-IND": "2026-11-02"}
    own = Footing(facts=submitted)
    piece = timepiece(ruled(), NUMBERLESS, footing=own, discovery="2026-11-01")
    [found] = piece.compute(lambda entry: entry.duty.rule.id == "US-CA-IND")
    view = piece.view(found, TODAY)
    assert (view.state, view.submitted) == ("met", "2026-11-02")
    assert found.clock.submitted == day("2026-11-02")
