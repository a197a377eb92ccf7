from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from ccir.domain import events as e
from ccir.domain.run import Submission, Waiver
from support.runs import Said, given, later, sealed

RULE, OTHER = "EU-GDPR-33-SA", "CH-FADP-24"
REASON = sealed()
REVIEW = dt.date(2026, 4, 1)
WAIVED = Said(event=e.DutyWaived(rule=RULE, reason=REASON, review_on=REVIEW), by="blake")
CONFIRMED = Said(event=e.WaiverConfirmed(rule=RULE), by="dana")


def test_a_submission_keeps_when_who_and_its_proof() -> None:
    met = e.DutyMet(rule=RULE, reference=sealed("case 4711"), evidence="0a" * 32)
    run = given(Said(event=met, at=later(-10), by="blake"))
    assert run.submissions == {
        RULE: (
            Submission(
                seq=2, at=later(-10), by="blake", reference=sealed("case 4711"), evidence="0a" * 32
            ),
        )
    }
    assert run.delays == {}


def test_further_submissions_stand_behind_the_first_each_with_its_rule() -> None:
    run = given(
        e.DutyMet(rule=RULE), e.DutyMet(rule=OTHER), e.DutyMet(rule=RULE, notice="customers")
    )
    assert [(told.at, told.notice) for told in run.submissions[RULE]] == [
        (later(1), None),
        (later(3), "customers"),
    ]
    assert len(run.submissions[OTHER]) == 1


def test_the_reason_of_a_late_submission_explains_the_delay() -> None:
    assert given(e.DutyMet(rule=RULE, reason=REASON)).delays == {RULE: REASON}


def test_a_submission_without_a_reason_leaves_the_explanation_that_was_given() -> None:
    explained = e.DelayExplained(rule=RULE, reason=REASON)
    assert given(explained, e.DutyMet(rule=RULE)).delays == {RULE: REASON}


def test_the_explanation_given_last_counts() -> None:
    run = given(
        e.DelayExplained(rule=RULE, reason=REASON),
        e.DelayExplained(rule=OTHER, reason=REASON),
        e.DelayExplained(rule=RULE, reason=sealed("another")),
    )
    assert run.delays == {RULE: sealed("another"), OTHER: REASON}


def test_a_waiver_has_nobody_behind_it_but_the_person_who_decided() -> None:
    assert given(WAIVED).waivers == {
        RULE: Waiver(seq=2, by="blake", at=later(1), reason=REASON, review_on=REVIEW)
    }


def test_a_second_person_stands_behind_the_waiver_of_that_rule() -> None:
    other = Said(event=e.DutyWaived(rule=OTHER, reason=REASON, review_on=REVIEW), by="alex")
    run = given(WAIVED, other, CONFIRMED)
    assert run.waivers[RULE].confirmed_by == "dana"
    assert run.waivers[RULE].by == "blake"
    assert run.waivers[OTHER].confirmed_by == ""


def test_a_waiver_decided_anew_is_unconfirmed_again() -> None:
    again = e.DutyWaived(rule=RULE, reason=sealed("another"), review_on=dt.date(2026, 5, 1))
    run = given(WAIVED, CONFIRMED, Said(event=again, by="alex"))
    assert run.waivers[RULE] == Waiver(
        seq=4, by="alex", at=later(3), reason=sealed("another"), review_on=dt.date(2026, 5, 1)
    )


def test_duties_leave_everything_else_of_the_run_as_it_was() -> None:
    run = given(e.DutyMet(rule=RULE, reason=REASON), WAIVED, CONFIRMED)
    untouched = replace(run, seq=1, submissions={}, delays={}, waivers={})
    assert untouched == given()


def test_what_is_called_wrong_is_taken_back() -> None:
    wrong = e.EventCorrected(seq=2, reason=REASON)
    assert given(e.DutyMet(rule=RULE), wrong).submissions == {}
    assert given(WAIVED, wrong).waivers == {}
    kept = given(e.DutyMet(rule=RULE), e.DutyMet(rule=RULE), wrong).submissions[RULE]
    assert [told.seq for told in kept] == [3]


def test_renewed_rules_stand_in_for_those_of_the_start() -> None:
    rules = e.Pin(id="rules", version="1.2.0", digest="1b" * 32)
    assert given(e.RulesRenewed(rules=rules, reason=REASON)).rules == rules
