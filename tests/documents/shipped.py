"""The documents that ship with ccir, as the tests here go through them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeVar

from ccir.catalog.documents import load_playbook
from ccir.catalog.library import library_of
from ccir.catalog.rendering import CompiledTemplate
from ccir.catalog.sources import Kind, Source, Sources
from ccir.catalog.templates import load_template
from support.documents import STEP_KINDS

T = TypeVar("T")
SOURCES = Sources(None)


class Shipped(Mapping[str, T]):
    """The documents of one kind by their names; each is loaded when it is first asked for.

    pytest asks for the names alone, once in each of its workers.
    """

    def __init__(
        self, kind: Kind, load: Callable[[Source], T], *, names: Collection[str] | None = None
    ) -> None:
        found = {source.id: source for source in SOURCES.list(kind)}
        self._sources = {n: found[n] for n in found if names is None or n in names}
        self._kind = kind
        self._load = load
        self._loaded: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._loaded:
            self._loaded[name] = self._load(self._sources[name])
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def only(self, names: Collection[str]) -> Mapping[str, T]:
        """Return the documents of these names, which are loaded no second time."""
        return Shipped(self._kind, lambda source: self[source.id], names=names)


PLAYBOOKS = Shipped(
    "playbooks",
    lambda source: load_playbook(source, STEP_KINDS, library=library_of(SOURCES)),
)
TEXTS = Shipped("notify_templates", load_template)
TEMPLATES = Shipped("notify_templates", lambda source: CompiledTemplate(TEXTS[source.id]))
