"""Checks what a playbook names of the rules: clocks, obligations of notices, and sectors."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

import msgspec

from ccir.catalog.library import Library
from ccir.catalog.reading import Reading
from ccir.catalog.references import Reference, refuse_broken, word
from ccir.domain.periods import parse_period
from ccir.domain.playbook import Due, Playbook

_START: Final = "start"


class _Due(msgspec.Struct, frozen=True, kw_only=True):
    """A due time as it is written, also where it stands among a wait's arguments."""

    path: str
    within: str
    before: str
    after: str


def check_due_before(reading: Reading[Playbook], playbook: Playbook) -> None:
    """Complain about due times before a clock that cannot be counted back."""
    for due in _dues(playbook):
        period = parse_period(due.within) if due.before else None
        if period is not None and period.unit == "business-days":
            reading.complain(
                f"{due.path}.within",
                "business days are not counted back from a clock",
                hint="write days or hours",
            )
        if due.before and due.after != _START:
            reading.complain(
                f"{due.path}.after",
                "a due time lies after something or before a clock, not both",
                hint="take one of them out",
            )


def check_duties(reading: Reading[Playbook], playbook: Playbook, library: Library) -> None:
    """Complain about rules and sectors that are not there, unless the rules cannot be read."""
    clocks = [(f"{due.path}.before", due.before) for due in _dues(playbook) if due.before]
    named = [*clocks, *_obligations(playbook)]
    if named and library.rules is not None:
        refuse_broken(reading, _references(named, library.rules, "rule"))
    sectors = [(f"sectors[{place}]", name) for place, name in enumerate(playbook.sectors)]
    if sectors and library.sectors is not None:
        refuse_broken(reading, _references(sectors, library.sectors, "sector"))


def _references(
    named: list[tuple[str, str]], known: Collection[str], kind: str
) -> Iterator[Reference]:
    for path, name in named:
        yield Reference(path=path, name=name.removeprefix("clock:"), known=known, kind=kind)


def _obligations(playbook: Playbook) -> Iterator[tuple[str, str]]:
    for number, notice in enumerate(playbook.notices):
        for place, rule in enumerate(notice.obligations):
            yield f"notices[{number}].obligations[{place}]", rule


def _dues(playbook: Playbook) -> Iterator[_Due]:
    for number, step in enumerate(playbook.steps):
        if step.due is not None:
            yield _typed(f"steps[{number}].due", step.due)
        if step.kind == "wait":
            until = step.arguments.get("until")
            yield _Due(
                path=f"steps[{number}].with.until",
                within=word(until, "within"),
                before=word(until, "before"),
                after=word(until, "after") or _START,
            )
    for number, notice in enumerate(playbook.notices):
        if notice.due is not None:
            yield _typed(f"notices[{number}].due", notice.due)


def _typed(path: str, due: Due) -> _Due:
    return _Due(path=path, within=due.within, before=due.before or "", after=due.after)
