"""A notice's pinned text, and what writes each recipient's message from it."""

from __future__ import annotations

import msgspec

from ccir.catalog.environment import RenderError
from ccir.catalog.localised import LocalForms, spoken
from ccir.catalog.rendering import CompiledTemplate, RenderedText, compile_template
from ccir.domain.events import FactValue
from ccir.domain.notices import Recipient


class LetterText(msgspec.Struct, frozen=True, kw_only=True):
    """What every message of a version is made of, but for its recipient.

    `templates` holds each language's file as it was; `values` the organisation, the run, the
    notice and the facts, and what stands for a recipient's value until it is sent. `local` has
    the forms in which a language writes some of them.
    """

    templates: dict[str, str]
    values: dict[str, dict[str, FactValue]]
    local: dict[str, LocalForms] = {}


class Letters:
    """Writes the messages of one version.

    Raises:
        DocumentError: a text is no template, or uses what templates may not hold.
    """

    def __init__(self, text: LetterText) -> None:
        self._values = {
            language: spoken(text.values, text.local.get(language, {}))
            for language in text.templates
        }
        self._templates: dict[str, CompiledTemplate] = {
            language: compile_template(template, f"{language} text")
            for language, template in text.templates.items()
        }

    def render(self, recipient: Recipient) -> RenderedText:
        """Return one recipient's message.

        Raises:
            RenderError: a value is missing or cannot stand in a subject.
        """
        template = self._templates.get(recipient.language)
        if template is None:
            raise RenderError(
                f"the notice has no text in '{recipient.language}'", hint="preview it again"
            )
        own = {"name": recipient.name, "email": recipient.address, "language": recipient.language}
        columns = {name: value for name, value in recipient.columns.items() if value.strip()}
        values = self._values[recipient.language]
        stand_ins = values.get("recipient", {})
        return template.render({**values, "recipient": {**stand_ins, **columns, **own}})
