"""Who may see recipients in full, and the event that says that somebody did.

1. She holds one of the roles of `[privacy] unmask_roles`; where that names none, one of those that
   may approve the notice, or leads the response where the notice names none either.
2. She gives a reason, which is sealed.
3. The event is recorded before the first row is shown.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ccir.domain.commands import RecordOutcome
from ccir.domain.deciding_notices import existing_notice
from ccir.domain.notice_events import RecipientsUnmasked
from ccir.domain.notices import Recipient
from ccir.domain.run import COMMANDER, Run, VersionRecord
from ccir.engine.handle import handle
from ccir.engine.notice_approving import roles_of
from ccir.engine.texts import fit_words, seal
from ccir.engine.workspace import Workspace
from ccir.errors import RefusedError


class Unmasking(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to see recipients in full, and why."""

    by: str
    reason: str


def unmasking_role(workspace: Workspace, run: Run, notice: str, *, person: str) -> str:
    """Return the role in which the person may see the notice's recipients in full.

    Raises:
        NotFoundError: the playbook has no such notice.
        RefusedError: she holds none that may.
    """
    approving = existing_notice(run, notice).approvals.roles
    allowed = workspace.settings.privacy.unmask_roles or approving or (COMMANDER,)
    held = roles_of(workspace, run, person)
    for role in allowed:
        if role in held:
            return role
    raise RefusedError(
        f"{person} holds none of the roles that may see recipients of '{notice}' in full",
        hint=f"it takes {' or '.join(allowed)}: `[privacy] unmask_roles` in ccir.toml",
    )


def record_unmasking(
    workspace: Workspace, run: Run, version: VersionRecord, *, rows: int, order: Unmasking
) -> None:
    """Record that a person is about to see that many of the version's recipients in full.

    Raises:
        RefusedError: she may not.
        UsageError: the reason is empty.
    """
    role = unmasking_role(workspace, run, version.notice, person=order.by)
    fit_words(order.reason)
    event = RecipientsUnmasked(
        notice=version.notice,
        version=version.version,
        rows=rows,
        role=role,
        reason=seal(workspace, run.id, order.reason),
    )
    handle(workspace, run.id, RecordOutcome(by=order.by, outcome=event))


def opened_rows(
    workspace: Workspace, run: Run, version: VersionRecord, *, limit: int, order: Unmasking
) -> Iterator[Recipient]:
    """Return the first rows of a version's list in full, after that was recorded.

    Raises:
        RefusedError: the person may not see them.
        UsageError: the reason is empty.
        NotFoundError: the list is gone.
    """
    people = workspace.stores.people
    count = min(limit, people.list_summary(version.list).count)
    record_unmasking(workspace, run, version, rows=count, order=order)
    rows = people.recipients(version.list)
    return (recipient for _, recipient in zip(range(count), rows, strict=False))
