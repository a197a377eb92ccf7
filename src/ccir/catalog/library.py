"""What the documents of a workspace may name of each other."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ccir.catalog.frontmatter import parse_markdown
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.reading import Reading
from ccir.catalog.sources import Source, Sources

_FACTS = "facts."


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """The runbooks, drills and templates there are.

    `templates` holds, for each `audience/id`, the facts that one of its languages must have.
    """

    runbooks: frozenset[str]
    drills: frozenset[str]
    templates: Mapping[str, frozenset[str]]


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
    )


def _facts(source: Source) -> frozenset[str]:
    # What is wrong with the template itself is said where it is linted.
    text = Reading.of(source, TemplateText, parse_markdown).document
    required = () if text is None else text.requires
    return frozenset(path.removeprefix(_FACTS) for path in required if path.startswith(_FACTS))
