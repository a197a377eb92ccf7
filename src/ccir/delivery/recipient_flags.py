"""The columns of a row that say yes or no: who may not simply be told, and why.

1. `deceased`, `legal_hold` and `minor` put a row into the manual queue.
2. `opt_out` leaves a row out of a notice that nobody owes. A notice that a law requires must reach
   her all the same: that is a contradiction, and a person decides.
3. A spelling that is not clear is no answer: the row is rejected.
"""

from __future__ import annotations

from ccir.delivery.recipient_lines import UnreadableLineError
from ccir.domain.manual_queue import QueueReason

OPT_OUT = "opt_out"
_COLUMNS: dict[str, QueueReason] = {
    "deceased": "deceased",
    "legal_hold": "legal-hold",
    "minor": "minor",
    OPT_OUT: "opt-out",
}
# A spreadsheet in German writes WAHR and FALSCH.
_YES = frozenset({"1", "yes", "y", "true", "t", "on", "ja", "wahr"})
_NO = frozenset({"", "0", "no", "n", "false", "f", "off", "nein", "falsch"})


def taken_flags(values: dict[str, str]) -> tuple[QueueReason, ...]:
    """Take the flags out of a row's values and return those that are set, the gravest first.

    Raises:
        UnreadableLineError: a flag says neither yes nor no.
    """
    found: tuple[QueueReason, ...] = ()
    for column, reason in _COLUMNS.items():
        if column in values and _is_set(values.pop(column), column):
            found = (*found, reason)
    return found


def _is_set(text: str, column: str) -> bool:
    word = text.strip().lower()
    if word in _NO:
        return False
    if word in _YES:
        return True
    raise UnreadableLineError(f"neither yes nor no in '{column}'")
