"""Pictures of a run for people and programs: what comes next, and what is still open."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from ccir.domain.board import StepView, board, due_moment
from ccir.domain.notice_approvals import approvals_missing
from ccir.domain.playbook import Notice, NotifyArguments
from ccir.domain.run import COMMANDER, Run

ActionKind = Literal["step", "fact", "role", "binding", "duty"]
NoticeState = Literal[
    "none", "previewed", "approved", "denied", "sending", "paused", "stopped", "partial", "sent"
]

_FAR = dt.datetime.max.replace(tzinfo=dt.UTC)
_WORKABLE = frozenset({"ready", "active", "failed", "blocked"})


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a role can do now; `do` is the command that does it."""

    kind: ActionKind
    step: str | None
    role: str
    title: str
    state: str
    due_at: dt.datetime | None = None
    overdue: bool = False
    do: str = ""


class NoticeView(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as it stands."""

    notice: Notice
    state: NoticeState
    due_at: dt.datetime | None
    overdue: bool


def next_actions(run: Run, now: dt.datetime) -> tuple[Action, ...]:
    """Return what can be done now, due soonest first; what has no due time comes last."""
    if run.state != "open":
        return ()
    views = board(run, now)
    steps = [_step_action(run, view, now) for view in views if view.state in _WORKABLE]
    actions = [*steps, *_fact_actions(run, views), *_role_actions(run)]
    return tuple(sorted(actions, key=lambda action: action.due_at or _FAR))


def notice_view(run: Run, notice: Notice, now: dt.datetime) -> NoticeView:
    """Return a notice's state: from no version at all to sent."""
    state = _notice_state(run, notice, now)
    due_at = due_moment(run, notice.due)
    is_open = state != "sent" and run.state == "open"
    overdue = is_open and due_at is not None and due_at < now
    return NoticeView(notice=notice, state=state, due_at=due_at, overdue=overdue)


def playbook_roles(run: Run) -> dict[str, str | None]:
    """Return every role of the playbook with the person who holds it, or None."""
    return {role.id: run.roles.get(role.id) for role in run.playbook.roles}


def _notice_state(run: Run, notice: Notice, now: dt.datetime) -> NoticeState:
    version = run.latest(notice.id)
    if version is None:
        return "none"
    if version.denial is not None:
        return "denied"
    if version.halt and version.sending != "sent":
        return version.halt
    if version.sending != "idle":
        return version.sending
    return "previewed" if approvals_missing(run, notice, version, now=now) else "approved"


def _step_action(run: Run, view: StepView, now: dt.datetime) -> Action:
    step = view.step
    return Action(
        kind="step",
        step=step.id,
        role=step.role,
        title=step.title,
        state=view.state,
        due_at=view.due_at,
        overdue=view.overdue,
        do=_command(run, view, now),
    )


def _command(run: Run, view: StepView, now: dt.datetime) -> str:
    match view.step.kind:
        case "notify":
            return _notify_command(run, view, now)
        case "manual":
            return f"ccir step done {view.step.id}"
        case "decision":
            return f"ccir decide {view.step.id} OPTION --reason …"
        case _:
            return f"ccir step run {view.step.id}"


def _notify_command(run: Run, view: StepView, now: dt.datetime) -> str:
    """Return the next thing to do on the way to a sent notice: preview, approve, send."""
    name = msgspec.convert(view.step.arguments, NotifyArguments).notice
    notice = run.playbook.notice(name)
    state = "none" if notice is None else _notice_state(run, notice, now)
    match state:
        case "none" | "denied" | "stopped":
            return f"ccir notice preview {name}"
        case "previewed":
            return f"ccir notice approve {name}"
        case "paused":
            return f"ccir notice resume {name}"
        case _:
            return f"ccir step run {view.step.id}"


def _fact_actions(run: Run, views: tuple[StepView, ...]) -> list[Action]:
    """Ask for the required facts and for those that a step's condition waits for."""
    due: dict[str, StepView | None] = {}
    for view in views:
        due |= dict.fromkeys((name for name in view.missing if name not in due), view)
    required = (fact.id for fact in run.playbook.facts if fact.required)
    asked = dict.fromkeys(name for name in required if run.fact(name) is None) | due
    return [_fact_action(run, name, view) for name, view in asked.items()]


def _fact_action(run: Run, name: str, view: StepView | None) -> Action:
    fact = run.playbook.fact(name)
    return Action(
        kind="fact",
        step=None if view is None else view.step.id,
        role=COMMANDER if view is None else view.step.role,
        title=name if fact is None else fact.question,
        state="missing",
        due_at=None if view is None else view.due_at,
        overdue=view is not None and view.overdue,
        do=f"ccir fact set {name}=…",
    )


def _role_actions(run: Run) -> list[Action]:
    return [
        Action(
            kind="role",
            step=None,
            role=COMMANDER,
            title=f"Nobody is {role.title}",
            state="missing",
            due_at=None,
            do=f"ccir role assign {role.id} PERSON",
        )
        for role in run.playbook.roles
        if role.id not in run.roles
    ]
