"""Checks that what a playbook names exists, and that its steps can all be reached and done."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import msgspec

from ccir.catalog.cycles import find_cycle
from ccir.catalog.findings import suggestion
from ccir.catalog.reading import Reading
from ccir.domain.conditions import Condition, compared, names_of
from ccir.domain.playbook import (
    DecisionArguments,
    Due,
    Notice,
    NotifyArguments,
    Playbook,
    Step,
    WaitArguments,
)

_DECISION: Final = "decision."
_SEVERITY: Final = "severity"
_FAILURES: Final = ("stop", "continue")


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """What else there is to be named: runbooks, drills, and templates as `audience/id`."""

    runbooks: frozenset[str]
    drills: frozenset[str]
    templates: frozenset[str]


def check_references(reading: Reading[Playbook], library: Library) -> None:
    """Complain about every name in the playbook that leads nowhere, and every cycle."""
    playbook = reading.document
    if playbook is not None:
        checks = _References(reading, playbook, library)
        checks.check_ids()
        checks.check_steps()
        checks.check_notices()
        checks.check_whole()


class _References:
    """The checks of one playbook."""

    def __init__(self, reading: Reading[Playbook], playbook: Playbook, library: Library) -> None:
        self._reading = reading
        self._playbook = playbook
        self._library = library
        self._steps = {step.id: step for step in playbook.steps}
        self._facts = {fact.id: fact for fact in playbook.facts}
        self._roles = {role.id for role in playbook.roles}
        self._notices = {notice.id for notice in playbook.notices}

    def check_ids(self) -> None:
        """Complain about ids that stand twice, and about a choice without choices."""
        for part in ("severities", "roles", "facts", "phases", "steps", "notices", "services"):
            seen: set[str] = set()
            for number, each in enumerate(getattr(self._playbook, part)):
                if each.id in seen:
                    self._complain(f"{part}[{number}].id", f"'{each.id}' stands here twice")
                seen.add(each.id)
        for number, fact in enumerate(self._playbook.facts):
            if fact.kind == "choice" and not fact.choices:
                self._complain(f"facts[{number}]", "a choice needs choices")

    def check_steps(self) -> None:
        """Complain about what steps name."""
        phases = {phase.id for phase in self._playbook.phases}
        for number, step in enumerate(self._playbook.steps):
            path = f"steps[{number}]"
            self._known(f"{path}.role", step.role, self._roles, kind="role")
            self._known(f"{path}.phase", step.phase, phases, kind="phase")
            for place, need in enumerate(step.needs):
                self._known(f"{path}.needs[{place}]", need, self._steps, kind="step")
            if step.runbook is not None:
                self._known(f"{path}.runbook", step.runbook, self._library.runbooks, kind="runbook")
            if step.on_failure not in _FAILURES:
                known = (*_FAILURES, *self._steps)
                self._known(f"{path}.on_failure", step.on_failure, known, kind="step")
            self._check_due(f"{path}.due", step.due)
            self._check_condition(f"{path}.when", step)
            self._check_arguments(f"{path}.with", step)

    def check_notices(self) -> None:
        """Complain about what notices name."""
        for number, notice in enumerate(self._playbook.notices):
            path = f"notices[{number}]"
            for place, role in enumerate(notice.approvals.roles):
                self._known(f"{path}.approvals.roles[{place}]", role, self._roles, kind="role")
            if notice.after is not None:
                self._known(f"{path}.after", notice.after, self._steps, kind="step")
            self._check_due(f"{path}.due", notice.due)
            self._check_template(f"{path}.template", notice)

    def check_whole(self) -> None:
        """Complain about cycles, what cannot be reached, and what nobody does."""
        cycle = find_cycle({name: _before(step) for name, step in self._steps.items()})
        if cycle:
            number = list(self._steps).index(cycle[0])
            self._complain(f"steps[{number}].needs", f"a cycle: {' → '.join(cycle)}")
        sent = {name for step in self._playbook.steps for name in _notice_of(step)}
        for number, notice in enumerate(self._playbook.notices):
            if notice.id not in sent:
                self._complain(
                    f"notices[{number}]",
                    f"no step sends the notice '{notice.id}'",
                    hint="add a step of kind notify with it, or take it out",
                )
        for number, step in enumerate(self._playbook.steps):
            for why in self._unreachable(step):
                self._complain(f"steps[{number}]", f"step '{step.id}' cannot be reached: {why}")

    def _unreachable(self, step: Step) -> Iterator[str]:
        """Say why a step can never be ready: it stands behind a step that only it leads to."""
        if step.on_failure == step.id:
            yield "it is its own way out of a failure"
        for need in step.needs:
            other = self._steps.get(need)
            if other is not None and other.on_failure == step.id:
                yield f"it needs '{need}', and is there only for when that fails"

    def _check_due(self, path: str, due: Due | None) -> None:
        kind, _, name = ("start", "", "") if due is None else due.after.partition(":")
        if kind == "step":
            self._known(f"{path}.after", name, self._steps, kind="step")
        if kind != "fact" or not self._known(f"{path}.after", name, self._facts, kind="fact"):
            return
        if self._facts[name].kind != "moment":
            self._complain(f"{path}.after", f"the fact '{name}' is no moment")

    def _check_condition(self, path: str, step: Step) -> None:
        for name in () if step.when is None else sorted(names_of(step.when.test)):
            if name == _SEVERITY:
                continue
            if name.startswith(_DECISION):
                self._check_decision(path, name.removeprefix(_DECISION))
            else:
                self._known(path, name, (*self._facts, _SEVERITY), kind="fact")

        if step.when is not None:
            self._check_values(path, step.when.test)

    def _check_values(self, path: str, condition: Condition) -> None:
        """Complain about a comparison with a word that can never be the value."""
        for name, word in compared(condition):
            possible = self._possible(name)
            if possible and word not in possible:
                hint = suggestion(word, possible)
                self._complain(path, f"'{name}' is never '{word}'", hint=hint)

    def _possible(self, name: str) -> Collection[str]:
        if name == _SEVERITY:
            return {severity.id for severity in self._playbook.severities}
        if name in self._facts:
            return self._facts[name].choices
        step = self._steps.get(name.removeprefix(_DECISION))
        if step is None or step.kind != "decision":
            return ()
        return msgspec.convert(step.arguments, DecisionArguments).options

    def _check_decision(self, path: str, name: str) -> None:
        decisions = {step.id for step in self._playbook.steps if step.kind == "decision"}
        self._known(path, name, decisions, kind="decision")

    def _check_arguments(self, path: str, step: Step) -> None:
        match step.kind:
            case "restore":
                drill = str(step.arguments.get("drill", ""))
                self._known(f"{path}.drill", drill, self._library.drills, kind="drill")
            case "notify":
                for notice in _notice_of(step):
                    self._known(f"{path}.notice", notice, self._notices, kind="notice")
            case "wait":
                self._check_wait(path, step)
            case _:
                return

    def _check_wait(self, path: str, step: Step) -> None:
        awaited = msgspec.convert(step.arguments, WaitArguments)
        given = [awaited.until, awaited.fact, awaited.step]
        if sum(each is not None for each in given) != 1:
            self._complain(path, "a wait is for exactly one of until, fact and step")
        self._check_due(f"{path}.until", awaited.until)
        if awaited.fact is not None:
            self._known(f"{path}.fact", awaited.fact, self._facts, kind="fact")
        if awaited.step is not None:
            self._known(f"{path}.step", awaited.step, self._steps, kind="step")

    def _check_template(self, path: str, notice: Notice) -> None:
        name = f"{notice.audience}/{notice.template}"
        if name not in self._library.templates:
            hint = suggestion(name, self._library.templates)
            self._complain(path, f"there is no template '{name}'", hint=hint)

    def _known(self, path: str, name: str, known: Collection[str], *, kind: str) -> bool:
        if name in known:
            return True
        hint = suggestion(name, known)
        self._complain(path, f"there is no {kind} '{name}'", hint=hint)
        return False

    def _complain(self, path: str, message: str, *, hint: str = "") -> None:
        self._reading.complain(path, message, hint=hint)


def _before(step: Step) -> tuple[str, ...]:
    """Return the steps that have to be settled before this one can be ready."""
    decided = () if step.when is None else names_of(step.when.test)
    decisions = (
        name.removeprefix(_DECISION) for name in sorted(decided) if name.startswith(_DECISION)
    )
    return (*step.needs, *decisions)


def _notice_of(step: Step) -> tuple[str, ...]:
    if step.kind != "notify" or "notice" not in step.arguments:
        return ()
    return (msgspec.convert(step.arguments, NotifyArguments).notice,)
