"""A notice in one language, as it was written."""

from __future__ import annotations

from typing import Annotated

import msgspec

from ccir.domain.obligations import Word
from ccir.domain.playbook import Id, Text, Version

Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
Variable = Annotated[str, msgspec.Meta(pattern=r"^[a-z]+\.[A-Za-z0-9_-]{1,64}$")]


class TemplateText(msgspec.Struct, frozen=True, kw_only=True):
    """A notice in one language, as it was written.

    `requires` names every variable that must have a value, `optional` those that the body
    asks for with `is defined`. `carries` says, for each list of required content, which of its
    elements the text states, and by which variables; none where its own words state it.
    `sms` is the notice as a short message, without Markdown; None where it has no such form.
    `letter` says that the body may be set as a letter on paper.
    """

    id: Id
    version: Version
    audience: Id
    language: Language
    languages: Annotated[tuple[Language, ...], msgspec.Meta(min_length=1)]
    subject: Text
    sms: Text | None = None
    letter: bool = True
    requires: tuple[Variable, ...] = ()
    optional: tuple[Variable, ...] = ()
    carries: dict[Word, dict[Word, tuple[Variable, ...]]] = {}
    body: Text
