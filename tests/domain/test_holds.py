from __future__ import annotations

import pytest

from ccir.domain.deadlines import Deadline, deadline_of
from ccir.domain.duty_facts import Facts
from ccir.domain.holds import extended, hold_of, in_words, released, span_after
from ccir.domain.obligations import Extension, LawfulDelay, Rule, Span, Unit
from support.duties import NEW_YORK, at, day, facts, ruled

LATER = Extension(filed="good_cause_filed", by=Span(amount=15, unit="calendar_days"))
EXTENDABLE = ruled(extension=LATER)
HELD = LawfulDelay(law_enforcement=True)
AFTERWARDS = LawfulDelay(
    law_enforcement=True,
    oral=Span(amount=30, unit="calendar_days"),
    after_release=Span(amount=7, unit="business_days"),
)


def base(rule: Rule) -> Deadline:
    found = deadline_of(rule, {"discovery": day("2026-10-01")}, place=NEW_YORK)
    assert found is not None
    assert found.legal_due == day("2026-10-31")
    return found


def after_hold(rule: Rule, known: Facts) -> Deadline | None:
    hold = hold_of(rule, known, place=NEW_YORK)
    assert hold is not None
    return released(rule, base(rule), hold, place=NEW_YORK)


@pytest.mark.parametrize("filed", ["2026-10-28", "2026-10-31", "2026-10-31T23:59:59-04:00"])
def test_1_an_extension_filed_in_time_moves_the_latest_reading_only(filed: str) -> None:
    found = extended(EXTENDABLE, base(EXTENDABLE), facts(good_cause_filed=filed), place=NEW_YORK)
    assert (found.plan_by, found.legal_due) == (day("2026-10-31"), day("2026-11-15"))
    assert "adds 15 calendar days" in found.steps[-1]


@pytest.mark.parametrize("filed", ["2026-11-01", "2026-11-01T00:00:00-04:00"])
def test_1_an_extension_filed_late_adds_nothing_and_says_so(filed: str) -> None:
    found = extended(EXTENDABLE, base(EXTENDABLE), facts(good_cause_filed=filed), place=NEW_YORK)
    assert found.legal_due == day("2026-10-31")
    assert "after the limit" in found.steps[-1]


def test_1_nothing_filed_or_nothing_to_file_changes_nothing() -> None:
    assert extended(EXTENDABLE, base(EXTENDABLE), facts(), place=NEW_YORK) == base(EXTENDABLE)
    filed = facts(good_cause_filed="2026-10-02")
    assert extended(ruled(), base(ruled()), filed, place=NEW_YORK) == base(ruled())


def test_2_a_hold_counts_where_the_rule_knows_one() -> None:
    known = facts(le_hold_start="2026-10-05", le_hold_end="2026-11-20")
    assert hold_of(ruled(), known, place=NEW_YORK) is None
    unknown = ruled(lawful_delay=LawfulDelay(law_enforcement=None))
    assert hold_of(unknown, known, place=NEW_YORK) is None
    assert hold_of(ruled(lawful_delay=HELD), facts(), place=NEW_YORK) is None
    assert hold_of(ruled(lawful_delay=HELD), known, place=NEW_YORK) is not None


@pytest.mark.parametrize(
    ("since", "counts"),
    [("2026-10-31", True), ("2026-11-01", False), ("2026-10-31T23:59:00-04:00", True)],
)
def test_2_a_hold_counts_if_it_began_before_the_limit(since: str, *, counts: bool) -> None:
    rule = ruled(lawful_delay=HELD)
    found = after_hold(rule, facts(le_hold_start=since, le_hold_end="2026-12-01"))
    assert found is not None
    assert found.legal_due == day("2026-12-01" if counts else "2026-10-31")
    assert counts or "holds nothing" in found.steps[-1]


def test_2_a_hold_of_which_only_the_end_is_known_counts() -> None:
    found = after_hold(ruled(lawful_delay=HELD), facts(le_hold_end="2026-12-01"))
    assert found is not None
    assert found.legal_due == day("2026-12-01")


def test_3_an_oral_request_holds_as_long_as_the_rule_says() -> None:
    rule = ruled(lawful_delay=AFTERWARDS)
    hold = hold_of(rule, facts(le_hold_oral="2026-10-20"), place=NEW_YORK)
    assert hold is not None
    assert (hold.since, hold.until) == (day("2026-10-20"), day("2026-11-19"))


def test_3_a_written_request_stands_in_for_an_oral_one() -> None:
    known = facts(le_hold_oral="2026-10-20", le_hold_start="2026-10-22")
    hold = hold_of(ruled(lawful_delay=AFTERWARDS), known, place=NEW_YORK)
    assert hold is not None
    assert (hold.since, hold.until) == (day("2026-10-22"), None)


def test_3_an_oral_request_holds_nothing_where_the_rule_gives_it_no_time() -> None:
    known = facts(le_hold_oral="2026-10-20")
    assert hold_of(ruled(lawful_delay=HELD), known, place=NEW_YORK) is None


def test_4_a_hold_still_running_leaves_no_deadline() -> None:
    assert after_hold(ruled(lawful_delay=HELD), facts(le_hold_start="2026-10-05")) is None


def test_4_after_the_hold_the_rules_own_time_runs() -> None:
    rule = ruled(lawful_delay=AFTERWARDS)
    found = after_hold(rule, facts(le_hold_start="2026-10-05", le_hold_end="2026-11-20"))
    assert found is not None
    assert (found.plan_by, found.legal_due) == (day("2026-12-01"), day("2026-12-01"))
    assert "within 7 business days" in found.steps[-1]


def test_4_a_short_hold_leaves_the_original_limit() -> None:
    rule = ruled(lawful_delay=AFTERWARDS)
    found = after_hold(rule, facts(le_hold_start="2026-10-05", le_hold_end="2026-10-06"))
    assert found is not None
    assert found.legal_due == day("2026-10-31")


def test_4_where_the_rule_says_nothing_notice_is_owed_at_once() -> None:
    rule = ruled(lawful_delay=HELD)
    until = "2026-11-20T14:00:00-05:00"
    found = after_hold(rule, facts(le_hold_start="2026-10-05", le_hold_end=until))
    assert found is not None
    assert found.legal_due == at(until)
    assert "at once" in found.steps[-1]


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [(7, "business_days", "7 business days"), (1, "months", "1 months")],
)
def test_a_span_is_counted_by_the_rules_arithmetic(amount: int, unit: Unit, words: str) -> None:
    span = Span(amount=amount, unit=unit)
    assert in_words(span) == words
    expected = {"business_days": day("2026-12-03"), "months": day("2026-12-24")}[unit]
    assert span_after(ruled(), span, day("2026-11-24"), place=NEW_YORK) == expected
