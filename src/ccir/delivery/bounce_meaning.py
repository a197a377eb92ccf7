"""What a report about a message means: for its row of the ledger, and for the address.

1. Who was reported `failed` was not told: her row is `bounced`, whatever was believed before.
2. `delivered` closes a row that was taken or in doubt; so does a complaint, since whoever complains
   has got it. `relayed` closes a doubt only: the next server took it. `delayed` changes nothing.
3. An address is dead where the status says that it, or its domain, is not there (`DEAD`). A full
   mailbox (5.2.2), a message too large, a policy, or a sender who is not wanted (5.1.7, 5.1.8,
   5.7.x) say nothing about the address; nor does giving up after days (4.x.x).
"""

from __future__ import annotations

from typing import Final

from ccir.channels.words import scrubbed
from ccir.delivery.bounce_reports import Outcome, Report
from ccir.domain.ledger import Mark
from ccir.domain.notices import LedgerState
from ccir.domain.suppressions import SuppressionReason

DEAD: Final[frozenset[str]] = frozenset(
    {
        "5.1.1",  # no such mailbox
        "5.1.2",  # no such domain
        "5.1.3",  # no address at all
        "5.1.6",  # moved, and nobody knows where to
        "5.1.10",  # a domain that takes no mail (RFC 7505)
        "5.2.1",  # a mailbox that was closed
        "5.4.4",  # a domain that no way leads to
    }
)
STATES: Final[dict[Outcome, LedgerState]] = {
    "failed": "bounced",
    "delivered": "delivered",
    "complained": "delivered",
    "relayed": "accepted",
}
_KNOWN: Final[dict[LedgerState, frozenset[LedgerState]]] = {
    "bounced": frozenset({"accepted", "unknown", "delivered"}),
    "delivered": frozenset({"accepted", "unknown"}),
    "accepted": frozenset({"unknown"}),
}


def mark_of(report: Report, *, row: int, address: str) -> Mark | None:
    """Return what the report makes of the row, with nobody's address in it; None for nothing."""
    state = STATES.get(report.outcome)
    if state is None:
        return None
    said = report.words if report.status in report.words else f"{report.status} {report.words}"
    return Mark(
        row=row,
        state=state,
        basis="report",
        known=_KNOWN[state],
        code=report.code,
        reply=scrubbed(said, address=address),
    )


def suppression_reason(report: Report) -> SuppressionReason | None:
    """Return why the address is no longer written to; None where it is."""
    if report.outcome == "complained":
        return "complaint"
    if report.outcome == "failed" and report.status in DEAD:
        return "dead-address"
    return None
