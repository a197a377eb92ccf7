"""Checks that the names in a playbook lead somewhere: roles, steps, facts, runbooks and more.

What it names of the rules is checked in `ccir.catalog.duty_references`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import msgspec

from ccir.catalog.findings import suggestion
from ccir.catalog.library import Library
from ccir.catalog.reading import Reading
from ccir.domain.playbook import Due, Notice, Playbook, Step

ON_FAILURE: Final = ("stop", "continue")
"""What `on_failure` may say besides a step's id."""


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A name at its path, and the names that may stand there; `kind` says what they name."""

    path: str
    name: str
    known: Collection[str]
    kind: str

    @property
    def is_broken(self) -> bool:
        """Whether the name leads nowhere; a missing one was complained about before."""
        return bool(self.name) and self.name not in self.known


def check_references(reading: Reading[Playbook], playbook: Playbook) -> None:
    """Complain about every name that no part of the playbook has."""
    names = _Names(playbook)
    for number, step in enumerate(playbook.steps):
        path = f"steps[{number}]"
        _check_owner(reading, step, names.role(f"{path}.role", step.role))
        refuse_broken(reading, names.of_step(path, step))
        refuse_broken(reading, names.of_arguments(f"{path}.with", step))
    for number, notice in enumerate(playbook.notices):
        refuse_broken(reading, names.of_notice(f"notices[{number}]", notice))
    for path, fact in _counted_from(playbook):
        if names.facts.get(fact, "moment") != "moment":
            message = f"the fact '{fact}' is a {names.facts[fact]}, so nothing can count from it"
            reading.complain(path, message, hint="name a fact of kind moment")


def check_library(reading: Reading[Playbook], playbook: Playbook, library: Library) -> None:
    """Complain about runbooks, drills and templates that are not there."""
    for number, step in enumerate(playbook.steps):
        refuse_broken(reading, _documents(f"steps[{number}]", step, library))
    facts = frozenset(fact.id for fact in playbook.facts)
    for number, notice in enumerate(playbook.notices):
        path = f"notices[{number}]"
        refuse_broken(reading, _template(path, notice, library))
        needed = library.templates.get(f"{notice.audience}/{notice.template}", frozenset())
        for fact in sorted(needed - facts):
            reading.complain(
                f"{path}.template",
                f"the template needs the fact '{fact}', which this playbook does not ask for",
                hint=f"add '{fact}' to the facts",
                severity="warning",
            )


def refuse_broken(reading: Reading[Playbook], references: Iterator[Reference]) -> None:
    """Complain about those of the references that lead nowhere."""
    for reference in references:
        if reference.is_broken:
            reading.complain(
                reference.path,
                f"there is no {reference.kind} '{reference.name}'",
                hint=suggestion(reference.name, reference.known),
            )


def word(arguments: object, key: str) -> str:
    """Return a text among a step's arguments, empty where there is none."""
    value = arguments.get(key) if isinstance(arguments, Mapping) else None
    return value if isinstance(value, str) else ""


class _Names:
    """The names that a playbook gives, and what its parts name of them."""

    def __init__(self, playbook: Playbook) -> None:
        self.facts = {fact.id: fact.kind for fact in playbook.facts}
        self._roles = frozenset(role.id for role in playbook.roles)
        self._steps = frozenset(step.id for step in playbook.steps)
        self._phases = frozenset(phase.id for phase in playbook.phases)
        self._notices = frozenset(notice.id for notice in playbook.notices)

    def of_step(self, path: str, step: Step) -> Iterator[Reference]:
        yield Reference(path=f"{path}.phase", name=step.phase, known=self._phases, kind="phase")
        for place, need in enumerate(step.needs):
            yield self._step(f"{path}.needs[{place}]", need)
        if step.on_failure not in ON_FAILURE:
            yield self._step(f"{path}.on_failure", step.on_failure)
        yield from self._due(path, step.due)

    def of_notice(self, path: str, notice: Notice) -> Iterator[Reference]:
        for place, role in enumerate(notice.approvals.roles):
            yield self.role(f"{path}.approvals.roles[{place}]", role)
        if notice.acknowledge is not None and notice.acknowledge.role is not None:
            yield self.role(f"{path}.acknowledge.role", notice.acknowledge.role)
        yield self._step(f"{path}.after", notice.after or "")
        yield from self._due(path, notice.due)

    def of_arguments(self, path: str, step: Step) -> Iterator[Reference]:
        arguments = step.arguments
        match step.kind:
            case "notify":
                name = word(arguments, "notice")
                where = f"{path}.notice"
                yield Reference(path=where, name=name, known=self._notices, kind="notice")
            case "wait":
                yield self._fact(f"{path}.fact", word(arguments, "fact"))
                yield self._step(f"{path}.step", word(arguments, "step"))
                after = word(arguments.get("until"), "after")
                yield from self._after(f"{path}.until.after", after)
            case "command":
                for place, part in enumerate(_listed(arguments.get("argv"))):
                    yield self._fact(f"{path}.argv[{place}].fact", word(part, "fact"))
            case _:
                return

    def role(self, path: str, name: str) -> Reference:
        return Reference(path=path, name=name, known=self._roles, kind="role")

    def _due(self, path: str, due: Due | None) -> Iterator[Reference]:
        if due is not None:
            yield from self._after(f"{path}.due.after", due.after)

    def _after(self, path: str, after: str) -> Iterator[Reference]:
        kind, _, name = after.partition(":")
        if kind == "fact":
            yield self._fact(path, name)
        elif kind == "step":
            yield self._step(path, name)

    def _step(self, path: str, name: str) -> Reference:
        return Reference(path=path, name=name, known=self._steps, kind="step")

    def _fact(self, path: str, name: str) -> Reference:
        return Reference(path=path, name=name, known=self.facts, kind="fact")


def _check_owner(reading: Reading[Playbook], step: Step, role: Reference) -> None:
    if role.is_broken:
        message = f"no one owns step '{step.id}': there is no role '{role.name}'"
        reading.complain(role.path, message, hint=suggestion(role.name, role.known))


def _counted_from(playbook: Playbook) -> Iterator[tuple[str, str]]:
    for path, after in _afters(playbook):
        kind, _, name = after.partition(":")
        if kind == "fact":
            yield path, name


def _afters(playbook: Playbook) -> Iterator[tuple[str, str]]:
    for number, step in enumerate(playbook.steps):
        if step.due is not None:
            yield f"steps[{number}].due.after", step.due.after
        if step.kind == "wait":
            after = word(step.arguments.get("until"), "after")
            yield f"steps[{number}].with.until.after", after
    for number, notice in enumerate(playbook.notices):
        if notice.due is not None:
            yield f"notices[{number}].due.after", notice.due.after


def _documents(path: str, step: Step, library: Library) -> Iterator[Reference]:
    runbook = step.runbook or ""
    yield Reference(path=f"{path}.runbook", name=runbook, known=library.runbooks, kind="runbook")
    if step.kind in ("restore", "last-clean"):
        drill = word(step.arguments, "drill")
        yield Reference(path=f"{path}.with.drill", name=drill, known=library.drills, kind="drill")


def _template(path: str, notice: Notice, library: Library) -> Iterator[Reference]:
    audiences = {name.partition("/")[0] for name in library.templates}
    wrong = "template" if notice.audience in audiences else "audience"
    if notice.audience and notice.template:
        name = f"{notice.audience}/{notice.template}"
        yield Reference(path=f"{path}.{wrong}", name=name, known=library.templates, kind="template")


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
