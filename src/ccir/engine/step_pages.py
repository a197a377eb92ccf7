"""One step on a page: how it stands, what it asks for, its runbook."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.catalog.documents import load_runbook
from ccir.domain.board import StepView
from ccir.domain.playbook import DecisionArguments, Step
from ccir.domain.run import Run
from ccir.engine.texts import opened
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError


class StepPage(msgspec.Struct, frozen=True, kw_only=True):
    """A step with everything a person needs to do it; `lines` are labelled sentences."""

    id: str
    title: str
    state: str
    kind: str
    role: str
    mandatory: bool
    due_at: dt.datetime | None
    overdue: bool
    lines: tuple[tuple[str, str], ...]
    checklist: tuple[str, ...] = ()
    runbook: str = ""


def step_page(workspace: Workspace, run: Run, view: StepView) -> StepPage:
    """Return the page of a step as it stands."""
    step = view.step
    points = step.arguments.get("checklist", ())
    return StepPage(
        id=step.id,
        title=step.title,
        state=view.state,
        kind=step.kind,
        role=step.role,
        mandatory=step.mandatory,
        due_at=view.due_at,
        overdue=view.overdue,
        lines=tuple(_lines(workspace, run, view)),
        checklist=tuple(map(str, points)) if isinstance(points, list | tuple) else (),
        runbook=_runbook(workspace, step),
    )


def _lines(workspace: Workspace, run: Run, view: StepView) -> list[tuple[str, str]]:
    step, record = view.step, run.record(view.step.id)
    said = opened(workspace, record.text) if record.text is not None else None
    found = [
        ("why not yet", view.because),
        ("when", "" if step.when is None else step.when.source),
        ("needs", ", ".join(step.needs)),
        ("whose", record.assignee or run.roles.get(step.role, "nobody yet")),
        ("evidence asked for", step.evidence or ""),
        ("evidence taken", f"{record.evidence} files" if record.evidence else ""),
        *_work_lines(step),
        ("chosen", record.option),
        ("failed because", record.reason),
        ("by", record.by),
        ("said", said or ("(erased)" if record.text is not None else "")),
    ]
    return [(label, text) for label, text in found if text]


def _work_lines(step: Step) -> list[tuple[str, str]]:
    if step.kind == "decision":
        asked = msgspec.convert(step.arguments, DecisionArguments)
        options = [(f"option {name}", meaning) for name, meaning in asked.options.items()]
        return [("question", asked.question), *options]
    plain = {name: value for name, value in step.arguments.items() if name != "checklist"}
    return [(name, str(value)) for name, value in plain.items()]


def _runbook(workspace: Workspace, step: Step) -> str:
    if step.runbook is None:
        return ""
    try:
        page = load_runbook(workspace.sources.find("runbooks", step.runbook))
    except CcirError as error:
        return f"(the runbook '{step.runbook}' cannot be shown: {error.message})"
    return f"# {page.title}\n\n{page.body.strip()}\n"
