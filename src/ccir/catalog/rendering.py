"""Renders a notice's template for one recipient: subject, plain text, HTML and SMS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from jinja2 import Template, UndefinedError

from ccir.catalog.characters import is_one_line, printable
from ccir.catalog.environment import (
    OUTPUT_LIMIT,
    SLOTS,
    RenderError,
    Slots,
    letters_environment,
    too_long,
)
from ccir.catalog.letters import Letter, escaped, filled, form, letter
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.templates import parse_template

SUBJECT_LIMIT: Final = 400
SMS_LIMIT: Final = 1_530
"""How many characters an SMS form may have: ten segments of the GSM alphabet."""
SKELETONS_LIMIT: Final = 64


class RenderedText(msgspec.Struct, frozen=True, kw_only=True):
    """One finished message; `language` is a tag like `en`, `sms` empty where there is no such form.

    A letter on paper is set from `html`: it holds the Markdown's few forms and nothing else.
    """

    subject: str
    text: str
    html: str
    language: str
    sms: str = ""


class CompiledTemplate:
    """A template ready to be rendered many times.

    The Markdown of each shape that the letter takes (which of its conditions held) is parsed
    once; after that a letter costs one run through Jinja2 and the filling of its gaps.
    """

    def __init__(self, text: TemplateText) -> None:
        environment = letters_environment()
        self.text = text
        self._subject = environment.from_string(text.subject)
        self._body = environment.from_string(text.body)
        self._sms = None if text.sms is None else environment.from_string(text.sms)
        self._letters: dict[str, Letter] = {}

    def render(self, context: Mapping[str, object]) -> RenderedText:
        """Return the message; see `render`."""
        try:
            subject = self._write_subject(context)
            skeleton, values = _skeleton(self._body, context)
            sms = "" if self._sms is None else _short(self._sms, context)
        except UndefinedError as error:
            raise self._incomplete(context, error) from error
        shape = self._letter(skeleton)
        shown = [printable(value) for value in values]
        text = filled(shape.text, shown)
        fragment = filled(shape.html, escaped(shown))
        if len(text) + len(fragment) > OUTPUT_LIMIT:
            raise too_long()
        page = _page(fragment, subject=subject, language=self.text.language)
        return RenderedText(
            subject=subject, text=text, html=page, language=self.text.language, sms=sms
        )

    def missing(self, context: Mapping[str, object]) -> tuple[str, ...]:
        """Return the required variables that the context has no value for."""
        return tuple(path for path in self.text.requires if not _has(context, path))

    def _write_subject(self, context: Mapping[str, object]) -> str:
        skeleton, values = _skeleton(self._subject, context)
        if not all(is_one_line(value) for value in values):
            raise RenderError(
                "a value in the subject holds a line break or a control character",
                hint=f"correct the values of: {self.text.subject}",
            )
        subject = filled(form(skeleton), values)
        if len(subject) > SUBJECT_LIMIT:
            raise RenderError(
                f"the subject is longer than {SUBJECT_LIMIT} characters", hint="shorten its values"
            )
        return subject

    def _letter(self, skeleton: str) -> Letter:
        known = self._letters.get(skeleton)
        if known is None:
            if len(self._letters) >= SKELETONS_LIMIT:
                self._letters.clear()
            known = self._letters[skeleton] = letter(skeleton)
        return known

    def _incomplete(self, context: Mapping[str, object], error: UndefinedError) -> RenderError:
        missing = ", ".join(self.missing(context)) or str(error)
        return RenderError(
            f"no value for {missing}",
            hint="facts are set with 'ccir fact set', recipients' values stand in the list",
        )


def compile_template(source_text: str, name: str) -> CompiledTemplate:
    """Return the template compiled from its text, front matter included.

    `name` stands for the file in findings.

    Raises:
        DocumentError: the text is no template, or uses what templates may not hold.
    """
    return CompiledTemplate(parse_template(source_text.encode(), name))


def render(template: CompiledTemplate, context: Mapping[str, object]) -> RenderedText:
    """Return the template's message with the values of the context.

    Raises:
        RenderError: a value is missing or cannot stand in a subject, or the message would
            be longer than `OUTPUT_LIMIT` characters.
    """
    return template.render(context)


def _short(template: Template, context: Mapping[str, object]) -> str:
    """Return the SMS form, whose words are no Markdown."""
    skeleton, values = _skeleton(template, context)
    sms = filled(form(skeleton, line_break="\n"), [printable(value) for value in values]).strip()
    if not sms:
        raise RenderError("the SMS form is empty", hint="correct 'sms' in the front matter")
    if len(sms) > SMS_LIMIT:
        raise RenderError(
            f"the SMS form is longer than {SMS_LIMIT} characters", hint="shorten it or its values"
        )
    return sms


def _skeleton(template: Template, context: Mapping[str, object]) -> tuple[str, list[str]]:
    slots = Slots()
    pieces = template.generate({**context, SLOTS: slots})
    return "".join(_bounded(pieces)), slots.values


def _bounded(pieces: Iterator[str]) -> Iterator[str]:
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > OUTPUT_LIMIT:
            raise too_long()
        yield piece


def _has(context: Mapping[str, object], path: str) -> bool:
    owner, _, part = path.partition(".")
    parts = context.get(owner)
    return isinstance(parts, Mapping) and part in parts


def _page(fragment: str, *, subject: str, language: str) -> str:
    [title] = escaped([subject])
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n</head>\n<body>\n{fragment}</body>\n</html>\n"
    )
