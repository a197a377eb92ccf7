"""`ccir status`, `ccir next` and `ccir runs`: how things stand, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.options import command, plain
from ccir.cli.session import Session
from ccir.cli.words import fact_words, moment, remaining
from ccir.domain.run import Run
from ccir.domain.wording import tally
from ccir.engine.handle import load

if TYPE_CHECKING:
    from ccir.domain.views import Action
    from ccir.engine.status import NoticeStatus, Status, StepStatus

app = plain()

_STYLES = {
    "done": "green",
    "skipped": "dim",
    "waiting": "dim",
    "active": "bold",
    "failed": "red",
    "blocked": "yellow",
    "ready": "",
}


@command(
    app, examples=("ccir status", "ccir status --all", "ccir --run INC-2026-0001 status --json")
)
def status(
    session: Session,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Show settled and waiting steps as well.")
    ] = False,
) -> None:
    """Show how the run stands: steps, facts, roles and notices."""
    from ccir.engine.status import status

    run = load(session.workspace, session.run_id).run
    found = status(session.workspace, run, session.now)
    if not session.speech.result(found):
        _show_status(session, run, found, everything=everything)


@command(app, "next", examples=("ccir next", "ccir next --role technical-lead"))
def next_(
    session: Session,
    role: Annotated[str | None, typer.Option(help="Only this role's actions.")] = None,
) -> None:
    """Show what can be done now, and how.

    What is due soonest comes first, then what has no due time, then what ccir.toml lacks.
    """
    from ccir.engine.openings import open_items

    run = load(session.workspace, session.run_id).run
    found = open_items(session.workspace, run, session.now)
    actions = [action for action in found if role is None or action.role == role]
    if not session.speech.result({"actions": actions}):
        show_actions(session, run, actions)


@command(app, examples=("ccir runs", "ccir runs --json"))
def runs(session: Session) -> None:
    """List every run of the workspace, open ones first."""
    rows = sorted(session.workspace.stores.events.runs(), key=lambda row: not row.open)
    if session.speech.result({"runs": rows}):
        return
    if not rows:
        session.speech.say("no run yet: `ccir start PLAYBOOK` begins one")
        return
    zone = session.workspace.zone.key
    session.speech.table(
        ("run", "playbook", "state", "started", "events"),
        [
            (
                row.id,
                row.playbook,
                "open" if row.open else "closed",
                moment(row.started_at, zone),
                str(row.seq),
            )
            for row in rows
        ],
    )


def show_actions(session: Session, run: Run, actions: Iterable[Action]) -> None:
    """Print actions as a table, with what the settings lack below it."""
    listed = [action for action in actions if action.kind != "binding"]
    lacking = [action for action in actions if action.kind == "binding"]
    if not listed:
        session.speech.say(f"nothing is to be done in {run.id} now: `ccir status --all`")
    else:
        overdue = sum(action.overdue for action in listed)
        session.speech.table(
            ("due", "role", "what, and how"),
            [
                (remaining(action.due_at, session.now), action.role, _what_and_how(action))
                for action in listed
                if action.kind != "role"
            ],
            title=f"{run.id}: what comes next" + (f", {overdue} overdue" if overdue else ""),
            styles=["bold red" if action.overdue else "" for action in listed],
        )
    unstaffed = [action.do.split()[3] for action in listed if action.kind == "role"]
    if unstaffed:
        session.speech.say(
            "", f"nobody holds {', '.join(unstaffed)}", "  ccir role assign ROLE PERSON"
        )
    for action in lacking:
        session.speech.say("", f"{action.title} (step {action.step})", action.do)


def _what_and_how(action: Action) -> str:
    failed = " (failed)" if action.state == "failed" else ""
    return f"{action.title}{failed}\n  {action.do}"


def _show_status(session: Session, run: Run, found: Status, *, everything: bool) -> None:
    say = session.speech.say
    state = found.state if found.outcome is None else f"{found.state} as {found.outcome}"
    say(
        f"{found.run}  {found.title}",
        f"{found.kind}, {state}, severity {found.severity}"
        + (", under legal hold" if found.held else ""),
        f"playbook {found.playbook.id} {found.playbook.version}, "
        f"started {moment(found.started_at, run.zone)}",
    )
    if found.playbook.drift:
        say(f"note: {found.playbook.drift}")
    people = (f"{role}: {person or 'nobody'}" for role, person in found.roles.items())
    say(f"roles: {', '.join(people)}", "")
    _show_steps(session, found, everything=everything)
    if found.facts:
        say("")
        session.speech.table(
            ("fact", "since", "value"),
            [
                (name, moment(fact.at, run.zone), fact_words(run, name, fact.value))
                for name, fact in found.facts.items()
            ],
        )
    say("")
    notices = [notice for notice in found.notices if everything or _is_of_use(run, notice)]
    session.speech.table(
        ("notice", "state", "due", "recipients"),
        [
            (
                notice.id,
                notice.state,
                remaining(notice.due_at, session.now) if notice.state != "sent" else "",
                tally(notice.counts) if notice.counts.total else "",
            )
            for notice in notices
        ],
        styles=["bold red" if notice.overdue else "" for notice in notices],
    )


def _is_of_use(run: Run, notice: NoticeStatus) -> bool:
    """Return whether a notice is begun, due, or sent by a step; the rest wait for their duty."""
    document = run.playbook.notice(notice.id)
    waits = document is not None and bool(document.obligations)
    return notice.state != "none" or notice.due_at is not None or not waits


def _show_steps(session: Session, found: Status, *, everything: bool) -> None:
    hidden = set() if everything else {"waiting", "done", "skipped"}
    shown = [step for step in found.steps if step.state not in hidden]
    session.speech.table(
        ("step", "state", "due", "role", "title"),
        [
            (
                step.id,
                step.state,
                "" if step.state in {"done", "skipped"} else remaining(step.due_at, session.now),
                step.role,
                step.title + (f" ({step.because})" if step.because else ""),
            )
            for step in shown
        ],
        styles=[_style(step) for step in shown],
    )
    tally_of = {state: sum(step.state == state for step in found.steps) for state in _STYLES}
    counted = ", ".join(f"{count} {state}" for state, count in tally_of.items() if count)
    overdue = f", {found.overdue} OVERDUE" if found.overdue else ""
    session.speech.say(f"{len(found.steps)} steps: {counted}{overdue}")


def _style(step: StepStatus) -> str:
    return "bold red" if step.overdue else _STYLES[step.state]
