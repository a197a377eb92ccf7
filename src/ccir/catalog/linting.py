"""Checks documents as a whole: their form, what they name, and that their files fit them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from ccir.catalog.contents import lint_contents, load_contents
from ccir.catalog.documents import Kinds, read_drill, read_playbook, read_runbook
from ccir.catalog.findings import DocumentError, Finding, suggestion
from ccir.catalog.library import Library, library_of
from ccir.catalog.playbook_lint import check_playbook
from ccir.catalog.reading import D, Reading
from ccir.catalog.sources import Source, Sources
from ccir.catalog.translations import lint_templates
from ccir.domain.contents import Content
from ccir.domain.playbook import Playbook


class Shapes(msgspec.Struct, frozen=True, kw_only=True):
    """What `with` may hold, for every kind of step and of check."""

    steps: Kinds
    checks: Kinds


def checked_playbook(source: Source, sources: Sources, steps: Kinds) -> Playbook:
    """Return the playbook, if its parts fit together and everything it names is there.

    Raises:
        DocumentError: it has errors; the error holds every finding.
    """
    return _playbook(source, library_of(sources), steps).whole()


def lint_playbooks(playbooks: Iterable[Source], sources: Sources, shapes: Shapes) -> list[Finding]:
    """Return every complaint about these playbooks.

    Raises:
        DocumentError: a folder holds more documents than ccir lists.
    """
    library = library_of(sources)
    return [
        finding
        for source in playbooks
        for finding in _playbook(source, library, shapes.steps).findings
    ]


def lint_all(sources: Sources, shapes: Shapes) -> list[Finding]:
    """Return every complaint about every document, by kind and file."""
    found: list[Finding] = []
    try:
        for findings in _by_document(sources, shapes):
            found += findings
    except DocumentError as error:
        found += error.findings
    return found


def _by_document(sources: Sources, shapes: Shapes) -> Iterator[list[Finding]]:
    library = library_of(sources)
    roles: set[str] = set()
    for source in sources.list("playbooks"):
        playbook = _playbook(source, library, shapes.steps)
        roles |= _roles(playbook)
        yield playbook.findings
    for source in sources.list("drills"):
        yield _named(read_drill(source, shapes.checks), source.id).findings
    for source in sources.list("runbooks"):
        yield _runbook(source, roles)
    yield lint_contents(sources)
    yield lint_templates(sources.list("notify_templates"), _contents(sources))


def _playbook(source: Source, library: Library, steps: Kinds) -> Reading[Playbook]:
    reading = _named(read_playbook(source, steps), source.id)
    check_playbook(reading, library)
    return reading


def _runbook(source: Source, roles: Collection[str]) -> list[Finding]:
    reading = _named(read_runbook(source), source.id)
    owner = "" if reading.document is None else reading.document.owner
    if owner and roles and owner not in roles:
        reading.complain(
            "owner",
            f"no playbook has the role '{owner}'",
            hint=suggestion(owner, roles),
            severity="warning",
        )
    return reading.findings


def _contents(sources: Sources) -> Mapping[str, Content] | None:
    # What templates carry is judged by contents that are sound: theirs are said first.
    try:
        return load_contents(sources)
    except DocumentError:
        return None


def _named(reading: Reading[D], name: str) -> Reading[D]:
    reading.expect_id(name)
    return reading


def _roles(reading: Reading[Playbook]) -> set[str]:
    return set() if reading.document is None else {role.id for role in reading.document.roles}
