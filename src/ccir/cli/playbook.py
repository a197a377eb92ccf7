"""`ccir playbook`: lists, shows and checks playbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from ccir.cli.completion import complete_playbooks
from ccir.cli.options import command, noun
from ccir.cli.session import Session
from ccir.errors import InvalidDocumentError

if TYPE_CHECKING:
    from ccir.catalog.sources import Source
    from ccir.domain.playbook import Playbook

app = noun("List and check playbooks.")


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A playbook in a list; without a version where it has errors."""

    id: str
    version: str = ""
    digest: str = ""
    title: str = ""
    origin: str
    shadows: bool
    steps: int = 0


PlaybookName = Annotated[
    str,
    typer.Argument(metavar="PLAYBOOK", help="An id, or a file.", autocompletion=complete_playbooks),
]


@command(app, "list", examples=("ccir playbook list",))
def list_(session: Session) -> None:
    """List the playbooks of the workspace and those shipped with ccir."""
    found = [_listed(source) for source in session.sources.list("playbooks")]
    if session.speech.result({"playbooks": found}):
        return
    session.speech.table(
        ("playbook", "version", "from", "steps", "title"),
        [
            (
                each.id,
                each.version,
                each.origin + (", shadows the shipped one" if each.shadows else ""),
                str(each.steps),
                each.title or f"has errors: `ccir playbook lint {each.id}`",
            )
            for each in found
        ],
    )


@command(app, examples=("ccir playbook show data-breach",))
def show(session: Session, playbook: PlaybookName) -> None:
    """Show a playbook: roles, phases with their steps, notices and services."""
    source = _source(session, playbook)
    book = _load(source)
    listed = msgspec.structs.asdict(_summary(source, book))
    if session.speech.result(listed | {"content": book}):
        return
    say = session.speech.say
    say(f"{book.id} {book.version}: {book.title}", "", book.summary, "")
    session.speech.table(
        ("role", "duties"), [(role.id, role.duties) for role in book.roles], title="Roles"
    )
    for phase in book.phases:
        say("")
        session.speech.table(
            ("step", "kind", "role", "due", "needs", "title"),
            [
                (
                    step.id,
                    step.kind,
                    step.role,
                    "" if step.due is None else f"{step.due.within} after {step.due.after}",
                    ", ".join(step.needs),
                    step.title + (f" (when {step.when.source})" if step.when else ""),
                )
                for step in book.steps
                if step.phase == phase.id
            ],
            title=phase.title,
        )
    say("")
    session.speech.table(
        ("notice", "audience", "channel", "approvals", "title"),
        [
            (
                notice.id,
                notice.audience,
                notice.channel,
                f"{notice.approvals.count} of {', '.join(notice.approvals.roles) or 'anybody'}",
                notice.title,
            )
            for notice in book.notices
        ],
        title="Notices",
    )
    say("")
    session.speech.table(
        ("service", "RTO", "RPO", "at most gone", "meanwhile"),
        [
            (each.name, each.rto, each.rpo, each.maximum_outage, each.workaround)
            for each in book.services
        ],
        title="Services to keep running",
    )


@command(app, examples=("ccir playbook lint", "ccir playbook lint mine.yaml --json"))
def lint(
    session: Session,
    playbooks: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PLAYBOOK]...", help="Ids or files; by default every document."),
    ] = None,
) -> int:
    """Find every error at once, each as file:line:column with what to write instead.

    Without a name, every playbook, runbook, template and drill is checked.
    """
    from ccir.engine.linting import lint_documents, lint_playbooks

    sources = session.sources
    if playbooks:
        findings = lint_playbooks(sources, [_source(session, name) for name in playbooks])
    else:
        findings = lint_documents(sources)
    errors = sum(finding.severity == "error" for finding in findings)
    if not session.speech.result({"findings": findings}):
        session.speech.say(*map(str, findings))
        warnings = len(findings) - errors
        session.speech.say(f"{errors} errors, {warnings} warnings")
    return 2 if errors else 0


@command(app, examples=("ccir playbook graph data-breach > data-breach.mmd",))
def graph(session: Session, playbook: PlaybookName) -> None:
    """Print the steps and what they need as a Mermaid flowchart."""
    from ccir.catalog.graph import mermaid

    text = mermaid(_load(_source(session, playbook)))
    if not session.speech.result({"playbook": playbook, "mermaid": text}):
        session.speech.say(text.rstrip())


@command(app, examples=("ccir playbook schema > playbook.schema.json",))
def schema(
    session: Session,
    kind: Annotated[
        str, typer.Argument(help="playbook, drill, runbook, template or obligations.")
    ] = "playbook",
) -> None:
    """Print the JSON Schema that editors check documents with."""
    from ccir.engine.linting import document_schema

    session.speech.say_json(document_schema(kind))


def _source(session: Session, name: str) -> Source:
    return session.sources.named("playbooks", session.document("playbooks", name))


def _load(source: Source) -> Playbook:
    from ccir.catalog.documents import load_playbook
    from ccir.engine.families import step_arguments

    return load_playbook(source, step_arguments())


def _listed(source: Source) -> Listed:
    try:
        return _summary(source, _load(source))
    except InvalidDocumentError:
        return Listed(id=source.id, origin=source.origin, shadows=source.shadows)


def _summary(source: Source, book: Playbook) -> Listed:
    from ccir.catalog.pinned import digest

    return Listed(
        id=book.id,
        version=book.version,
        digest=digest(book),
        title=book.title,
        origin=source.origin,
        shadows=source.shadows,
        steps=len(book.steps),
    )
