from __future__ import annotations

from ccir.domain.events import EventCorrected, FactRecorded
from support.told_run import ToldRun


def test_earlier_values_stay_beside_the_one_that_stands() -> None:
    told = ToldRun()
    told.add(FactRecorded(name="records", value=10, source="first look"))
    told.add(FactRecorded(name="records", value=4100), by="kim", at=3)
    first, second = told.report().facts
    assert (first.value, first.standing, first.source) == ("10", "earlier", "first look")
    assert (second.value, second.standing, second.by) == ("4100", "stands", "Kim Weber")
    assert first.question == "How many records?"


def test_a_withdrawn_value_stays_and_the_one_before_it_stands_again() -> None:
    told = ToldRun()
    told.add(FactRecorded(name="records", value=10))
    wrong = told.add(FactRecorded(name="records", value=4100))
    told.add(EventCorrected(seq=wrong, reason=told.seal("another table")))
    facts = told.report().facts
    assert [(fact.value, fact.standing) for fact in facts] == [
        ("10", "stands"),
        ("4100", "withdrawn"),
    ]


def test_a_fact_whose_only_value_was_withdrawn_has_none_that_stands() -> None:
    told = ToldRun()
    wrong = told.add(FactRecorded(name="records", value=10))
    told.add(EventCorrected(seq=wrong, reason=told.seal("another table")))
    assert [fact.standing for fact in told.report().facts] == ["withdrawn"]


def test_a_fact_that_is_a_moment_is_shown_as_every_moment_is() -> None:
    told = ToldRun()
    told.add(FactRecorded(name="awareness", value="2026-01-02T07:10:00+00:00"), later=50)
    [fact] = told.report().facts
    assert fact.value == "2026-01-02 08:10 CET (07:10 UTC)"
    assert fact.at.later == "entered 50 min later"


def test_a_text_that_looks_like_a_moment_stays_as_it_was_written() -> None:
    told = ToldRun()
    told.add(FactRecorded(name="leaver", value="2026-01-02T07:10:00+00:00"))
    assert told.report().facts[0].value == "2026-01-02T07:10:00+00:00"


def test_facts_stand_in_the_playbooks_order_and_unknown_ones_last() -> None:
    told = ToldRun()
    for name in ("strange", "records", "awareness"):
        told.add(FactRecorded(name=name, value="x"))
    facts = told.report().facts
    assert [fact.name for fact in facts] == ["awareness", "records", "strange"]
    assert facts[-1].question == ""


def test_a_moment_of_rules_is_shown_as_every_moment_is_and_a_day_as_a_day() -> None:
    told = ToldRun()
    told.add(FactRecorded(name="discovery:US-CA", value="2026-01-02T07:10:00+00:00"))
    told.add(FactRecorded(name="knowledge", value="2026-01-02"))
    instant, day = told.report().facts
    assert (instant.value, day.value) == ("2026-01-02 08:10 CET (07:10 UTC)", "2026-01-02")


def test_a_narrowed_moment_that_waits_for_a_second_person_does_not_stand() -> None:
    told = ToldRun()
    told.add(FactRecorded(name="discovery", value="2026-01-02"))
    told.add(FactRecorded(name="discovery:US-CA", value="2026-01-03", second="counts-then"))
    first, narrowed = told.report().facts
    assert (first.standing, narrowed.standing) == ("stands", "unconfirmed")
