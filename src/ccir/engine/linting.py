"""Checks the documents of a workspace, and describes them for editors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ccir.catalog import linting
from ccir.catalog.documents import Runbook
from ccir.catalog.findings import Finding
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.schema import (
    Schema,
    computation_schema,
    content_schema,
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
    if kind not in _SCHEMAS:
        hint = f"one of {', '.join(DOCUMENT_KINDS)}"
        raise UsageError(f"there is no schema of '{kind}'", hint=hint)
    return _SCHEMAS[kind]()


def _shapes() -> linting.Shapes:
    return linting.Shapes(steps=step_arguments(), checks=check_arguments())


_SCHEMAS: Final[Mapping[str, Callable[[], Schema]]] = {
    "playbook": lambda: playbook_schema(step_arguments()),
    "drill": lambda: drill_schema(check_arguments()),
    "runbook": lambda: front_matter_schema(Runbook),
    "template": lambda: front_matter_schema(TemplateText),
    "obligations": obligations_schema,
    "content": content_schema,
    "computation": computation_schema,
}
DOCUMENT_KINDS: Final = tuple(_SCHEMAS)
