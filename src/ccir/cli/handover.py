"""`ccir handover`: passes a role on, with one page that tells how things stand."""

from __future__ import annotations

from typing import Annotated

import typer

from ccir.cli.completion import complete_people, complete_roles
from ccir.cli.options import command, plain
from ccir.cli.overview import show_actions
from ccir.cli.session import Session
from ccir.cli.words import moment
from ccir.domain.board import board
from ccir.domain.commands import HandOverRole
from ccir.domain.facts import written
from ccir.domain.run import COMMANDER, Run
from ccir.engine.handle import handle
from ccir.engine.people import known_person

app = plain()


@command(app, examples=("ccir handover sam", "ccir handover kim --role scribe"))
def handover(
    session: Session,
    person: Annotated[str, typer.Argument(help="Who takes over.", autocompletion=complete_people)],
    role: Annotated[
        str, typer.Option(help="Which role moves.", autocompletion=complete_roles)
    ] = COMMANDER,
) -> None:
    """Pass a role on, and print how things stand.

    The page holds the state, the facts, the open decisions and what is due next.
    """
    from ccir.engine.openings import open_items

    whose = known_person(session.workspace, person)
    given = HandOverRole(by=session.person, role=role, person=whose)
    run = handle(session.workspace, session.run_id, given, at=session.at).run
    actions = open_items(session.workspace, run, session.now)
    decisions = [
        view.step
        for view in board(run, session.now)
        if view.step.kind == "decision" and not view.is_settled
    ]
    page = {"run": run.id, "role": role, "person": whose, "severity": run.severity}
    if session.speech.result(
        page | {"decisions": [step.id for step in decisions], "actions": actions}
    ):
        return
    session.speech.say(
        f"{run.id}: {role} is {whose} now",
        f"{run.title}; severity {run.severity}; started {moment(run.started_at, run.zone)}",
        *_facts(run),
        *(f"open decision {step.id} ({step.role}): {step.title}" for step in decisions),
        "",
    )
    show_actions(session, run, actions)


def _facts(run: Run) -> list[str]:
    stated = ((name, run.fact(name)) for name in run.facts)
    return [f"{name} = {written(entry.value)}" for name, entry in stated if entry is not None]
