"""The sandbox that templates run in: few forms, and values kept apart from the text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, cast

from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ccir.catalog.letters import SLOT_LIMIT, slot
from ccir.catalog.localised import local
from ccir.catalog.variables import FILTERS, TESTS
from ccir.errors import InvalidDocumentError

OUTPUT_LIMIT: Final = 256 * 1024

SLOTS: Final = "slots of this letter"
"""The context's key for the values met so far; no template can spell a name with spaces."""


class RenderError(InvalidDocumentError):
    """A notice cannot be written with the values there are for it."""

    code = "unrenderable-notice"


class Slots:
    """The values of one letter in the order in which they are met."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._length = 0

    def add(self, value: str) -> str:
        """Keep the value and return the character that stands for it.

        Raises:
            RenderError: there are more values or longer ones than a letter can hold.
        """
        self._length += len(value)
        if len(self.values) >= SLOT_LIMIT or self._length > OUTPUT_LIMIT:
            raise too_long()
        self.values.append(value)
        return slot(len(self.values) - 1)


@cache
def letters_environment() -> Environment:
    """Return the environment in which every template is parsed, compiled and run."""
    environment = _Letters(
        undefined=StrictUndefined,
        # Values never pass through the markup (see letters.py), so nothing is to be escaped here.
        autoescape=False,
        finalize=_into_slot,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.filters["local"] = local
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.tests = {name: environment.tests[name] for name in TESTS}
    return environment


def too_long() -> RenderError:
    """Return the error of a message that passes `OUTPUT_LIMIT`."""
    return RenderError(
        f"the message would be longer than {OUTPUT_LIMIT} characters", hint="shorten its values"
    )


class _Letters(ImmutableSandboxedEnvironment):
    """Reads mappings by their keys only, so that a column called `items` is a column."""

    def getattr(self, obj: object, attribute: str) -> object:
        """Return the mapping's value, or the part of a loop that Jinja2 offers."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(name=attribute)
        found: object = super().getattr(obj, attribute)
        return found

    def getitem(self, obj: object, argument: object) -> object:
        """Return the mapping's value, or the list's item."""
        if isinstance(obj, Mapping) and isinstance(argument, str):
            return self.getattr(obj, argument)
        found: object = super().getitem(obj, cast("str", argument))
        return found


@pass_context
def _into_slot(context: Context, value: object) -> str:
    if isinstance(value, Undefined):
        return str(value)  # raises: it is strict
    written = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return cast("Slots", context.parent[SLOTS]).add(written)
