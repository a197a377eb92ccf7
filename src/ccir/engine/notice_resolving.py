"""Closes rows in doubt as a person decides, with her reason.

1. `told` counts as taken by the next server, `not-told` as refused for good.
2. `resend` plans the row again: the same message with the same Message-ID, byte for byte. She may
   get it twice; that is what the person decides.
3. `other-channel` gives the row up for this channel: the next version includes her.
4. `hold` leaves it in doubt until there is evidence; no person's decision closes it any more.
   So it is with every row where the playbook says `when_unknown: hold`.
"""

from __future__ import annotations

import msgspec

from ccir.domain.deciding_notices import existing_notice
from ccir.domain.ledger import LedgerRow
from ccir.domain.notice_events import Decision
from ccir.domain.notices import LedgerState
from ccir.domain.playbook import WhenUnknown
from ccir.engine.handle import load
from ccir.engine.notice_doubts import (
    Closing,
    Resolved,
    close,
    in_doubt,
    refuse_resending,
    resolved,
    version_of,
)
from ccir.engine.texts import fit_words, seal
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, RefusedError

STATES: dict[Decision, LedgerState] = {
    "told": "accepted",
    "not-told": "refused-permanent",
    "resend": "planned",
    "other-channel": "superseded",
    "hold": "unknown",
}


class ResolveOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decided, and why; without `rows`, of all that are in doubt and not held.

    Without `version` the newest is meant. With `is_dry` nothing changes.
    """

    notice: str
    by: str
    decision: Decision
    reason: str
    rows: tuple[int, ...] = ()
    version: int | None = None
    is_dry: bool = False


def resolve(workspace: Workspace, run_id: str, order: ResolveOrder) -> Resolved:
    """Close rows in doubt as a person decides.

    Raises:
        NotFoundError: there is no such notice or version, or a row is not in doubt.
        RefusedError: the notice was never previewed, the version does not go out any more, or
            evidence alone may close the rows.
        ConflictError: somebody is sending it.
    """
    run = load(workspace, run_id).run
    version = version_of(run, order.notice, order.version)
    fit_words(order.reason)
    if order.decision == "resend":
        refuse_resending(run, version)
    policy = existing_notice(run, order.notice).when_unknown
    if policy == "hold" and order.decision != "hold":
        raise _only_evidence(f"'{order.notice}' has the policy `when_unknown: hold`")
    with in_doubt(workspace, run, version, is_dry=order.is_dry) as doubtful:
        chosen = _chosen(doubtful, order)
        closing = Closing(
            decision=order.decision,
            basis="person",
            state=STATES[order.decision],
            rows=tuple(chosen),
        )
        if not order.is_dry and chosen:
            reason = seal(workspace, run.id, order.reason)
            close(workspace, run, version, closings=[closing], by=order.by, reason=reason)
    return resolved(
        workspace,
        run,
        version,
        closings=[] if order.decision == "hold" else [closing],
        left=_left(doubtful, chosen, decision=order.decision, policy=policy),
    )


def is_row_held(row: LedgerRow) -> bool:
    """Return whether a person decided that only evidence closes the row."""
    return row.state == "unknown" and row.basis == "person"


def _left(
    doubtful: list[LedgerRow],
    chosen: list[LedgerRow],
    *,
    decision: Decision,
    policy: WhenUnknown,
) -> dict[str, int]:
    numbers = {row.row for row in chosen}
    is_holding = decision == "hold"
    left = [row for row in doubtful if is_holding or row.row not in numbers]
    held = [
        row
        for row in left
        if policy == "hold" or is_row_held(row) or (is_holding and row.row in numbers)
    ]
    return {"held": len(held), "undecided": len(left) - len(held)}


def _chosen(doubtful: list[LedgerRow], order: ResolveOrder) -> list[LedgerRow]:
    if not order.rows:
        return [row for row in doubtful if not is_row_held(row)]
    by_row = {row.row: row for row in doubtful}
    missing = sorted({*order.rows} - {*by_row})
    if missing:
        raise NotFoundError(
            f"row {missing[0]} of '{order.notice}' is not in doubt",
            hint=f"`ccir notice status {order.notice}` lists the rows",
        )
    held = [row for row in {*order.rows} if is_row_held(by_row[row])]
    if held and order.decision != "hold":
        raise _only_evidence(f"row {min(held)} is held")
    return [by_row[row] for row in sorted({*order.rows})]


def _only_evidence(why: str) -> RefusedError:
    return RefusedError(
        f"{why}: only evidence closes it",
        hint="read the relay's log: `ccir notice resolve NOTICE --relay-log FILE`",
    )
