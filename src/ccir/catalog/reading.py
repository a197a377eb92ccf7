"""A document as far as it could be read, together with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import msgspec

from ccir.catalog.findings import Complaints, DocumentError, Finding, Level, Position
from ccir.catalog.nodes import Node
from ccir.catalog.sources import Source
from ccir.catalog.typed import Openings, walk

D = TypeVar("D", bound=msgspec.Struct)
E = TypeVar("E", bound=msgspec.Struct)
Parse = Callable[[bytes, Complaints], Node | None]


class Reading(Generic[D]):
    """One document while it is read and checked.

    `document` is None where nothing could be read. After a complaint it holds harmless
    values in the places that were wrong, so that checks can go on with the rest.
    """

    def __init__(self, file: str) -> None:
        self.complaints = Complaints(file)
        self.document: D | None = None
        self.positions: Mapping[str, Position] = {}
        self._misread: frozenset[str] = frozenset()

    @staticmethod
    def of(
        source: Source, target: type[E], parse: Parse, *, openings: Openings | None = None
    ) -> Reading[E]:
        """Return what the source's file holds, walked into the target's struct."""
        reading: Reading[E] = Reading(str(source.path))
        try:
            octets = source.read()
        except DocumentError as error:
            reading.complaints.findings.extend(error.findings)
            return reading
        reading.take(octets, target, parse, openings=openings)
        return reading

    def take(
        self, octets: bytes, target: type[D], parse: Parse, *, openings: Openings | None = None
    ) -> None:
        """Parse the bytes and walk them into the document, complaining on the way."""
        node = parse(octets, self.complaints)
        if node is not None:
            walked = walk(node, target, self.complaints, openings=openings or Openings())
            self.document, self.positions = walked.value, walked.positions
            self._misread = frozenset(found.path for found in self.complaints.findings)

    @property
    def findings(self) -> list[Finding]:
        """What was found so far, in the order of the file."""
        return sorted(self.complaints.findings, key=lambda found: (found.line, found.column))

    def complain(
        self, path: str, message: str, *, hint: str = "", severity: Level = "error"
    ) -> None:
        """Note a complaint about the value at the path, unless its form is wrong already."""
        if not path or path not in self._misread:
            at = self.position(path)
            self.complaints.add(message, at=at, path=path, hint=hint, severity=severity)

    def expect_id(self, name: str) -> None:
        """Complain about an id that is not what the file is called."""
        found = getattr(self.document, "id", "")
        if found and found != name:
            message = f"the id is '{found}', the file is called '{name}'"
            self.complain("id", message, hint="rename one of them")

    def position(self, path: str) -> Position:
        """Return where the value of the path stands."""
        # What is not written stands where the thing stands that it belongs to.
        while path and path not in self.positions:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.positions.get(path, Position())

    def whole(self) -> D:
        """Return the document.

        Raises:
            DocumentError: there is an error in it; the error holds every finding.
        """
        if self.document is None or self.complaints.has_errors:
            raise DocumentError(self.findings)
        return self.document
