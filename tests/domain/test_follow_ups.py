from __future__ import annotations

import pytest

from ccir.domain.follow_ups import first_of, is_follow_up, with_follow_ups
from ccir.domain.obligations import Computation, Extension, FollowUp, Rule, Span, Threshold, Unit
from support.duties import BERLIN, at, clock, day, facts, hours, ruled

HARMED = Threshold(harm_test="significant_disruption")


def followed(rule: Rule, *later: FollowUp) -> list[Rule]:
    first, *rest = with_follow_ups(ruled_as(rule, later))
    assert first.id == rule.id
    return rest


def ruled_as(rule: Rule, later: tuple[FollowUp, ...]) -> Rule:
    return hours(
        24,
        id=rule.id,
        computation=rule.computation,
        threshold=rule.threshold,
        follow_up=later,
        extension=Extension(filed="good_cause_filed", by=Span(amount=1, unit="hours")),
        relief="always",
    )


@pytest.mark.parametrize("start", ["initial_notice", "early_alert"])
def test_what_follows_on_a_report_starts_with_its_submission(start: str) -> None:
    later = FollowUp(stage="detailed report", amount=1, unit="months", start=start)
    [found] = followed(ruled(id="XX-CER", threshold=HARMED), later)
    assert found.id == "XX-CER.1"
    assert found.trigger.event == "submission:XX-CER"
    assert [cap.start for cap in found.caps] == ["submission:XX-CER"]
    assert found.standard == "detailed report"
    assert found.threshold == Threshold(), "who has reported owes the rest"
    assert (found.extension, found.relief, found.follow_up) == (None, None, ())


def test_what_starts_with_another_moment_is_owed_only_where_the_first_report_is() -> None:
    later = FollowUp(stage="report", amount=14, unit="calendar_days", start="awareness")
    [found] = followed(ruled(id="XX-HK", threshold=HARMED), later)
    known = {"awareness": "2026-11-24"}
    no = clock(found, facts(**known, significant_disruption=False), jurisdiction="XX")
    assert no.state == "not-applicable"
    scoped = facts(**known, significant_disruption__XX_HK=True)
    assert clock(found, scoped, jurisdiction="XX").state == "open", "asked for the first report"


@pytest.mark.parametrize(
    ("rule", "first", "unit", "computation"),
    [
        ("XX-1", "elapsed_hours", "hours", "elapsed_hours"),
        ("XX-1", "elapsed_hours", "calendar_days", "generic_calendar_days"),
        ("XX-1", "elapsed_hours", "months", "generic_calendar_days"),
        ("XX-1", "business_days", "business_days", "business_days"),
        ("XX-1", "us_sec_business_days", "business_days", "us_sec_business_days"),
        ("XX-1", "eu_1182_hours", "calendar_days", "eu_1182_days"),
        ("XX-1", "eu_1182_hours", "months", "eu_1182_months"),
        ("EU-CER-15-INI", "elapsed_hours", "months", "eu_1182_months"),
        ("EU-CER-15-INI", "elapsed_hours", "hours", "elapsed_hours"),
    ],
)
def test_it_is_counted_as_its_law_counts(
    *, rule: str, first: Computation, unit: Unit, computation: Computation
) -> None:
    later = FollowUp(stage="more", amount=3, unit=unit, start="initial_notice")
    [found] = followed(ruled(id=rule, computation=first), later)
    assert found.computation == computation


def test_without_a_number_it_has_no_limit() -> None:
    [found] = followed(ruled(), FollowUp(stage="updates", start="new_information"))
    assert (found.caps, found.computation) == ((), "none")
    assert found.trigger.event == "new_information"


def test_several_are_numbered_and_know_their_first() -> None:
    later = FollowUp(stage="more", start="recovery")
    assert [each.id for each in followed(ruled(), later, later)] == ["US-CA-IND.1", "US-CA-IND.2"]
    assert is_follow_up(followed(ruled(), later)[0])
    assert not is_follow_up(ruled())
    assert first_of("US-CA-IND.2") == first_of("US-CA-IND") == "US-CA-IND"


def test_a_month_after_the_first_report_moves_off_a_sunday_in_the_union() -> None:
    later = FollowUp(stage="detailed report", amount=1, unit="months", start="initial_notice")
    [found] = followed(ruled(id="EU-CER-15-INI"), later)
    known = facts(submission__EU_CER_15_INI="2026-11-27T10:00:00+01:00")
    assert known.moment("submission:EU-CER-15-INI") == at("2026-11-27T10:00:00+01:00")
    deadline = clock(found, known, place=BERLIN, jurisdiction="EU").deadline
    assert deadline is not None
    assert (deadline.plan_by, deadline.legal_due) == (day("2026-12-27"), day("2026-12-28"))
