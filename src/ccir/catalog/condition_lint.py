"""Checks the conditions of steps: what they name exists, and can be what they compare it with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ccir.catalog.findings import suggestion
from ccir.catalog.reading import Reading
from ccir.catalog.references import Reference, refuse_broken
from ccir.domain.conditions import Condition, compared, evaluate, names_of
from ccir.domain.playbook import Fact, Playbook, Step

SEVERITY: Final = "severity"
DECISION: Final = "decision."

_NO_WORDS: Final = {
    "boolean": "name the fact alone, or after 'not'",
    "number": "take the quotes away",
}


def check_conditions(reading: Reading[Playbook], playbook: Playbook) -> None:
    """Complain about conditions that name what is not there, or that can never hold."""
    names = _Names(playbook)
    for number, step in enumerate(playbook.steps):
        if step.when is not None:
            path = f"steps[{number}].when"
            refuse_broken(reading, names.of(path, step.when.test))
            for message, hint in names.impossible(step.when.test):
                reading.complain(path, message, hint=hint)
            if evaluate(step.when.test, {}).holds is False:
                message = f"step '{step.id}' is unreachable: its condition never holds"
                reading.complain(path, message, hint="mend the condition, or take the step out")


class _Names:
    """What conditions of a playbook may name, and the words that each can be."""

    def __init__(self, playbook: Playbook) -> None:
        self._facts = {fact.id: fact for fact in playbook.facts}
        self._decisions = {
            step.id: _options(step) for step in playbook.steps if step.kind == "decision"
        }
        self._severities = tuple(severity.id for severity in playbook.severities)

    def of(self, path: str, condition: Condition) -> Iterator[Reference]:
        """Yield what the condition names."""
        for name in sorted(names_of(condition)):
            if name.startswith(DECISION):
                step = name.removeprefix(DECISION)
                yield Reference(path=path, name=step, known=self._decisions, kind="decision")
            else:
                known = (*self._facts, SEVERITY)
                yield Reference(path=path, name=name, known=known, kind="fact")

    def impossible(self, condition: Condition) -> Iterator[tuple[str, str]]:
        """Yield a message and a hint for each comparison with a word that can never be."""
        for name, word in sorted(compared(condition)):
            fact = self._facts.get(name)
            possible = self._possible(name, fact)
            if fact is not None and fact.kind in _NO_WORDS:
                message = f"'{name}' is a {fact.kind}, never the text '{word}'"
                yield message, _NO_WORDS[fact.kind]
            elif possible and word not in possible:
                yield f"{_spoken(name)} is never '{word}'", suggestion(word, possible)

    def _possible(self, name: str, fact: Fact | None) -> tuple[str, ...]:
        if name == SEVERITY:
            return self._severities
        if fact is not None:
            return fact.choices
        return self._decisions.get(name.removeprefix(DECISION), ())


def _options(step: Step) -> tuple[str, ...]:
    options = step.arguments.get("options")
    return tuple(map(str, options)) if isinstance(options, Mapping) else ()


def _spoken(name: str) -> str:
    step = name.removeprefix(DECISION)
    return f"'{name}'" if step == name else f"the decision '{step}'"
