"""What is wrong with a document, where it stands, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal

import msgspec

from ccir.errors import InvalidDocumentError

FINDINGS_LIMIT = 200
_KNOWN_SHOWN = 12

Level = Literal["error", "warning"]


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a document's text; lines and columns count from 1."""

    line: int = 1
    column: int = 1


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One complaint about a document.

    `path` is the dotted way to the value (`steps[3].role`), empty for the whole document.
    """

    file: str
    line: int
    column: int
    path: str
    severity: Level
    message: str
    hint: str

    def __str__(self) -> str:
        """Return the finding as one line, the way compilers print theirs."""
        where = f"{self.file}:{self.line}:{self.column}"
        path = f"{self.path}: " if self.path else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}: {self.severity}: {path}{self.message}{hint}"


class DocumentError(InvalidDocumentError):
    """A document cannot be used; `findings` says everything that is wrong with it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        lines = "\n".join(str(finding) for finding in self.findings)
        super().__init__(lines, hint="correct the document, then run 'ccir playbook lint'")


class Complaints:
    """Collects what is wrong with one document, up to `FINDINGS_LIMIT` findings.

    `total` counts those beyond the limit too.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.total = 0

    @property
    def is_full(self) -> bool:
        """Whether further complaints are dropped."""
        return len(self.findings) >= FINDINGS_LIMIT

    @property
    def has_errors(self) -> bool:
        """Whether anything found makes the document unusable."""
        return any(finding.severity == "error" for finding in self.findings)

    def add(
        self,
        message: str,
        *,
        at: Position,
        path: str = "",
        hint: str = "",
        severity: Level = "error",
    ) -> None:
        """Note one complaint."""
        self.total += 1
        if self.is_full:
            return
        self.findings.append(
            Finding(
                file=self.file,
                line=at.line,
                column=at.column,
                path=path,
                severity=severity,
                message=message,
                hint=hint,
            )
        )

    def raise_errors(self) -> None:
        """Raise what was found, if any of it makes the document unusable.

        Raises:
            DocumentError: there is at least one error.
        """
        if self.has_errors:
            raise DocumentError(self.findings)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a hint naming the known word nearest to the given one, or what is known."""
    choices = sorted(known)
    near = get_close_matches(word, choices, n=1)
    if near:
        return f"did you mean '{near[0]}'?"
    if not choices:
        return "none is known"
    more = " …" if len(choices) > _KNOWN_SHOWN else ""
    return f"known: {', '.join(choices[:_KNOWN_SHOWN])}{more}"
