"""Draws a playbook as a Mermaid flowchart: phases as boxes, needs as arrows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ccir.domain.playbook import Playbook, Step

_SHAPES: Final = {
    "decision": ("{{", "}}"),
    "wait": ("([", "])"),
    "notify": (">", "]"),
    "restore": ("[[", "]]"),
    "backup-check": ("[[", "]]"),
}
_PLAIN: Final = ("[", "]")
_ESCAPES: Final = {
    "&": "#amp;",
    '"': "#quot;",
    "<": "#lt;",
    ">": "#gt;",
    "#": "#35;",
}


def mermaid(playbook: Playbook) -> str:
    """Return the flowchart; a dotted arrow leads to what is done when a step fails."""
    return "\n".join(_lines(playbook)) + "\n"


def _lines(playbook: Playbook) -> Iterator[str]:
    yield "flowchart TD"
    for phase in playbook.phases:
        steps = [step for step in playbook.steps if step.phase == phase.id]
        if steps:
            yield f'  subgraph phase-{phase.id}["{_escaped(phase.title)}"]'
            yield from (f"    {_node(step)}" for step in steps)
            yield "  end"
    for step in playbook.steps:
        yield from _arrows(playbook, step)


def _node(step: Step) -> str:
    left, right = _SHAPES.get(step.kind, _PLAIN)
    return f'{_name(step.id)}{left}"{_escaped(step.title)}<br>{step.role}"{right}'


def _arrows(playbook: Playbook, step: Step) -> Iterator[str]:
    label = "" if step.when is None else f'|"{_escaped(step.when.source)}"|'
    for need in step.needs:
        yield f"  {_name(need)} -->{label} {_name(step.id)}"
    if playbook.step(step.on_failure) is not None:
        yield f"  {_name(step.id)} -.->|fails| {_name(step.on_failure)}"


def _name(step: str) -> str:
    # A bare `end` would close the box.
    return f"step-{step}"


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in text)
