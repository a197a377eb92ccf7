"""Approves a notice's newest version, unless its channel's limit then breaks a legal deadline.

1. What the rules of approval refuse is refused first.
2. Refused is the approval of a version whose sending, started now, breaks a legal deadline that
   is not over yet and that a higher limit, another channel or a shorter list might still meet.
3. A person may approve despite that, with a reason; the reason is noted in the run's log.
4. Where a deadline is over, or nothing holds the sending back, waiting only makes it later: then
   she is warned. So it is where no plan can be made.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain.commands import AddNote, ApproveNotice
from ccir.domain.decide import decide
from ccir.domain.run import Run
from ccir.domain.send_plan import Outlook, SendPlan, lateness
from ccir.domain.spans import span
from ccir.engine.attendant import Attendant
from ccir.engine.handle import Handled, Loaded, checked_moment, handle, load
from ccir.engine.notice_planning import plan_notice
from ccir.engine.texts import seal
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError, RefusedError


class ApprovalOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks for; `version` has to be the newest where it is given.

    `despite` is her reason for approving a version that will miss a legal deadline. `at` is when
    she approved it, where that is not now.
    """

    notice: str
    by: str
    version: int | None = None
    despite: str | None = None
    at: dt.datetime | None = None


def approve(
    workspace: Workspace, run_id: str, order: ApprovalOrder, *, attendant: Attendant
) -> Handled:
    """Record a person's approval of the newest version of a notice.

    Raises:
        RefusedError: she holds no role that counts, has approved it already, or its sending
            would break a legal deadline and she gives no reason.
    """
    loaded = load(workspace, run_id)
    command = ApproveNotice(
        by=order.by,
        notice=order.notice,
        roles=roles_of(workspace, loaded.run, order.by),
        account=workspace.via.user,
        one_account_counts_once=workspace.settings.approvals.two_person == "accounts",
        version=order.version,
    )
    now = workspace.clock.now()
    checked_moment(loaded.run, command, at=order.at, now=now)
    decide(loaded.run, command, now)  # rule 1
    plan = _plan(workspace, loaded, order.notice, attendant=attendant)
    if plan is not None:
        _refuse_or_warn(plan, order, attendant)
    notes = [] if order.despite is None else [_note(workspace, loaded.run, order, plan=plan)]
    return handle(workspace, run_id, command, *notes, at=order.at)


def roles_of(workspace: Workspace, run: Run, person: str) -> tuple[str, ...]:
    """Return every role the person holds: by the settings, and in this run."""
    entry = workspace.settings.people.get(person)
    own = () if entry is None else entry.roles
    held = (role for role, holder in run.roles.items() if holder == person)
    return tuple(dict.fromkeys((*held, *own)))


def _plan(
    workspace: Workspace, loaded: Loaded, notice: str, *, attendant: Attendant
) -> SendPlan | None:
    try:
        start_at = workspace.clock.now()
        return plan_notice(workspace, loaded, notice, start_at=start_at).plan
    except CcirError as error:  # rule 4: what hinders the plan must not hinder the notice
        attendant.warn(f"note: no plan of the sending can be made: {error.message}")
        return None


def _refuse_or_warn(plan: SendPlan, order: ApprovalOrder, attendant: Attendant) -> None:
    avoidable = plan.avoidably_missed
    if avoidable and order.despite is None:
        raise RefusedError(
            f"sending '{order.notice}' to {plan.left} recipients at the channel's rate, started "
            f"now, takes {_length(plan)} and misses {_in_words(avoidable)}",
            hint=f"raise `rate` or choose a faster channel (`ccir notice plan {order.notice} "
            "--rate R`), or approve it with --despite-deadline --reason T",
        )
    legal = tuple(each for each in plan.missed if each.due.legal_due is not None)
    if legal:
        attendant.warn(f"note: sending it now misses {_in_words(legal)}: send it at once")


def _note(
    workspace: Workspace, run: Run, order: ApprovalOrder, *, plan: SendPlan | None
) -> AddNote:
    missed = () if plan is None else plan.missed
    rules = ", ".join(each.due.rule for each in missed if each.due.rule) or "no deadline missed"
    version = run.latest(order.notice)
    number = 0 if version is None else version.version
    text = f"'{order.notice}' version {number} approved despite its deadline ({rules}): "
    return AddNote(by=order.by, text=seal(workspace, run.id, f"{text}{order.despite}"))


def _length(plan: SendPlan) -> str:
    return "" if plan.needed is None else span(plan.needed.total_seconds())


def _in_words(missed: tuple[Outlook, ...]) -> str:
    return ", ".join(f"{each.due.rule} by {lateness(each)}" for each in missed)
