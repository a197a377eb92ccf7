"""Checks documents as a whole: their form, what they name, and who names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ccir.catalog.documents import read_drill, read_playbook, read_runbook
from ccir.catalog.findings import DocumentError, Finding
from ccir.catalog.reading import D, Reading
from ccir.catalog.references import Library, check_references
from ccir.catalog.sources import Source, Sources
from ccir.catalog.templates import read_template
from ccir.domain.playbook import Playbook

Kinds = Mapping[str, type[msgspec.Struct]]


class Shapes(msgspec.Struct, frozen=True, kw_only=True):
    """What `with` may hold, for every kind of step and of check."""

    steps: Kinds
    checks: Kinds


def library_of(sources: Sources) -> Library:
    """Return what a playbook of these sources may name."""
    return Library(
        runbooks=frozenset(source.id for source in sources.list("runbooks")),
        drills=frozenset(source.id for source in sources.list("drills")),
        templates=frozenset(
            source.id.rpartition(".")[0] for source in sources.list("notify_templates")
        ),
    )


def checked_playbook(source: Source, sources: Sources, steps: Kinds) -> Playbook:
    """Return the playbook, if everything it names is there.

    Raises:
        DocumentError: it has errors; the error holds every finding.
    """
    return _playbook(source, library_of(sources), steps).whole()


def lint_playbooks(playbooks: Sequence[Source], sources: Sources, shapes: Shapes) -> list[Finding]:
    """Return every complaint about these playbooks."""
    library = library_of(sources)
    return [
        finding
        for source in playbooks
        for finding in _playbook(source, library, shapes.steps).findings
    ]


def lint_all(sources: Sources, shapes: Shapes) -> list[Finding]:
    """Return every complaint about every document, by kind and file."""
    try:
        found = lint_playbooks(sources.list("playbooks"), sources, shapes)
        for source in sources.list("drills"):
            found += _named(read_drill(source, shapes.checks), source.id)
        for source in sources.list("runbooks"):
            found += _named(read_runbook(source), source.id)
        for source in sources.list("notify_templates"):
            found += _template(source)
    except DocumentError as error:
        return [*error.findings]
    return found


def _playbook(source: Source, library: Library, steps: Kinds) -> Reading[Playbook]:
    reading = read_playbook(source, steps)
    check_references(reading, library)
    _check_name(reading, source.id)
    return reading


def _named(reading: Reading[D], name: str) -> list[Finding]:
    _check_name(reading, name)
    return reading.findings


def _template(source: Source) -> list[Finding]:
    reading = read_template(source)
    text = reading.document
    if text is not None:
        named = f"{text.audience}/{text.id}.{text.language}"
        if named != source.id:
            message = f"the front matter names '{named}', the file '{source.id}'"
            reading.complain("id", message, hint="rename one of them")
        if text.language not in text.languages:
            reading.complain("language", f"'{text.language}' is not among its languages")
    return reading.findings


def _check_name(reading: Reading[D], name: str) -> None:
    found = getattr(reading.document, "id", name)
    if found != name:
        message = f"the id is '{found}', the file is called '{name}'"
        reading.complain("id", message, hint="rename one of them")
