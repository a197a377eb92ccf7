"""Checks a playbook beyond its form: its parts fit together, and every step can be done."""

from __future__ import annotations

from typing import Final

from ccir.catalog.condition_lint import check_conditions
from ccir.catalog.duty_references import check_due_before, check_duties
from ccir.catalog.flow import check_flow
from ccir.catalog.library import Library
from ccir.catalog.reading import Reading
from ccir.catalog.references import ON_FAILURE, check_library, check_references
from ccir.domain.playbook import Playbook, Step

_PARTS: Final = ("severities", "roles", "facts", "phases", "steps", "notices", "services")


def check_playbook(reading: Reading[Playbook], library: Library | None) -> None:
    """Complain about everything that does not fit together.

    Without a library, the names of runbooks, drills, templates and rules are taken on trust.
    """
    playbook = reading.document
    if playbook is None:
        return
    for part in _PARTS:
        _check_ids(reading, playbook, part)
    _check_facts(reading, playbook)
    _check_arguments(reading, playbook)
    check_references(reading, playbook)
    check_conditions(reading, playbook)
    check_flow(reading, playbook)
    _check_sending(reading, playbook)
    check_due_before(reading, playbook)
    if library is not None:
        check_library(reading, playbook, library)
        check_duties(reading, playbook, library)


def _check_ids(reading: Reading[Playbook], playbook: Playbook, part: str) -> None:
    seen: dict[str, str] = {}
    for number, each in enumerate(getattr(playbook, part)):
        path = f"{part}[{number}].id"
        if each.id in seen:
            line = reading.position(seen[each.id]).line
            reading.complain(path, f"'{each.id}' stands here twice", hint=f"first in line {line}")
        elif part == "steps" and each.id in ON_FAILURE:
            message = f"'{each.id}' is a word of on_failure"
            reading.complain(path, message, hint="give the step another id")
        elif each.id:
            seen[each.id] = path


def _check_facts(reading: Reading[Playbook], playbook: Playbook) -> None:
    for number, fact in enumerate(playbook.facts):
        path = f"facts[{number}]"
        if fact.kind == "choice" and not fact.choices:
            reading.complain(path, f"the choice '{fact.id}' has no choices", hint="add choices")
        elif fact.choices and fact.kind not in ("choice", "list"):
            message = f"a fact of kind {fact.kind} has no choices"
            reading.complain(f"{path}.choices", message, hint="make it 'kind: choice'")


def _check_arguments(reading: Reading[Playbook], playbook: Playbook) -> None:
    for number, step in enumerate(playbook.steps):
        path = f"steps[{number}].with"
        if step.kind == "decision" and not step.arguments.get("options"):
            reading.complain(f"{path}.options", "a decision needs options to choose from")
        if step.kind == "wait":
            _check_wait(reading, path, step)


def _check_wait(reading: Reading[Playbook], path: str, step: Step) -> None:
    given = [key for key in ("until", "fact", "step") if step.arguments.get(key) is not None]
    if len(given) != 1:
        found = " and ".join(given) or "nothing"
        message = f"a wait is for exactly one of until, fact and step; this one is for {found}"
        reading.complain(path, message)


def _check_sending(reading: Reading[Playbook], playbook: Playbook) -> None:
    sent = {step.arguments.get("notice") for step in playbook.steps if step.kind == "notify"}
    for number, notice in enumerate(playbook.notices):
        # What satisfies a duty goes out when its clock runs, with or without a step.
        if notice.id and notice.id not in sent and not notice.obligations:
            reading.complain(
                f"notices[{number}].id",
                f"nobody sends the notice '{notice.id}'",
                hint="add a step of kind notify with it, name its obligations, or take it out",
            )
