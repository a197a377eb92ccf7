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
    "last-clean": ("[[", "]]"),
}
_PLAIN: Final = ("[", "]")
# Mermaid reads entities between `#` and `;`. A label that begins with a backtick is Markdown.
_ESCAPES: Final = str.maketrans({mark: f"#{ord(mark)};" for mark in '#&"<>`'})


def mermaid(playbook: Playbook) -> str:
    """Return the flowchart: an arrow leads from each need, a dotted one to what a failure asks for.

    A step's condition stands on its arrows, or in its box where it needs nothing.
    """
    return "\n".join(_lines(playbook)) + "\n"


def _lines(playbook: Playbook) -> Iterator[str]:
    yield "flowchart TD"
    for phase in playbook.phases:
        steps = [step for step in playbook.steps if step.phase == phase.id]
        if steps:
            yield f'  subgraph {_name("phase", phase.id)}["{_escaped(phase.title)}"]'
            yield from (f"    {_box(step)}" for step in steps)
            yield "  end"
    for step in playbook.steps:
        yield from _arrows(playbook, step)


def _box(step: Step) -> str:
    left, right = _SHAPES.get(step.kind, _PLAIN)
    lines = [step.title, step.role]
    if step.when is not None and not step.needs:
        lines.append(f"when {step.when.source}")
    label = "<br>".join(map(_escaped, lines))
    return f'{_name("step", step.id)}{left}"{label}"{right}'


def _arrows(playbook: Playbook, step: Step) -> Iterator[str]:
    name = _name("step", step.id)
    label = "" if step.when is None else f'|"{_escaped(step.when.source)}"|'
    for need in step.needs:
        yield f"  {_name('step', need)} -->{label} {name}"
    if playbook.step(step.on_failure) is not None:
        yield f'  {name} -.->|"fails"| {_name("step", step.on_failure)}'


def _name(kind: str, name: str) -> str:
    # A bare `end` would close the box, and two hyphens would begin an arrow.
    return f"{kind}_{name.replace('-', '_')}"


def _escaped(text: str) -> str:
    return " ".join(text.split()).translate(_ESCAPES)
