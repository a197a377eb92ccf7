"""Checks that every step of a playbook can be reached: no circles, nothing behind one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ccir.catalog.condition_lint import DECISION
from ccir.catalog.cycles import cycles
from ccir.catalog.reading import Reading
from ccir.catalog.references import ON_FAILURE, word
from ccir.domain.conditions import names_of
from ccir.domain.playbook import Playbook, Step

NEVER_FAIL: Final = frozenset({"decision", "manual", "wait"})
"""Kinds of steps that people or time settle: no event ever says that one of them failed."""

Before = Mapping[str, Mapping[str, str]]
"""For each step, the steps that must be settled first, each with the path that says so."""


def check_flow(reading: Reading[Playbook], playbook: Playbook) -> None:
    """Complain about steps that wait for each other, and steps that nothing leads to."""
    before = _before(playbook)
    circling: list[str] = []
    for cycle in cycles(before):
        circling += cycle
        hint = "each waits for the next: take one of them out of the other's needs"
        reading.complain(before[cycle[0]][cycle[1]], f"a cycle: {' → '.join(cycle)}", hint=hint)
    for step, other in _stuck(before, circling):
        message = f"step '{step}' is unreachable: it waits for '{other}', which is never settled"
        reading.complain(before[step][other], message, hint="break up the cycle")
    _check_detours(reading, playbook)


def _before(playbook: Playbook) -> Before:
    """Return what the board asks for before a step is ready (`ccir.domain.board`)."""
    before: dict[str, dict[str, str]] = {step.id: {} for step in playbook.steps}
    for number, step in enumerate(playbook.steps):
        for path, other in (*_waits(f"steps[{number}]", step), *_notice(playbook, step)):
            before[step.id].setdefault(other, path)
        if step.on_failure in before and step.on_failure not in ON_FAILURE:
            before[step.on_failure].setdefault(step.id, f"steps[{number}].on_failure")
    return before


def _waits(path: str, step: Step) -> Iterator[tuple[str, str]]:
    for place, need in enumerate(step.needs):
        yield f"{path}.needs[{place}]", need
    for name in sorted(names_of(step.when.test)) if step.when is not None else ():
        if name.startswith(DECISION):
            yield f"{path}.when", name.removeprefix(DECISION)
    if step.kind == "wait":
        yield f"{path}.with.step", word(step.arguments, "step")
        kind, _, other = word(step.arguments.get("until"), "after").partition(":")
        if kind == "step":
            yield f"{path}.with.until.after", other


def _notice(playbook: Playbook, step: Step) -> Iterator[tuple[str, str]]:
    """Yield the step before which a notify step's notice may not be sent."""
    if step.kind == "notify":
        name = word(step.arguments, "notice")
        for number, notice in enumerate(playbook.notices):
            if notice.id == name and notice.after is not None:
                yield f"notices[{number}].after", notice.after


def _stuck(before: Before, circling: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each step that waits for a circle from outside, with the step it waits for."""
    behind: dict[str, list[str]] = {}
    for step, others in before.items():
        for other in others:
            behind.setdefault(other, []).append(step)
    never = dict.fromkeys(circling)
    waiting = deque(never)
    while waiting:
        other = waiting.popleft()
        for step in behind.get(other, ()):
            if step not in never:
                never[step] = None
                waiting.append(step)
                yield step, other


def _check_detours(reading: Reading[Playbook], playbook: Playbook) -> None:
    """Warn of a way out of a failure that never happens."""
    kinds: dict[str, set[str]] = {}
    for step in playbook.steps:
        if step.on_failure not in ON_FAILURE:
            kinds.setdefault(step.on_failure, set()).add(step.kind)
    for number, step in enumerate(playbook.steps):
        sources = kinds.get(step.id, set())
        if sources and sources <= NEVER_FAIL:
            named = " or ".join(sorted(sources))
            reading.complain(
                f"steps[{number}].id",
                f"step '{step.id}' is only for the failure of a {named} step, which never fails",
                hint="choose by a decision and 'when' instead",
                severity="warning",
            )
