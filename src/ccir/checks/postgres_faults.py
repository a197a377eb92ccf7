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
_EXTENSION_MISSING = "extension-missing"
_INSTALL = "install it, in the version of the PostgreSQL that `programs` means"
_EXTENSION = "install the extension on this machine and name it in `extensions`"
_ROLE = "name the role in `roles`"
_TABLESPACE = "leave the table space out of the dump, or restore it by hand"
_RIGHTS = "set `as_superuser: true` if you trust the dump as you trust a program"
_OURS: Final[tuple[tuple[str, str, str], ...]] = (
    (r"No space left on device", "no-space", _ROOM),
    (r"unsupported version|unrecognized configuration parameter", "tool-too-old", _VERSION),
    (r"invalid command \\restrict", "tool-too-old", "install a psql of August 2025 or later"),
    (r"extension .* is not available|extension control file", _EXTENSION_MISSING, _EXTENSION),
    (r"permission denied to create extension", _EXTENSION_MISSING, _EXTENSION),
    # Whole messages: a row that PostgreSQL quotes in one never ends with it.
    (r'^role "[^\n]*" does not exist$', "role-missing", _ROLE),
    (r'^tablespace "[^\n]*" does not exist$', "not-supported", _TABLESPACE),
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
    ours = _fault_of_ours(finished)
    if ours is not None:
        reason, hint = ours
        raise NoVerdictError(reason, "it cannot be restored here", hint=hint)
    detail = f"restoring it ended with exit code {finished.exit_code}"
    raise BadDataError("dump-damaged", detail)


def judge_database(finished: Finished) -> None:
    """Go on only if the empty database could be made as the drill names it.

    Raises:
        NoVerdictError: it could not; of the dump nothing is known yet.
    """
    if finished.exit_code == 0:
        return
    ours = _fault_of_ours(finished)
    if ours is not None and ours[0] == _EXTENSION_MISSING:
        detail = "an extension that the drill names is not installed on this machine"
        raise NoVerdictError(_EXTENSION_MISSING, detail, hint=_INSTALL)
    hint = "look at `encoding`, `extensions`, `programs` and `roles`"
    raise NoVerdictError("cluster-failed", "no database could be made", hint=hint)


def _fault_of_ours(finished: Finished) -> tuple[str, str] | None:
    """Return reason and hint where what was printed is about the surroundings, not the dump."""
    messages = "\n".join(_MESSAGE.findall(finished.stderr))
    for pattern, reason, hint in _OURS:
        if re.search(pattern, messages, re.MULTILINE):
            return reason, hint
    return None
