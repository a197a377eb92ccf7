"""Reads notice templates: front matter, subject and body in one language."""

from __future__ import annotations

from ccir.catalog.frontmatter import parse_markdown
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.reading import Reading
from ccir.catalog.sources import Source
from ccir.catalog.wording import check_wording


def load_template(source: Source) -> TemplateText:
    """Return the template.

    Raises:
        DocumentError: it is no template, or uses what templates may not hold.
    """
    return read_template(source).whole()


def parse_template(octets: bytes, name: str) -> TemplateText:
    """Return the template that the bytes hold; `name` stands for the file in findings.

    Raises:
        DocumentError: they hold none, or it uses what templates may not hold.
    """
    reading: Reading[TemplateText] = Reading(name)
    reading.take(octets, TemplateText, parse_markdown)
    check_wording(reading)
    return reading.whole()


def read_template(source: Source) -> Reading[TemplateText]:
    """Return the template as far as it can be read, with what is wrong with it."""
    reading = Reading.of(source, TemplateText, parse_markdown)
    check_wording(reading)
    return reading
