"""Reads what notices must say and how laws count, and checks what templates say they carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from ccir.catalog.findings import Finding, suggestion
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.reading import D, Reading
from ccir.catalog.sources import Kind, Source, Sources
from ccir.catalog.yaml import parse_yaml
from ccir.domain.contents import ComputationBasis, Content

CONTENTS: Final[Kind] = "playbooks/contents"
COMPUTATIONS: Final[Kind] = "playbooks/computations"


def load_contents(sources: Sources) -> dict[str, Content]:
    """Return what each type of notice must say, by id.

    Raises:
        DocumentError: a file has errors.
    """
    found = _contents(sources)
    return {name: reading.whole() for name, reading in found.items()}


def load_computations(sources: Sources) -> dict[str, ComputationBasis]:
    """Return how each law counts, by id.

    Raises:
        DocumentError: a file has errors.
    """
    found = _computations(sources)
    return {name: reading.whole() for name, reading in found.items()}


def lint_contents(sources: Sources) -> list[Finding]:
    """Return every complaint about the contents and the computations.

    Raises:
        DocumentError: a folder holds more documents than ccir lists.
    """
    contents, computations = _contents(sources), _computations(sources)
    return [
        *(finding for reading in contents.values() for finding in reading.findings),
        *(finding for reading in computations.values() for finding in reading.findings),
    ]


def check_carries(reading: Reading[TemplateText], contents: Mapping[str, Content]) -> None:
    """Complain about contents, elements and variables that a template carries by name only."""
    text = reading.document
    if text is None:
        return
    used = {*text.requires, *text.optional}
    for name, elements in text.carries.items():
        if name in contents:
            _check_carried(reading, name, elements, content=contents[name])
        else:
            hint = suggestion(name, contents)
            reading.complain(f"carries.{name}", f"there is no content '{name}'", hint=hint)
        for key, variables in elements.items():
            _check_variables(reading, f"carries.{name}.{key}", variables, used=used)


def _check_carried(
    reading: Reading[TemplateText], name: str, elements: Iterable[str], *, content: Content
) -> None:
    known = [element.key for element in content.elements]
    for key in elements:
        if key not in known:
            message = f"'{name}' has no element '{key}'"
            reading.complain(f"carries.{name}.{key}", message, hint=suggestion(key, known))


def _check_variables(
    reading: Reading[TemplateText], path: str, variables: Sequence[str], *, used: Collection[str]
) -> None:
    for place, variable in enumerate(variables):
        if variable not in used:
            message = f"the template does not use '{variable}'"
            reading.complain(f"{path}[{place}]", message, hint=suggestion(variable, used))


def _contents(sources: Sources) -> dict[str, Reading[Content]]:
    readings = {source.id: _read(source, Content) for source in sources.list(CONTENTS)}
    known = {
        element.key
        for reading in readings.values()
        if reading.document is not None
        for element in reading.document.elements
    }
    for reading in readings.values():
        if reading.document is not None:
            _check_elements(reading, reading.document)
            _check_prohibited(reading, reading.document, known)
    return readings


def _computations(sources: Sources) -> dict[str, Reading[ComputationBasis]]:
    return {source.id: _read(source, ComputationBasis) for source in sources.list(COMPUTATIONS)}


def _read(source: Source, target: type[D]) -> Reading[D]:
    reading = Reading.of(source, target, parse_yaml)
    reading.expect_id(source.id)
    return reading


def _check_elements(reading: Reading[Content], content: Content) -> None:
    counts = Counter(element.key for element in content.elements)
    for place, element in enumerate(content.elements):
        if element.key and counts[element.key] > 1:
            reading.complain(f"elements[{place}].key", f"'{element.key}' stands twice")


def _check_prohibited(reading: Reading[Content], content: Content, known: Collection[str]) -> None:
    for place, ban in enumerate(content.prohibited):
        path = f"prohibited[{place}]"
        if not ban.elements and ban.fact is None:
            hint = "add 'elements' or 'fact', or move it to 'notes'"
            reading.complain(path, "nothing says how to find it in a text", hint=hint)
        for number, key in enumerate(ban.elements):
            if key not in known:
                message = f"no content has the element '{key}'"
                hint = suggestion(key, known)
                reading.complain(f"{path}.elements[{number}]", message, hint=hint)
