"""Finds a family's members by file name, or among installed packages by entry point."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
from difflib import get_close_matches
from functools import cache
from types import ModuleType

from ccir.errors import NotFoundError


@cache
def names(family: str) -> tuple[str, ...]:
    """Return the public names of a family's members, sorted.

    A module of the family's package is a member only if it assigns `MEMBER`; helpers
    (`restic_faults`) hold none. `family` is a package of ccir: `backup`, `channels` …
    """
    package = importlib.import_module(f"ccir.{family}")
    shipped = [module.name for module in pkgutil.iter_modules(package.__path__)]
    own = [_public(name) for name in shipped if _is_member(family, name)]
    return tuple(sorted({*own, *_entry_points(family)}))


def member(family: str, name: str) -> object:
    """Return the family's member of that public name.

    Raises:
        NotFoundError: no file and no entry point has that name.
    """
    module = _load(family, name)
    if module is not None and hasattr(module, "MEMBER"):
        found: object = module.MEMBER
        return found
    entry = _entry_points(family).get(name)
    if entry is None:
        raise NotFoundError(f"no {family} member is called '{name}'", hint=_suggest(family, name))
    loaded: object = entry.load()
    return loaded


def _load(family: str, name: str) -> ModuleType | None:
    module = f"ccir.{family}.{name.replace('-', '_')}"
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        return None


def _is_member(family: str, name: str) -> bool:
    return hasattr(importlib.import_module(f"ccir.{family}.{name}"), "MEMBER")


def _public(name: str) -> str:
    return name.replace("_", "-")


@cache
def _entry_points(family: str) -> dict[str, importlib.metadata.EntryPoint]:
    found = importlib.metadata.entry_points(group=f"ccir.{family}")
    return {entry.name: entry for entry in found}


def _suggest(family: str, name: str) -> str:
    known = names(family)
    near = get_close_matches(name, known, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known: {', '.join(known)}"
