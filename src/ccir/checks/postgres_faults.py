"""Tells a dump that is bad from surroundings in which it cannot be judged."""

from __future__ import annotations

import math
import re
from typing import Final

import msgspec

from ccir.checks.reading import BadDataError, NoVerdictError
from ccir.program import Finished

# Only the message's own line is read: the lines below it may quote a row of the dump.
_MESSAGE = re.compile(r"^.*\b(?:error|ERROR|FATAL):\s+(.*)$", re.MULTILINE)
_SQLSTATE = re.compile(r"\b(?:ERROR|FATAL):\s+([0-9A-Z]{5})\b")
_UNDEFINED_TABLE = frozenset({"42P01", "3F000"})
_ROOM = "free space, or name a larger folder"
_VERSION = "install the version that made the dump, and name its folder in `programs`"
_EXTENSION = "install the extension on this machine and name it in `extensions`"
_RIGHTS = "set `as_superuser: true` if you trust the dump as you trust a program"
_OURS: Final[tuple[tuple[str, str, str], ...]] = (
    (r"No space left on device", "no-space", _ROOM),
    (r"unsupported version|unrecognized configuration parameter", "tool-too-old", _VERSION),
    (r"invalid command \\restrict", "tool-too-old", "install a psql of August 2025 or later"),
    (r"extension .* is not available|extension control file", "extension-missing", _EXTENSION),
    (r"permission denied to create extension", "extension-missing", _EXTENSION),
    (r"permission denied|must be (superuser|owner)", "permission-denied", _RIGHTS),
    (r"backslash commands are restricted", "not-supported", "make it with pg_dump alone"),
    (r"collation .* does not exist", "not-supported", "generate the locale on this machine"),
    (r"could not connect|connection to server", "cluster-failed", "run the drill again"),
)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What psql said to a question."""

    finished: Finished

    @property
    def is_missing(self) -> bool:
        """Whether it asked for a table or a schema that is not there."""
        return self._sqlstate() in _UNDEFINED_TABLE

    def number(self, what: str) -> float:
        """Return the answer, which must be one number.

        Raises:
            BadDataError: the answer is empty, so that there is nothing to count.
            NoVerdictError: it was refused, or is something else than a number.
        """
        if self.finished.exit_code != 0:
            detail = f"{what} was refused (SQLSTATE {self._sqlstate() or 'unknown'})"
            raise NoVerdictError("query-failed", detail, hint="try it by hand")
        text = self.finished.stdout.strip()
        if not text:
            raise BadDataError("below-floor", f"{what} is answered with nothing")
        try:
            return float(text)
        except ValueError as error:
            detail = f"{what} is not answered with one number"
            raise NoVerdictError("query-failed", detail, hint="ask for count(*)") from error

    def _sqlstate(self) -> str:
        found = _SQLSTATE.search(self.finished.stderr)
        return found[1] if found else ""


def is_no_number(value: float) -> bool:
    """Tell whether a comparison with it would mean nothing."""
    return math.isnan(value)


def judge_restore(finished: Finished) -> None:
    """Go on only if everything in the dump was restored; what was printed is not told.

    Raises:
        BadDataError: it was not.
        NoVerdictError: it was not, and that says nothing about the dump.
    """
    if finished.exit_code == 0:
        return
    messages = "\n".join(_MESSAGE.findall(finished.stderr))
    for pattern, reason, hint in _OURS:
        if re.search(pattern, messages):
            raise NoVerdictError(reason, "it cannot be restored here", hint=hint)
    detail = f"restoring it ended with exit code {finished.exit_code}"
    raise BadDataError("dump-damaged", detail)
