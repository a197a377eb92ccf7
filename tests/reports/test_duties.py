from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from ccir.domain import events as e
from ccir.domain.clocks import ClockState
from ccir.domain.holds import Hold
from ccir.reports.duties import NO_REASON, DutyClock, DutyReport
from support.duty_clocks import duty_clock, rule
from support.told_run import START, ToldRun

RULE = "EU-GDPR-33-SA"
DAY = dt.date(2026, 1, 5)


def _duties(told: ToldRun, *clocks: DutyClock) -> tuple[DutyReport, ...]:
    told.clocks = clocks
    return told.report().register.duties


def _duty(told: ToldRun, state: ClockState = "open") -> DutyReport:
    [duty] = _duties(told, duty_clock(rule(), state))
    return duty


def test_a_duty_tells_whom_the_law_and_when_it_began_and_fell_due() -> None:
    due = (START + dt.timedelta(hours=72), DAY)
    [duty] = _duties(ToldRun(), duty_clock(rule(), due=due))
    assert (duty.rule, duty.citation, duty.recipient) == (RULE, "Art. 33(1)", "authority")
    assert duty.limit == "without undue delay: 72 hours after awareness"
    assert duty.started is not None
    assert (duty.started_by, duty.started.shown) == (
        "awareness",
        "2026-01-02 08:10 CET (07:10 UTC)",
    )
    assert duty.work_to is not None
    assert duty.work_to.shown == "2026-01-05 09:00 CET (08:00 UTC)"
    assert duty.latest is not None
    assert duty.latest.shown == "2026-01-05 (end of the day in Europe/Berlin)"
    assert duty.latest.at == dt.datetime(2026, 1, 5, 22, 59, 59, 999_999, tzinfo=dt.UTC)
    assert duty.contested


def test_a_submission_tells_by_whom_with_which_reference_and_proof() -> None:
    told = ToldRun()
    met = e.DutyMet(rule=RULE, reference=told.seal("LDA-2026-0815"), evidence="abcdef" * 11)
    seq = told.add(met, by="kim", at=20, later=60)
    [submission] = _duty(told, "met").submissions
    assert (submission.event, submission.by, submission.notice) == (seq, "Kim Weber", "")
    assert (submission.reference, submission.evidence) == ("LDA-2026-0815", "abcdefabcdef")
    assert submission.at.later == "entered 1 h later"


def test_a_duty_met_by_a_notice_names_the_notice() -> None:
    told = ToldRun()
    told.add(e.DutyMet(rule=RULE, notice="customers"), by=e.SYSTEM)
    told.add(e.DutyMet(rule=RULE, notice="gone"))
    first, second = _duty(told, "met").submissions
    assert (first.by, first.notice) == ("ccir", "Letter to customers (customers)")
    assert second.notice == "gone"


def test_a_submission_that_was_called_wrong_says_so() -> None:
    told = ToldRun()
    wrong = told.add(e.DutyMet(rule=RULE))
    by = told.add(e.EventCorrected(seq=wrong, reason=told.seal("another case")))
    assert _duty(told, "met").submissions[0].wrong == f"called wrong by event {by}"


def test_a_delay_has_its_reason_or_says_that_none_was_recorded() -> None:
    told = ToldRun()
    assert _duty(told).reason == ""
    assert _duty(told, "late").reason == NO_REASON
    told.add(e.DelayExplained(rule=RULE, reason=told.seal("the portal was down")))
    assert _duty(told, "late").reason == "the portal was down"


def test_a_duty_left_open_when_the_run_was_closed_needs_a_reason_too() -> None:
    told = ToldRun()
    told.add(e.RunClosed(outcome="resolved"))
    assert _duty(told).reason == NO_REASON
    assert _duty(told, "met").reason == ""


def test_a_decision_not_to_tell_names_both_people_the_reason_and_the_day_of_review() -> None:
    told = ToldRun()
    assert _duty(told).waiver is None
    told.add(e.DutyWaived(rule=RULE, reason=told.seal("it was encrypted"), review_on=DAY), at=5)
    waiver = _duty(told).waiver
    assert waiver is not None
    assert (waiver.by, waiver.confirmed_by) == ("Alex Kim", "")
    told.add(e.WaiverConfirmed(rule=RULE), by="kim", at=9)
    waiver = _duty(told, "waived").waiver
    assert waiver is not None
    assert (waiver.confirmed_by, waiver.reason, waiver.review_on) == (
        "Kim Weber",
        "it was encrypted",
        DAY,
    )
    assert waiver.at.shown == "2026-01-02 09:05 CET (08:05 UTC)"


def test_a_hold_tells_from_when_until_when() -> None:
    hold = Hold(since=DAY, until=START)
    [duty] = _duties(ToldRun(), duty_clock(rule(), "held", hold=hold))
    assert duty.held_from is not None
    assert duty.held_from.shown == "2026-01-05 (day in Europe/Berlin)"
    assert duty.held_from.at == dt.datetime(2026, 1, 4, 23, tzinfo=dt.UTC)
    assert duty.held_until is not None
    assert duty.held_until.shown == "2026-01-02 09:00 CET (08:00 UTC)"


@pytest.mark.parametrize(
    ("state", "touches", "is_told"),
    [
        ("undetermined", True, True),
        ("undetermined", None, False),
        ("not-applicable", True, False),
        ("late", None, True),
    ],
)
def test_duties_that_apply_or_may_apply_here_are_told(
    *, state: ClockState, touches: bool | None, is_told: bool
) -> None:
    clock = msgspec.structs.replace(duty_clock(rule(), state), touches=touches)
    assert bool(_duties(ToldRun(), clock)) is is_told


def test_a_duty_that_somebody_acted_on_is_told_even_if_it_does_not_apply() -> None:
    told = ToldRun()
    told.add(e.DutyMet(rule=RULE))
    assert _duty(told, "not-applicable").submissions
