"""The environment in which reports are written, with the escaping each form needs."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ccir.domain.notices import Counts
from ccir.domain.wording import tally

if TYPE_CHECKING:
    from jinja2 import Environment

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_LINE_BREAKS = re.compile(r"\s*\n\s*")


@cache
def environment(suffix: str) -> Environment:
    """Return the environment for templates of that suffix: `html` escapes by itself."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "forms"),
        autoescape=suffix == "html",  # noqa: S701 - Markdown is escaped by its own filters
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters.update(md=markdown_text, cell=markdown_cell, clean=clean, tally=_tally)
    return found


def clean(text: str) -> str:
    """Return the text without control characters and marks that turn its direction."""
    return _CONTROL.sub("", text)


def markdown_text(text: object) -> str:
    """Return a text that Markdown shows as it stands."""
    return _MARKDOWN.sub(r"\\\1", clean(str(text)))


def markdown_cell(text: object) -> str:
    """Return a text for one cell of a table."""
    return _LINE_BREAKS.sub(" / ", markdown_text(text).strip())


def _tally(counts: Counts) -> str:
    return tally(counts)
