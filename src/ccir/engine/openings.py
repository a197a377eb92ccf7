"""What a run still lacks in `ccir.toml`: purposes that no target or channel is bound to."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.catalog.documents import load_drill
from ccir.config.choice import Family, binding, missing_binding
from ccir.domain.board import StepView, board
from ccir.domain.playbook import NotifyArguments, Step
from ccir.domain.run import COMMANDER, Run
from ccir.domain.views import Action, next_actions
from ccir.engine.families import check_arguments
from ccir.engine.workspace import Workspace
from ccir.errors import CcirError

COUNSEL = "privacy-counsel"


def open_items(workspace: Workspace, run: Run, now: dt.datetime) -> tuple[Action, ...]:
    """Return what can be done now, and what the settings lack for steps that are still open."""
    if run.state != "open":
        return ()
    found = sorted((*next_actions(run, now), *_duties(workspace, run, now)), key=_soonest)
    return (*found, *_bindings(workspace, run, now))


def _soonest(action: Action) -> dt.datetime:
    return action.due_at or dt.datetime.max.replace(tzinfo=dt.UTC)


def _duties(workspace: Workspace, run: Run, now: dt.datetime) -> list[Action]:
    """Return what is owed by law or contract, and has a time or is late."""
    if run.rules is None:
        return []
    from ccir.engine.run_clocks import RunClocks

    clocks = RunClocks(workspace, run)
    return [
        Action(
            kind="duty",
            step=None,
            role=COUNSEL if COUNSEL in run.roles else COMMANDER,
            title=f"Tell {each.clock.duty.rule.recipient_name} ({each.clock.duty.rule.id})",
            state=each.clock.state,
            due_at=each.due_at,
            overdue=each.due_at < now,
            do=clocks.way_to_meet(each.clock.duty.rule.id),
        )
        for each in clocks.all(now)
        if each.clock.is_owed and each.clock.state != "undetermined" and each.due_at is not None
    ]


def _bindings(workspace: Workspace, run: Run, now: dt.datetime) -> list[Action]:
    lacking: dict[tuple[str, Family], Action] = {}
    for view in board(run, now):
        purpose = None if view.is_settled else _purpose(workspace, run, view.step)
        if purpose is not None and binding(workspace.settings, *purpose) is None:
            lacking.setdefault(purpose, _action(workspace, view, purpose=purpose))
    return list(lacking.values())


def _purpose(workspace: Workspace, run: Run, step: Step) -> tuple[str, Family] | None:
    match step.kind:
        case "backup-check" | "last-clean":
            return str(step.arguments["target"]), "targets"
        case "restore":
            target = _target_of(workspace, str(step.arguments["drill"]))
            return None if target is None else (target, "targets")
        case "notify":
            notice = run.playbook.notice(msgspec.convert(step.arguments, NotifyArguments).notice)
            return None if notice is None else (notice.channel, "channels")
        case _:
            return None


def _target_of(workspace: Workspace, drill: str) -> str | None:
    try:
        return load_drill(workspace.sources.find("drills", drill), check_arguments()).target
    except CcirError:
        return None  # the step itself will say what is wrong with its drill


def _action(workspace: Workspace, view: StepView, *, purpose: tuple[str, Family]) -> Action:
    error = missing_binding(workspace.settings, *purpose)
    return Action(
        kind="binding",
        step=view.step.id,
        role=COMMANDER,
        title=error.message,
        state="missing",
        do=error.hint,
    )
