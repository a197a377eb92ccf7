"""Numbers in names are those of the rules in `ccir.domain.deciding_duties`."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from ccir.domain import commands as c
from ccir.domain import events as e
from ccir.domain.decide import decide
from ccir.domain.events import FactValue, Second
from ccir.errors import NotFoundError, RefusedError
from support.runs import Said, given, later, sealed

NOW = later(30)
REASON = sealed()
RULE = "EU-GDPR-33-SA"
REVIEW = dt.date(2026, 4, 1)
FIRST = "2026-03-02T07:30:00+00:00"
EARLIER = "2026-03-02T06:00:00+00:00"
LATER = "2026-03-02T09:00:00+00:00"
KNOWN = e.FactRecorded(name="awareness", value=FIRST)
RECORD = c.RecordFact(by="alex", name="awareness", value=FIRST)
MEET = c.MeetDuty(by="blake", rule=RULE)
WAIVE = c.WaiveDuty(by="blake", rule=RULE, reason=REASON, review_on=REVIEW)
WAIVED = Said(event=e.DutyWaived(rule=RULE, reason=REASON, review_on=REVIEW), by="blake")


def changed(value: FactValue, second: Second, name: str = "awareness") -> e.FactRecorded:
    return e.FactRecorded(name=name, value=value, reason=REASON, second=second)


# ----------------------------------------------------------------------- moments that start clocks


def test_rule_1_a_moment_is_stated_once_by_one_person() -> None:
    assert decide(given(), RECORD, NOW) == [KNOWN]


def test_rule_1_a_moment_that_is_known_changes_with_a_reason_only() -> None:
    with pytest.raises(RefusedError, match="'awareness' is stated already") as refused:
        decide(given(KNOWN), replace(RECORD, value=EARLIER), NOW)
    assert "--reason" in refused.value.hint


@pytest.mark.parametrize(
    ("value", "second"),
    [
        (EARLIER, "counts-now"),
        (LATER, "counts-then"),
        ("2026-03-02T08:15:00+01:00", "counts-now"),
        ("2026-03-02T08:30:00+01:00", "counts-then"),
        ("2026-03-02", "counts-now"),
        ("2026-03-01", "counts-now"),
        ("2026-03-03", "counts-then"),
        ("soon", "counts-then"),
        (7, "counts-then"),
    ],
)
def test_rule_1_an_earlier_moment_counts_at_once_and_any_other_waits(
    value: FactValue, second: Second
) -> None:
    command = replace(RECORD, value=value, reason=REASON)
    assert decide(given(KNOWN), command, NOW) == [changed(value, second)]


@pytest.mark.parametrize(
    ("zone", "second"), [("America/New_York", "counts-then"), ("Asia/Tokyo", "counts-now")]
)
def test_rule_1_a_day_begins_where_the_organisation_is(zone: str, second: Second) -> None:
    known = e.FactRecorded(name="awareness", value="2026-03-02T01:00:00+00:00")
    run = replace(given(known), zone=zone)
    command = replace(RECORD, value="2026-03-02", reason=REASON)
    assert decide(run, command, NOW) == [changed("2026-03-02", second)]


def test_rule_1_what_counts_is_what_a_further_change_is_measured_by() -> None:
    run = given(KNOWN, changed(LATER, "counts-then"))
    between = replace(RECORD, value="2026-03-02T08:00:00+00:00", reason=REASON)
    [stated] = decide(run, between, NOW)
    assert isinstance(stated, e.FactRecorded)
    assert stated.second == "counts-then"


def test_rule_1_the_same_moment_again_is_no_change() -> None:
    assert decide(given(KNOWN), replace(RECORD, source="the log"), NOW) == [
        e.FactRecorded(name="awareness", value=FIRST, source="the log")
    ]


def test_rule_1_a_moment_whose_only_value_was_withdrawn_still_takes_two_people() -> None:
    run = given(KNOWN, e.EventCorrected(seq=2, reason=REASON))
    with pytest.raises(RefusedError, match="is stated already"):
        decide(run, replace(RECORD, value=LATER), NOW)
    assert decide(run, replace(RECORD, value=LATER, reason=REASON), NOW) == [
        changed(LATER, "counts-then")
    ]


def test_rule_1_correcting_a_moment_to_another_value_is_refused() -> None:
    correct = c.CorrectEvent(by="alex", seq=2, reason=REASON, value=LATER)
    with pytest.raises(RefusedError, match="takes two people"):
        decide(given(KNOWN), correct, NOW)


def test_rule_1_a_value_for_one_place_does_not_pass_by_that_for_all() -> None:
    narrow = replace(RECORD, name="awareness:EU", of_rules=True, value=LATER)
    with pytest.raises(RefusedError, match="'awareness:EU' is stated already"):
        decide(given(KNOWN), narrow, NOW)


def test_rule_1_a_narrowed_moment_counts_no_earlier_than_a_second_person_says() -> None:
    narrow = replace(RECORD, name="awareness:EU", of_rules=True, reason=REASON)
    waiting = changed(LATER, "counts-then", name="awareness:EU")
    run = given(KNOWN, waiting)
    assert run.fact("awareness:EU") is None, "meanwhile that for all parts counts"
    still_later = "2026-03-02T08:59:00+00:00"
    assert FIRST < still_later < LATER
    [event] = decide(run, replace(narrow, value=still_later), NOW)
    assert event == changed(still_later, "counts-then", name="awareness:EU")
    confirmed = Said(event=e.FactConfirmed(name="awareness:EU", seq=3), by="blake")
    stated = given(KNOWN, waiting, confirmed).fact("awareness:EU")
    assert stated is not None
    assert stated.value == LATER


def test_rule_1_a_moment_that_is_narrowed_to_a_place_is_held_to_the_same() -> None:
    narrow = replace(RECORD, name="discovery:US-CA", of_rules=True)
    run = given(e.FactRecorded(name="discovery:US-CA", value=FIRST))
    with pytest.raises(RefusedError, match="'discovery:US-CA' is stated already"):
        decide(run, replace(narrow, value=LATER), NOW)
    assert decide(run, replace(narrow, value=LATER, reason=REASON), NOW) == [
        changed(LATER, "counts-then", "discovery:US-CA")
    ]


@pytest.mark.parametrize(
    ("name", "before", "value"),
    [("records", 4, 9), ("notice_to_individuals", EARLIER, LATER), ("le_hold_start", FIRST, LATER)],
)
def test_what_starts_no_clock_is_changed_by_one_person(
    name: str, before: FactValue, value: FactValue
) -> None:
    run = given(e.FactRecorded(name=name, value=before))
    command = c.RecordFact(by="alex", name=name, value=value, of_rules=True)
    assert decide(run, command, NOW) == [e.FactRecorded(name=name, value=value)]


def test_a_fact_of_the_playbook_has_to_be_one_and_a_fact_of_the_rules_not() -> None:
    unknown = c.RecordFact(by="alex", name="residents:US-CA", value=7)
    with pytest.raises(NotFoundError, match="no fact 'residents:US-CA'"):
        decide(given(), unknown, NOW)
    assert decide(given(), replace(unknown, of_rules=True), NOW) == [
        e.FactRecorded(name="residents:US-CA", value=7)
    ]


# ---------------------------------------------------------------------------- the second person

CONFIRM = c.ConfirmFact(by="dana", name="awareness")


@pytest.mark.parametrize("second", ["counts-now", "counts-then"])
def test_rule_1_another_person_confirms_a_change(second: Second) -> None:
    run = given(KNOWN, changed(LATER, second))
    assert decide(run, CONFIRM, NOW) == [e.FactConfirmed(name="awareness", seq=3)]


def test_rule_1_nobody_confirms_her_own_change() -> None:
    run = given(KNOWN, Said(event=changed(LATER, "counts-then"), by="dana"))
    with pytest.raises(RefusedError, match="dana changed 'awareness' herself") as refused:
        decide(run, CONFIRM, NOW)
    assert "--as PERSON" in refused.value.hint
    assert decide(run, replace(CONFIRM, by="alex"), NOW)


def test_rule_1_the_newest_change_that_waits_is_confirmed_first() -> None:
    run = given(KNOWN, changed(LATER, "counts-then"), changed(EARLIER, "counts-now"))
    assert decide(run, CONFIRM, NOW) == [e.FactConfirmed(name="awareness", seq=4)]
    newest = Said(event=e.FactConfirmed(name="awareness", seq=4), by="dana")
    after = given(KNOWN, changed(LATER, "counts-then"), changed(EARLIER, "counts-now"), newest)
    assert decide(after, CONFIRM, NOW) == [e.FactConfirmed(name="awareness", seq=3)]


@pytest.mark.parametrize(
    "events",
    [
        [],
        [KNOWN],
        [
            KNOWN,
            changed(LATER, "counts-then"),
            Said(event=e.FactConfirmed(name="awareness", seq=3), by="blake"),
        ],
        [KNOWN, changed(LATER, "counts-then"), e.EventCorrected(seq=3, reason=REASON)],
    ],
    ids=["unknown", "unchanged", "confirmed", "withdrawn"],
)
def test_rule_1_where_nothing_waits_nothing_is_confirmed(events: list[e.AnyEvent | Said]) -> None:
    with pytest.raises(RefusedError, match="no changed 'awareness' waits for a second person"):
        decide(given(*events), CONFIRM, NOW)


# -------------------------------------------------------------------------------------- submissions


def test_a_duty_is_met_with_its_reference_evidence_and_notice() -> None:
    command = replace(MEET, reference=sealed("case 4711"), evidence="0a" * 32, notice="customers")
    assert decide(given(), command, NOW) == [
        e.DutyMet(rule=RULE, reference=sealed("case 4711"), evidence="0a" * 32, notice="customers")
    ]


def test_rule_2_a_duty_that_is_met_late_needs_a_reason() -> None:
    late = replace(MEET, is_late=True)
    with pytest.raises(RefusedError, match=f"the time of {RULE} has passed") as refused:
        decide(given(), late, NOW)
    assert "--reason" in refused.value.hint
    assert decide(given(), replace(late, reason=REASON), NOW) == [
        e.DutyMet(rule=RULE, reason=REASON)
    ]


def test_rule_2_a_reason_that_was_given_before_is_enough_for_its_rule() -> None:
    late = replace(MEET, is_late=True)
    explained = e.DelayExplained(rule=RULE, reason=REASON)
    assert decide(given(explained), late, NOW) == [e.DutyMet(rule=RULE)]
    with pytest.raises(RefusedError):
        decide(given(replace(explained, rule="CH-FADP-24")), late, NOW)


def test_rule_2_a_notice_that_went_out_meets_its_rule_however_late() -> None:
    command = replace(MEET, is_late=True, notice="customers")
    assert decide(given(), command, NOW) == [e.DutyMet(rule=RULE, notice="customers")]


def test_a_delay_is_explained_before_or_after_the_submission() -> None:
    command = c.ExplainDelay(by="blake", rule=RULE, reason=REASON)
    expected = [e.DelayExplained(rule=RULE, reason=REASON)]
    assert decide(given(), command, NOW) == expected
    assert decide(given(e.DutyMet(rule=RULE)), command, NOW) == expected


# ------------------------------------------------------------------------------------------ waivers


def test_rule_3_a_decision_not_to_tell_has_its_reason_and_its_day_of_review() -> None:
    assert decide(given(), WAIVE, NOW) == [e.DutyWaived(rule=RULE, reason=REASON, review_on=REVIEW)]


@pytest.mark.parametrize(
    "command",
    [
        replace(WAIVE, reason=None),
        replace(WAIVE, review_on=None),
        replace(WAIVE, reason=None, by="dana"),
        replace(WAIVE, review_on=None, by="dana"),
    ],
)
def test_rule_3_half_a_decision_is_none(command: c.WaiveDuty) -> None:
    for run in (given(), given(WAIVED)):
        with pytest.raises(RefusedError, match="takes a reason and a day of review") as refused:
            decide(run, command, NOW)
        assert refused.value.hint == "give --reason and --review-on"


def test_rule_3_another_person_confirms_the_decision() -> None:
    confirm = c.WaiveDuty(by="dana", rule=RULE)
    assert decide(given(WAIVED), confirm, NOW) == [e.WaiverConfirmed(rule=RULE)]


def test_rule_3_nobody_confirms_her_own_decision_or_one_that_nobody_made() -> None:
    with pytest.raises(RefusedError, match="blake made this decision herself"):
        decide(given(WAIVED), c.WaiveDuty(by="blake", rule=RULE), NOW)
    with pytest.raises(RefusedError, match=f"decision not to tell \\({RULE}\\) takes a reason"):
        decide(given(), c.WaiveDuty(by="dana", rule=RULE), NOW)
    with pytest.raises(RefusedError):
        decide(given(WAIVED), c.WaiveDuty(by="dana", rule="CH-FADP-24"), NOW)


def test_rule_3_a_decision_that_two_people_stand_for_is_not_confirmed_again() -> None:
    run = given(WAIVED, Said(event=e.WaiverConfirmed(rule=RULE), by="dana"))
    for person in ("alex", "blake", "dana"):
        with pytest.raises(RefusedError, match="blake and dana stand for it already"):
            decide(run, c.WaiveDuty(by=person, rule=RULE), NOW)


def test_a_decision_made_anew_has_to_be_confirmed_anew() -> None:
    run = given(WAIVED, Said(event=e.WaiverConfirmed(rule=RULE), by="dana"), WAIVED)
    assert decide(run, WAIVE, NOW) == [e.DutyWaived(rule=RULE, reason=REASON, review_on=REVIEW)]
    assert run.waivers[RULE].confirmed_by == ""


def test_other_rules_are_taken_and_the_same_are_refused() -> None:
    other = e.Pin(id="rules", version="1.2.0", digest="1b" * 32)
    renew = c.RenewRules(by="alex", rules=other, reason=REASON)
    assert decide(given(), renew, NOW) == [e.RulesRenewed(rules=other, reason=REASON)]
    renewed = given(e.RulesRenewed(rules=other, reason=REASON))
    assert renewed.rules == other
    with pytest.raises(RefusedError, match="held to these rules already"):
        decide(renewed, renew, NOW)
