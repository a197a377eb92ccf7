"""What the documents of a workspace may name of each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial

import msgspec

from ccir.catalog.findings import DocumentError
from ccir.catalog.frontmatter import parse_markdown
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.reading import Reading
from ccir.catalog.rulebook import load_books
from ccir.catalog.sources import Source, Sources
from ccir.domain.obligations import Obligations
from ccir.domain.rulebook import Rulebook

_FACTS = "facts."
Books = tuple[Obligations, ...]


def _no_books() -> Books:
    return ()


class Library(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The runbooks, drills, templates and rules there are.

    `templates` holds, for each `audience/id`, the facts that one of its languages must have.
    `books` loads the rules for the first document that names one; most name none.
    """

    runbooks: frozenset[str]
    drills: frozenset[str]
    templates: Mapping[str, frozenset[str]]
    books: Callable[[], Books | None] = _no_books

    @cached_property
    def rules(self) -> frozenset[str] | None:
        """The rules and the reports that follow on them; None while a file of rules is broken."""
        entries = None if self._books is None else Rulebook(books=self._books).entries()
        return None if entries is None else frozenset(entry.duty.rule.id for entry in entries)

    @cached_property
    def sectors(self) -> frozenset[str] | None:
        """The sectors that rules are for; None while a file of rules is broken."""
        books = self._books
        return None if books is None else frozenset(r.sector for b in books for r in b.rules)

    @cached_property
    def _books(self) -> Books | None:
        return self.books()


def library_of(sources: Sources) -> Library:
    """Return what the documents may name.

    Raises:
        DocumentError: a folder holds more documents than ccir lists.
    """
    templates: dict[str, frozenset[str]] = {}
    for source in sources.list("notify_templates"):
        name = source.id.rpartition(".")[0]
        templates[name] = templates.get(name, frozenset()) | _facts(source)
    return Library(
        runbooks=frozenset(source.id for source in sources.list("runbooks")),
        drills=frozenset(source.id for source in sources.list("drills")),
        templates=templates,
        books=partial(_sound_books, sources),
    )


def _sound_books(sources: Sources) -> Books | None:
    # What is wrong with a file of rules is said where it is linted.
    try:
        return load_books(sources)
    except DocumentError:
        return None


def _facts(source: Source) -> frozenset[str]:
    # What is wrong with the template itself is said where it is linted.
    text = Reading.of(source, TemplateText, parse_markdown).document
    required = () if text is None else text.requires
    return frozenset(path.removeprefix(_FACTS) for path in required if path.startswith(_FACTS))
