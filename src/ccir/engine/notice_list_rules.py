"""By which rules a notice's list is judged: who was told, whose address is dead, who is left.

1. Who may have been told by an earlier version is not told again, unless asked for (`again`).
   Where the playbook says `when_unknown: other-channel`, who is in doubt since a version through
   another channel is told by this one.
2. A dead address is left out of every notice by mail; that leaves its owner untold, and counted,
   so that another channel gets her. Who complained is left out of those that nobody owes: what
   the law or her safety asks for is sent to her all the same.
3. `only_unreached` leaves those whom the newest version that tried did not reach: refused, come
   back, given up by a person, in doubt as in rule 1; and those with a dead address whom nobody
   told.
"""

from __future__ import annotations

import msgspec

from ccir.channels.interface import Traits
from ccir.delivery.recipient_rules import ListRules
from ccir.domain.ledger import LedgerRow
from ccir.domain.manual_queue import QueueReason
from ccir.domain.playbook import Notice
from ccir.domain.run import Run
from ccir.domain.suppressions import ALWAYS, SUPPRESSION_REASONS
from ccir.engine.notice_rows import key_of
from ccir.engine.workspace import Workspace

_UNTRIED = ("planned", "superseded")
_NOT_REACHED = ("refused-permanent", "refused-temporary", "bounced")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks of a version beside who is on its list; see `PreviewOrder`."""

    channel: str
    included: tuple[QueueReason, ...] = ()
    again: bool = False
    only_unreached: bool = False


def list_rules(
    workspace: Workspace,
    run: Run,
    notice: Notice,
    *,
    asked: Asked,
    languages: tuple[str, ...],
    traits: Traits,
) -> ListRules:
    """Return what decides of each row of the list."""
    people = workspace.stores.people
    told = told_before(workspace, run, notice, asked=asked)
    only = None
    if asked.only_unreached or notice.when_unknown == "other-channel":
        unreached = _unreached(workspace, run, notice, asked=asked)
        told -= unreached
        only = unreached | people.suppressed(ALWAYS) if asked.only_unreached else None
    return ListRules(
        languages=languages,
        key_of=people.key_of,
        told=told,
        suppressed=_suppressed(workspace, notice, traits=traits),
        only=only,
        is_owed=bool(notice.obligations),
        included=frozenset(asked.included),
        decisions=people.queue_decisions(run.id, notice.id),
    )


def told_before(workspace: Workspace, run: Run, notice: Notice, *, asked: Asked) -> set[str]:
    """Return the keys of those whom this version must not tell once more."""
    return set() if asked.again else workspace.stores.ledger.told(run.id, notice.id)


def _suppressed(workspace: Workspace, notice: Notice, *, traits: Traits) -> set[str]:
    if traits.form != "mail":
        return set()
    reasons = SUPPRESSION_REASONS if notice.waits_for_day else ALWAYS
    return workspace.stores.people.suppressed(reasons)


def _unreached(workspace: Workspace, run: Run, notice: Notice, *, asked: Asked) -> set[str]:
    """Return the keys of those whom the newest version that tried did not reach."""
    found: set[str] = set()
    for version in run.notices.get(notice.id, ()):
        passes_on = notice.when_unknown == "other-channel" and version.channel != asked.channel
        for row in workspace.stores.ledger.rows(key_of(run, version)):
            if _is_unreached(row, passes_on=passes_on):
                found.add(row.recipient_key)
            elif row.state not in _UNTRIED:
                found.discard(row.recipient_key)
    return found


def _is_unreached(row: LedgerRow, *, passes_on: bool) -> bool:
    if row.state == "unknown":
        return passes_on
    is_given_up = row.state == "superseded" and row.basis == "person"
    return is_given_up or row.state in _NOT_REACHED
