"""`ccir step`: work on the steps of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.completion import complete_people, complete_steps
from ccir.cli.options import command, noun
from ccir.cli.session import Session
from ccir.cli.verdicts import show_checks
from ccir.cli.words import moment, remaining
from ccir.domain import commands as c
from ccir.domain.board import board, view_of
from ccir.domain.deciding_steps import existing_step
from ccir.engine.handle import handle, load
from ccir.engine.texts import seal, seal_if_any

if TYPE_CHECKING:
    from ccir.engine.work import Worked

app = noun("Work on the steps of a run.")
StepName = Annotated[str, typer.Argument(help="The step's id.", autocompletion=complete_steps)]
Reason = Annotated[str, typer.Option("--reason", "--note", help="Why; it stands in the record.")]
_SETTLED_FIRST = {"done": "✓", "skipped": "-", "failed": "✗", "blocked": "!", "active": "▶"}


@command(app, "list", examples=("ccir step list",))
def list_(session: Session) -> None:
    """List every step with its state."""
    from ccir.engine.status import status

    run = load(session.workspace, session.run_id).run
    found = status(session.workspace, run, session.now).steps
    if session.speech.result({"steps": found}):
        return
    session.speech.table(
        ("", "step", "state", "due", "role", "title"),
        [
            (
                _SETTLED_FIRST.get(step.state, ""),
                step.id,
                step.state,
                "" if step.state in {"done", "skipped"} else remaining(step.due_at, session.now),
                step.role,
                step.title,
            )
            for step in found
        ],
        styles=["bold red" if step.overdue else "" for step in found],
    )


@command(app, examples=("ccir step show preserve-evidence",))
def show(session: Session, step: StepName) -> None:
    """Show one step: how it stands, what it asks for, and its runbook."""
    from ccir.engine.step_pages import step_page

    run = load(session.workspace, session.run_id).run
    existing_step(run, step)
    view = next(view for view in board(run, session.now) if view.step.id == step)
    page = step_page(session.workspace, run, view)
    if session.speech.result(page):
        return
    session.speech.say(
        f"{page.id}: {page.title}",
        f"{page.state}, for {page.role}, {page.kind}, "
        + ("mandatory" if page.mandatory else "optional")
        + (f", due {moment(page.due_at, run.zone)}" if page.due_at else ""),
    )
    for label, text in page.lines:
        session.speech.say(f"{label}: {text}")
    for point in page.checklist:
        session.speech.say(f"  [ ] {point}")
    if page.runbook:
        session.speech.say("", page.runbook.rstrip())


@command(app, examples=("ccir step start preserve-evidence",))
def start(session: Session, step: StepName) -> None:
    """Say that somebody has begun a step."""
    settle_step(session, c.StartStep(by=session.person, step=step), step)


@command(
    app,
    examples=(
        'ccir step done declare --note "Alex leads; severity 1"',
        "ccir step done preserve-evidence --evidence items.csv --at 02:40",
    ),
)
def done(
    session: Session,
    step: StepName,
    note: Annotated[str | None, typer.Option(help="What was done, in a sentence.")] = None,
    evidence: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A file that shows it.")
    ] = None,
) -> None:
    """Say that a step done by hand is done, with a note and evidence."""
    from ccir.engine.evidence import take_for_step

    run = load(session.workspace, session.run_id).run
    existing_step(run, step)
    take_for_step(
        session.workspace,
        run,
        step,
        files=[session.surroundings.here / file for file in evidence or []],
        by=session.person,
        at=session.at,
    )
    text = seal_if_any(session.workspace, run.id, note)
    settle_step(session, c.FinishStep(by=session.person, step=step, note=text), step)


@command(app, examples=('ccir step skip ask-vendor --reason "No vendor reaches the system"',))
def skip(session: Session, step: StepName, reason: Reason) -> None:
    """Leave a step out, with a reason."""
    _settle_for(session, c.SkipStep, step, reason=reason)


@command(app, examples=('ccir step block restore-drill --reason "Waiting for the tape"',))
def block(session: Session, step: StepName, reason: Reason) -> None:
    """Say that a step cannot go on, with the reason."""
    _settle_for(session, c.BlockStep, step, reason=reason)


@command(app, examples=('ccir step reopen check-backups --reason "A second repository"',))
def reopen(session: Session, step: StepName, reason: Reason) -> None:
    """Let a settled step be done again."""
    _settle_for(session, c.ReopenStep, step, reason=reason)


@command(app, examples=("ccir step assign ask-vendor sam",))
def assign(
    session: Session,
    step: StepName,
    person: Annotated[str, typer.Argument(help="Whose it is.", autocompletion=complete_people)],
) -> None:
    """Give a step to a person."""
    from ccir.engine.people import known_person

    whose = known_person(session.workspace, person)
    settle_step(session, c.AssignStep(by=session.person, step=step, person=whose), step)


@command(app, examples=("ccir step run check-backups", "ccir step run tell-customers --yes"))
def run(
    session: Session,
    step: StepName,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Answer every question with yes.")] = False,
) -> int:
    """Do a step's work now: verify or restore a backup, send a notice, run its command."""
    from ccir.engine.work import run_step

    session.refuse_at()
    with session.speech.work():
        worked = run_step(
            session.workspace,
            session.run_id,
            step,
            by=session.person,
            attendant=session.attendant(yes=yes),
        )
    _show_work(session, worked)
    return session.speech.status(worked.exit_status)


def settle_step(session: Session, command_: c.AnyCommand, step: str) -> None:
    """Record a command about a step and tell how the step stands, and what it made ready."""
    handled = handle(session.workspace, session.run_id, command_, at=session.at)
    view = view_of(handled.run, session.now, step)
    state = "" if view is None else view.state
    if session.speech.result({"run": handled.run.id, "step": step, "state": state}):
        return
    session.speech.say(f"{handled.run.id}: {step} is {state}")
    for each in board(handled.run, session.now):
        if each.state == "ready" and step in each.step.needs:
            session.speech.say(f"  now ready: {each.step.id} ({each.step.role}): {each.step.title}")


def refuse_unknown_step(session: Session, step: str) -> None:
    """Refuse a misspelt step before anything is sealed for it."""
    existing_step(load(session.workspace, session.run_id).run, step)


def _settle_for(
    session: Session,
    order: type[c.SkipStep | c.BlockStep | c.ReopenStep],
    step: str,
    *,
    reason: str,
) -> None:
    refuse_unknown_step(session, step)
    text = seal(session.workspace, session.run_id, reason)
    settle_step(session, order(by=session.person, step=step, reason=text), step)


def _show_work(session: Session, worked: Worked) -> None:
    view = view_of(worked.run, session.now, worked.step.id)
    state = "" if view is None else view.state
    outcome = worked.outcome
    if session.speech.result(
        {
            "run": worked.run.id,
            "step": worked.step.id,
            "state": state,
            "reason": outcome.reason,
            "detail": outcome.detail,
            "hint": outcome.hint,
        }
    ):
        return
    reason = f" ({outcome.reason})" if outcome.reason else ""
    session.speech.say(f"{worked.run.id}: {worked.step.id} is {state}{reason}")
    checks = [check for event in outcome.events for check in getattr(event, "checks", ())]
    if checks:
        show_checks(session, checks)
    elif outcome.detail:
        session.speech.say(outcome.detail)
    if outcome.hint:
        session.speech.say(f"hint: {outcome.hint}")
