"""Values that know how a language writes them; the filter `local` brings that form out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

V = TypeVar("V")

LocalForms = dict[str, dict[str, str]]
"""How a language writes some values, named as in a template: owner, then part."""


class LocalText(str):
    """A text that reads as it is, and otherwise behind the filter `local`."""

    __slots__ = ("local",)

    local: str


class LocalNumber(int):
    """A number that counts and compares as it is, and reads otherwise behind `local`."""

    local: str


def localised(value: str | int, shown: str) -> LocalText | LocalNumber:
    """Return the value with the form that a language gives it."""
    spoken = LocalNumber(value) if isinstance(value, int) else LocalText(value)
    spoken.local = shown
    return spoken


def spoken(
    values: Mapping[str, Mapping[str, V]], forms: LocalForms
) -> dict[str, dict[str, V | LocalText | LocalNumber]]:
    """Return the values, each with the language's form where there is one."""
    return {
        owner: {name: _with_form(value, forms, (owner, name)) for name, value in parts.items()}
        for owner, parts in values.items()
    }


def _with_form(value: V, forms: LocalForms, path: tuple[str, str]) -> V | LocalText | LocalNumber:
    shown = forms.get(path[0], {}).get(path[1])
    return localised(value, shown) if shown is not None and isinstance(value, str | int) else value


def local(value: object) -> object:
    """Return the form of the message's language; the value itself where it has none."""
    return value.local if isinstance(value, LocalText | LocalNumber) else value
