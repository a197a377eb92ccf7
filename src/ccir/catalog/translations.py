"""Checks that a notice's templates fit their files, each other's languages, and its contents."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ccir.catalog.contents import check_carries
from ccir.catalog.findings import Finding
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.reading import Reading
from ccir.catalog.sources import Source
from ccir.catalog.templates import read_template
from ccir.domain.contents import Content


def lint_templates(
    sources: Sequence[Source], contents: Mapping[str, Content] | None = None
) -> list[Finding]:
    """Return every complaint about the templates, file by file.

    `contents` are those that a template may carry; None leaves that unchecked.
    """
    names = {source.id for source in sources}
    readings = [_checked(source, names) for source in sources]
    _check_orders(sources, readings)
    if contents is not None:
        for reading in readings:
            check_carries(reading, contents)
    return [finding for reading in readings for finding in reading.findings]


def _checked(source: Source, names: Collection[str]) -> Reading[TemplateText]:
    reading = read_template(source)
    if reading.document is not None:
        _check_name(reading, reading.document, source.id)
        _check_languages(reading, reading.document, source.id, names=names)
    return reading


def _check_orders(sources: Sequence[Source], readings: Sequence[Reading[TemplateText]]) -> None:
    """Complain where a notice's files name its languages otherwise than its first file does.

    Their order says who gets which language, so that all of them must tell the same.
    """
    first: dict[str, TemplateText] = {}
    for source, reading in zip(sources, readings, strict=True):
        text = reading.document
        if text is None or not text.languages:
            continue
        leading = first.setdefault(source.id.rpartition(".")[0], text)
        if text.languages != leading.languages:
            reading.complain(
                "languages",
                f"{_listed(text)} differs from {_listed(leading)} in its text '{leading.language}'",
                hint="give every file of a notice the same languages in the same order",
            )


def _listed(text: TemplateText) -> str:
    return f"[{', '.join(text.languages)}]"


def _check_name(reading: Reading[TemplateText], text: TemplateText, name: str) -> None:
    audience, _, file = name.rpartition("/")
    template, _, language = file.rpartition(".")
    for key, said, named in (
        ("id", text.id, template),
        ("audience", text.audience, audience),
        ("language", text.language, language),
    ):
        if said and said != named:
            message = f"the {key} is '{said}', the file's name says '{named}'"
            reading.complain(key, message, hint="rename one of them")


def _check_languages(
    reading: Reading[TemplateText], text: TemplateText, name: str, *, names: Collection[str]
) -> None:
    if text.language and text.language not in text.languages:
        message = f"its own language '{text.language}' is not in the list"
        reading.complain("languages", message, hint=f"add {text.language}")
    template = name.rpartition(".")[0]
    for place, language in enumerate(text.languages):
        if f"{template}.{language}" not in names:
            reading.complain(
                f"languages[{place}]",
                f"there is no template '{template}.{language}'",
                hint=f"write it, or take '{language}' out",
                severity="warning",
            )
