from __future__ import annotations

import msgspec

from ccir.domain import events as e
from ccir.engine import obligations
from ccir.reports.html import html
from ccir.reports.markdown import markdown
from ccir.reports.register import DISCLAIMER, RegisterReport
from support.duty_clocks import duty_clock, rule
from support.full_run import full_run
from support.page import Page
from support.told_run import ToldRun


def _register(told: ToldRun) -> RegisterReport:
    return told.report().register


def _page_of_register(text: str) -> str:
    return text.partition("\n## Breach register\n")[2].partition("\n## Evidence\n")[0]


def test_the_rules_are_disclaimed_in_the_words_of_the_clocks() -> None:
    assert DISCLAIMER == obligations.DISCLAIMER


def test_facts_effects_and_measures_stand_apart() -> None:
    told = ToldRun()
    for name in ("what_we_are_doing", "likely_consequences", "what_happened", "records"):
        told.add(e.FactRecorded(name=name, value="x"))
    page = _register(told)
    assert [fact.name for fact in page.facts] == ["what_happened"]
    assert [fact.name for fact in page.effects] == ["likely_consequences"]
    assert [fact.name for fact in page.measures] == ["what_we_are_doing"]


def test_a_changed_awareness_is_told_with_both_values_the_reason_and_the_second_person() -> None:
    told = ToldRun()
    told.add(e.FactRecorded(name="awareness", value="2026-01-02T07:10:00+00:00"))
    changed = e.FactRecorded(
        name="awareness",
        value="2026-01-02T07:50:00+00:00",
        reason=told.seal("it was another case"),
        second="counts-then",
    )
    seq = told.add(changed)
    first, second = _register(told).facts
    assert (first.standing, second.standing) == ("stands", "unconfirmed")
    assert second.second == "waits for a second person"
    told.add(e.FactConfirmed(name="awareness", seq=seq), by="kim")
    first, second = _register(told).facts
    assert (first.standing, second.standing) == ("earlier", "stands")
    assert (second.reason, second.second) == ("it was another case", "confirmed by Kim Weber")


def test_of_other_facts_only_the_value_that_stands_is_told_also_for_a_part() -> None:
    told = ToldRun()
    for name, value in (("residents", 3), ("residents:US-CA", 2), ("residents:US-CA", 501)):
        told.add(e.FactRecorded(name=name, value=value))
    assert [(fact.name, fact.value) for fact in _register(told).facts] == [
        ("residents", "3"),
        ("residents:US-CA", "501"),
    ]


def test_steps_that_were_done_to_contain_are_remedial_action() -> None:
    told = ToldRun()
    assert _register(told).actions == ()
    told.add(e.StepFinished(step="cut-off", role="commander"), by="kim", at=9)
    decided = e.DecisionMade(
        step="decide-telling", role="counsel", option="tell", reason=told.seal("yes")
    )
    told.add(decided)  # in the phase `tell`
    [action] = _register(told).actions
    assert (action.phase, action.title, action.by) == ("Contain", "Close the way out", "Kim Weber")


def test_a_run_without_a_breach_says_in_one_line_that_no_duty_applies() -> None:
    told = ToldRun()
    assert _register(told).rest == "No duty applies"
    elsewhere = duty_clock(rule(), "undetermined", missing=("jurisdictions", "awareness"))
    told.clocks = (
        duty_clock(rule("A"), "not-applicable", because="nobody affected is known in AE"),
        msgspec.structs.replace(elsewhere, touches=None),
    )
    line = "No duty applies; 1 do not apply; 1 may apply, and wait for facts: jurisdictions, "
    assert _register(told).rest == f"{line}awareness"
    assert "No duty applies" in markdown(told.report())
    assert "No duty applies" in html(told.report())


def test_exclusions_by_an_assessment_name_who_assessed_it_and_how_it_is_known() -> None:
    told = ToldRun()
    told.add(e.FactRecorded(name="risk_exempt", value=False, source="first look"), by="kim")
    told.add(e.FactRecorded(name="risk_exempt:EU", value=True, source="keys are safe"), by="kim")
    told.clocks = (
        duty_clock(rule("A", harm_test="risk_exempt"), "not-applicable", because="exempt: risk"),
        duty_clock(rule("B"), "not-applicable", because="only with > 500 residents, here 3"),
        duty_clock(rule("C"), "not-applicable", because="only for the sector energy (ccir.toml)"),
        duty_clock(rule("D", harm_test="high_risk"), "not-applicable", because="only with x"),
    )
    page = _register(told)
    harm, count, by_footing = page.excluded
    assert (harm.rule, count.rule, by_footing.rule) == ("A", "B", "D")
    assert harm.assessment is not None
    assert (harm.assessment.by, harm.assessment.source) == ("Kim Weber", "keys are safe")
    assert count.assessment is by_footing.assessment is None
    assert page.not_applicable == 4
    assert [fact.name for fact in page.effects] == ["risk_exempt", "risk_exempt:EU"]


def test_what_is_excluded_in_places_that_are_not_the_runs_is_only_counted() -> None:
    told = ToldRun()
    exempt = duty_clock(rule(), "not-applicable", because="exempt: risk")
    told.clocks = (msgspec.structs.replace(exempt, touches=False),)
    page = _register(told)
    assert (page.excluded, page.not_applicable) == ((), 1)


def test_the_markdown_tells_the_whole_register() -> None:
    text = _page_of_register(markdown(full_run(note="so").report(at=400)))
    for words in (
        "Rules: research data, not legal advice.",
        "(changed, confirmed by Kim Weber: so)",
        "| Close the way out | Contain | Robin Weiss |",
        "- `LATE`: **late**; so; Art. 33(1)",
        "at the latest 2026-02-15 (end of the day in Europe/Berlin); **contested**",
        "by Kim Weber, reference so, evidence SHA-256 `eeeeeeeeeeee`…",
        "through the notice Letter to customers (customers)",
        "Reason for the delay: so",
        "confirmed by Kim Weber, to be looked at again on 2026-02-15: so",
        "Held up by law enforcement from 2026-02-15 (day in Europe/Berlin) until further notice",
        "  - Nobody was told yet",
        "| `EXEMPT` | authority | Art. 33(1) | exempt: risk | Alex Kim, ",
    ):
        assert words in text


def test_the_html_tells_the_whole_register() -> None:
    text = Page(html(full_run(note="so").report(at=400))).text()
    for words in (
        "Each duty that applies or may apply, soonest first",
        "changed, confirmed by Kim Weber: so",
        "through the notice Letter to customers (customers)",
        "Reason for the delay: so",
        "held up by law enforcement from 2026-02-15 (day in Europe/Berlin) until further notice",
        "nobody was told yet",
        "Excluded by an assessment",
    ):
        assert words in text


def test_a_decision_that_one_person_made_is_seen_to_lack_the_second() -> None:
    told = ToldRun()
    review = told.entries[0].at.date()
    told.add(e.DutyWaived(rule="A", reason=told.seal("no harm"), review_on=review))
    told.clocks = (duty_clock(rule("A")),)
    assert "confirmed by nobody" in markdown(told.report())
    assert '<span class="tag warn">confirmed by nobody</span>' in html(told.report())
