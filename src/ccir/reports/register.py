"""The breach register's page of a run: the facts, the effects, the remedies, and who was told.

GDPR Art. 33(5): the controller documents any personal data breach,
1. the facts relating to the breach,
2. its effects,
3. the remedial action taken,
so that the authority can verify compliance: hence the duties, with the reasons of each delay
(Art. 33(1)) and of each decision not to tell.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import msgspec

from ccir.domain.deciding_duties import STARTING
from ccir.domain.duty_facts import POPULATIONS
from ccir.domain.record import Entry
from ccir.domain.run import Run
from ccir.reports.duties import Duties, DutyClock, DutyReport, is_waiting
from ccir.reports.facts import FactReport
from ccir.reports.steps import PhaseReport
from ccir.reports.telling import Moment, Teller

DISCLAIMER: Final = "research data, not legal advice"
_MISSING_SHOWN: Final = 4
_REMEDIAL: Final = frozenset({"contain", "eradicate", "recover"})
_FACTS: Final = (
    "what_happened",
    "incident_date",
    "occurred_at",
    "first_misuse_at",
    "first_encrypted_at",
    "first_indication",
    "detected_at",
    *sorted(STARTING),
    "discovered_by",
    "entry_route",
    "root_cause",
    "what_information",
    "data_types",
    "data_left",
    "card_data_affected",
    "card_data_elements",
    "cards_at_risk",
    "subject_categories",
    "staff_data_affected",
    "people_affected",
    "records_affected",
    *dict.fromkeys(POPULATIONS.values()),
    "jurisdictions",
    "we_are_processor",
)
_EFFECTS: Final = (
    "likely_consequences",
    "misuse_reported",
    "extortion_demand",
    "records_changed",
    "service_effect",
    "incident_impact",
)
_MEASURES: Final = (
    "what_we_are_doing",
    "temporary_measures",
    "measures_planned",
    "protection_offer",
    "what_you_can_do",
)


class ActionReport(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was done to contain, to eradicate or to recover; `option` where one decided."""

    phase: str
    title: str
    option: str
    by: str
    ended: Moment | None


class ExclusionReport(msgspec.Struct, frozen=True, kw_only=True):
    """A duty of the run's places that an assessment excluded, and the fact that states it."""

    rule: str
    citation: str
    recipient: str
    because: str
    assessment: FactReport | None


class RegisterReport(msgspec.Struct, frozen=True, kw_only=True):
    """The page of the breach register.

    `not_applicable` counts duties; `waiting` those of which not even the place is known to be
    the run's, and `waiting_for` the facts that would tell of most of them.
    """

    disclaimer: str
    facts: tuple[FactReport, ...]
    effects: tuple[FactReport, ...]
    measures: tuple[FactReport, ...]
    actions: tuple[ActionReport, ...]
    duties: tuple[DutyReport, ...]
    not_applicable: int
    excluded: tuple[ExclusionReport, ...]
    waiting: int
    waiting_for: tuple[str, ...]

    @property
    def rest(self) -> str:
        """Return in one line what is to be said of all other duties."""
        none = "" if self.duties else "no duty applies"
        count = f"{self.not_applicable} do not apply" if self.not_applicable else ""
        names = ", ".join(self.waiting_for)
        more = f"{self.waiting} may apply, and wait for facts: {names}" if self.waiting else ""
        said = "; ".join(filter(None, (none, count, more)))
        return said[:1].upper() + said[1:]


def register(
    run: Run,
    *,
    entries: tuple[Entry, ...],
    clocks: tuple[DutyClock, ...],
    facts: tuple[FactReport, ...],
    phases: tuple[PhaseReport, ...],
    teller: Teller,
) -> RegisterReport:
    """Return the register's page; the clocks stand in the order in which they are told."""
    found = Duties(run, entries, teller=teller)
    others = [each for each in clocks if not found.is_told(each)]
    waiting = [each for each in others if is_waiting(each)]
    missing = Counter(name for each in waiting for name in each.clock.missing)
    return RegisterReport(
        disclaimer=DISCLAIMER,
        facts=_named(facts, _FACTS),
        effects=_named(facts, (*_EFFECTS, *_harm_tests(clocks))),
        measures=_named(facts, _MEASURES),
        actions=_actions(phases),
        duties=found.told(clocks),
        not_applicable=len(others) - len(waiting),
        excluded=tuple(
            _exclusion(run, each, facts) for each in others if _is_excluded_by_assessment(each)
        ),
        waiting=len(waiting),
        waiting_for=tuple(name for name, _ in missing.most_common(_MISSING_SHOWN)),
    )


def _named(facts: tuple[FactReport, ...], names: tuple[str, ...]) -> tuple[FactReport, ...]:
    """Return what stands under these names, and every value of a moment that starts clocks."""
    return tuple(
        fact
        for name in dict.fromkeys(names)
        for fact in facts
        if fact.name.partition(":")[0] == name and (fact.standing == "stands" or name in STARTING)
    )


def _harm_tests(clocks: tuple[DutyClock, ...]) -> tuple[str, ...]:
    tests = {each.clock.duty.rule.threshold.harm_test for each in clocks}
    return tuple(sorted(test for test in tests if test is not None))


def _actions(phases: tuple[PhaseReport, ...]) -> tuple[ActionReport, ...]:
    return tuple(
        ActionReport(
            phase=phase.title, title=step.title, option=step.option, by=step.by, ended=step.ended
        )
        for phase in phases
        if phase.phase in _REMEDIAL
        for step in phase.steps
        if step.state == "done"
    )


def _is_excluded_by_assessment(each: DutyClock) -> bool:
    clock = each.clock
    is_assessed = clock.because.startswith(("exempt", "only with "))
    return clock.state == "not-applicable" and is_assessed and each.touches is not False


def _exclusion(run: Run, each: DutyClock, facts: tuple[FactReport, ...]) -> ExclusionReport:
    rule = each.clock.duty.rule
    return ExclusionReport(
        rule=rule.id,
        citation=rule.citation,
        recipient=rule.recipient_name,
        because=each.clock.because,
        assessment=_assessment(run, each, facts),
    )


def _assessment(run: Run, each: DutyClock, facts: tuple[FactReport, ...]) -> FactReport | None:
    """Return the fact by which the harm test excluded the duty, the narrowest that was stated."""
    test = each.clock.duty.rule.threshold.harm_test
    if test is None:
        return None
    names = (*(f"{test}:{part}" for part in each.clock.duty.parts), test)
    stated = [entry for name in names if (entry := run.fact(name)) is not None]
    if not stated or stated[0].value is not ("_exempt" in test):
        return None
    return next((fact for fact in facts if fact.event == stated[0].seq), None)
