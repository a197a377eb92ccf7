from __future__ import annotations

from typing import Literal

import pytest

from ccir.domain.obligations import Threshold
from ccir.domain.thresholds import is_reached
from support.duties import facts, ruled


def counted(operator: Literal[">", ">=", "<"], count: int, harm: str | None = None) -> Threshold:
    return Threshold(count=count, operator=operator, population="total_individuals", harm_test=harm)


def test_a_duty_without_a_threshold_always_exists() -> None:
    assert is_reached(ruled(), facts()).holds is True


@pytest.mark.parametrize(
    ("operator", "number", "holds"),
    [
        (">", 500, False),
        (">", 501, True),
        (">=", 499, False),
        (">=", 500, True),
        ("<", 499, True),
        ("<", 500, False),
    ],
)
def test_exactly_at_the_count_the_operator_decides(
    operator: Literal[">", ">=", "<"], number: int, *, holds: bool
) -> None:
    found = is_reached(ruled(threshold=counted(operator, 500)), facts(affected=number))
    assert found.holds is holds
    assert holds or f"only with {operator} 500 total individuals, here {number}" in found.because


def test_an_unknown_count_is_named() -> None:
    found = is_reached(ruled(threshold=counted(">", 500)), facts())
    assert (found.holds, found.missing) == (None, ("affected",))


def test_without_a_population_all_affected_are_counted() -> None:
    bare = ruled(threshold=Threshold(count=1, operator=">"))
    assert is_reached(bare, facts(affected=2)).holds is True


def test_of_one_state_counts_the_largest_not_the_sum() -> None:
    media = ruled(threshold=Threshold(count=500, operator=">", population="residents_of_one_state"))
    many = facts("US", residents__US_CA=500, residents__US_NY=500)
    assert is_reached(media, many).holds is False
    assert is_reached(media, facts("US", residents__US_CA=501, residents__US_NY=1)).holds is True


@pytest.mark.parametrize(("met", "holds"), [(None, True), (False, True), (True, False)])
def test_1_an_exemption_frees_only_once_it_was_assessed(*, met: bool | None, holds: bool) -> None:
    rule = ruled(threshold=Threshold(harm_test="unlikely_risk_exempt"))
    known = facts() if met is None else facts(unlikely_risk_exempt=met)
    found = is_reached(rule, known)
    assert found.holds is holds
    assert holds or found.because == "exempt: unlikely risk"


@pytest.mark.parametrize("met", [None, False, True])
def test_1_any_other_harm_makes_the_duty_once_it_is_met(*, met: bool | None) -> None:
    rule = ruled(threshold=Threshold(harm_test="high_risk"))
    found = is_reached(rule, facts() if met is None else facts(high_risk=met))
    assert found.holds is met
    assert found.missing == (("high_risk",) if met is None else ())


@pytest.mark.parametrize(
    ("number", "harm", "holds", "missing"),
    [
        (500, None, True, ()),
        (499, True, True, ()),
        (None, True, True, ()),
        (499, False, False, ()),
        (499, None, None, ("or_harm",)),
        (None, False, None, ("affected",)),
        (None, None, None, ("affected", "or_harm")),
    ],
)
def test_2_a_harm_beside_the_count_is_enough_and_so_is_the_count(
    *, number: int | None, harm: bool | None, holds: bool | None, missing: tuple[str, ...]
) -> None:
    given = {"affected": number, "or_harm": harm}
    known = facts(**{name: value for name, value in given.items() if value is not None})
    found = is_reached(ruled(threshold=counted(">=", 500, "or_harm")), known)
    assert (found.holds, found.missing) == (holds, missing)


@pytest.mark.parametrize(
    ("number", "harm", "holds"),
    [(500, True, True), (500, False, False), (499, None, False), (None, False, False)],
)
def test_a_harm_and_a_count_must_both_be_met(
    *, number: int | None, harm: bool | None, holds: bool
) -> None:
    given = {"affected": number, "harm": harm}
    known = facts(**{name: value for name, value in given.items() if value is not None})
    assert is_reached(ruled(threshold=counted(">=", 500, "harm")), known).holds is holds
    both = is_reached(ruled(threshold=counted(">=", 500, "harm")), facts())
    assert both.missing == ("affected", "harm")


def test_3_a_moment_that_says_so_meets_the_harm_unless_it_was_denied() -> None:
    rule = ruled(threshold=Threshold(harm_test="major", shown_by="submission:XX-1:latest"))
    shown = facts(submission__XX_1="2026-11-24")
    assert is_reached(rule, shown).holds is True
    assert is_reached(rule, facts()).holds is None
    denied = facts(major=False, submission__XX_1="2026-11-24")
    assert is_reached(rule, denied).holds is False
