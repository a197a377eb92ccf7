"""Checks the documents of a workspace, and describes them for editors."""

from __future__ import annotations

from collections.abc import Sequence

from ccir.catalog import linting
from ccir.catalog.documents import Runbook
from ccir.catalog.findings import Finding
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.schema import (
    Schema,
    drill_schema,
    front_matter_schema,
    obligations_schema,
    playbook_schema,
)
from ccir.catalog.sources import Source, Sources
from ccir.domain.playbook import Playbook
from ccir.engine.families import check_arguments, step_arguments
from ccir.engine.obligations import lint_obligations
from ccir.errors import UsageError

DOCUMENT_KINDS = ("playbook", "drill", "runbook", "template", "obligations")


def lint_playbooks(sources: Sources, playbooks: Sequence[Source]) -> list[Finding]:
    """Return every complaint about these playbooks."""
    return linting.lint_playbooks(playbooks, sources, _shapes())


def lint_documents(sources: Sources) -> list[Finding]:
    """Return every complaint about every document."""
    return [*linting.lint_all(sources, _shapes()), *lint_obligations(sources)]


def checked_playbook(sources: Sources, source: Source) -> Playbook:
    """Return the playbook, if everything it names is there.

    Raises:
        DocumentError: it has errors; the error holds every finding.
    """
    return linting.checked_playbook(source, sources, step_arguments())


def document_schema(kind: str) -> Schema:
    """Return the JSON Schema of a kind of document.

    Raises:
        UsageError: there is no such kind.
    """
    match kind:
        case "playbook":
            return playbook_schema(step_arguments())
        case "drill":
            return drill_schema(check_arguments())
        case "runbook":
            return front_matter_schema(Runbook)
        case "template":
            return front_matter_schema(TemplateText)
        case "obligations":
            return obligations_schema()
        case _:
            raise UsageError(
                f"there is no schema of '{kind}'", hint=f"one of {', '.join(DOCUMENT_KINDS)}"
            )


def _shapes() -> linting.Shapes:
    return linting.Shapes(steps=step_arguments(), checks=check_arguments())
