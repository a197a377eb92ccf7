"""Whether a duty exists: how many people, and which harm; with three answers.

1. A harm test whose name holds `_exempt` frees from the duty once it was assessed as met: until
   then the duty stands. Any other harm test makes the duty once it is met.
2. A harm test that begins with `or_` stands beside the count: either is enough.
3. A moment that by its meaning says that the test is met (`shown_by`: the classification as
   major) answers it.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import ge, gt, lt
from typing import Final

import msgspec

from ccir.domain.duty_facts import POPULATIONS, Facts, base_name
from ccir.domain.obligations import Rule, Threshold

_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {">": gt, ">=": ge, "<": lt}
_LARGEST_OF: Final = "residents_of_one_state"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether something holds: yes, no, or unknown; why not, and which facts would tell."""

    holds: bool | None
    because: str = ""
    missing: tuple[str, ...] = ()


_YES: Final = Answer(holds=True)


def is_reached(rule: Rule, facts: Facts) -> Answer:
    """Return whether the rule's threshold is reached."""
    threshold = rule.threshold
    counted = _counted(threshold, facts)
    harm = _harm(threshold, facts)
    if (threshold.harm_test or "").startswith("or_"):
        return _either(counted, harm)
    return _both(counted, harm)


def _counted(threshold: Threshold, facts: Facts) -> Answer:
    if threshold.count is None or threshold.operator is None:
        return _YES
    population = threshold.population or "affected"
    name = POPULATIONS.get(population, population)
    number = facts.largest(name) if population == _LARGEST_OF else facts.count(name)
    if number is None:
        return Answer(holds=None, missing=(name,))
    if _COMPARISONS[threshold.operator](number, threshold.count):
        return _YES
    asked = f"{threshold.operator} {threshold.count} {population.replace('_', ' ')}"
    return Answer(holds=False, because=f"only with {asked}, here {number}")


def _harm(threshold: Threshold, facts: Facts) -> Answer:
    test = threshold.harm_test
    if test is None:
        return _YES
    found = facts.is_true(test)
    if "_exempt" in test:
        exempt = Answer(holds=False, because=f"exempt: {_words(test)}")
        return exempt if found else _YES
    if found is None and _is_shown(threshold, facts):
        return _YES
    if found is None:
        return Answer(holds=None, missing=(test,))
    return _YES if found else Answer(holds=False, because=f"only with {_words(test)}")


def _is_shown(threshold: Threshold, facts: Facts) -> bool:
    shown_by = threshold.shown_by
    return shown_by is not None and facts.value(base_name(shown_by)) is not None


def _either(one: Answer, other: Answer) -> Answer:
    if one.holds or other.holds:
        return _YES
    if one.holds is None or other.holds is None:
        return Answer(holds=None, missing=(*one.missing, *other.missing))
    return Answer(holds=False, because=f"{one.because}; {other.because}")


def _both(one: Answer, other: Answer) -> Answer:
    if one.holds is False:
        return one
    if other.holds is False:
        return other
    missing = (*one.missing, *other.missing)
    return Answer(holds=None, missing=missing) if missing else _YES


def _words(test: str) -> str:
    return test.removeprefix("or_").replace("_exempt", "").replace("_", " ")
