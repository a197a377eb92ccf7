"""`ccir role`: who does what in a run."""

from __future__ import annotations

from typing import Annotated

import typer

from ccir.cli.completion import complete_people, complete_roles
from ccir.cli.options import command, noun
from ccir.cli.session import Session
from ccir.domain.commands import AssignRole
from ccir.domain.views import playbook_roles
from ccir.engine.handle import handle, load
from ccir.engine.people import known_person

app = noun("Staff the roles of a run.")


@command(app, examples=("ccir role assign technical-lead sam",))
def assign(
    session: Session,
    role: Annotated[str, typer.Argument(help="The role's id.", autocompletion=complete_roles)],
    person: Annotated[str, typer.Argument(help="Who takes it.", autocompletion=complete_people)],
) -> None:
    """Give a role to a person of ccir.toml."""
    whose = known_person(session.workspace, person)
    given = AssignRole(by=session.person, role=role, person=whose)
    run = handle(session.workspace, session.run_id, given, at=session.at).run
    if not session.speech.result({"run": run.id, "role": role, "person": whose}):
        session.speech.say(f"{run.id}: {whose} is {role}")


@command(app, "list", examples=("ccir role list",))
def list_(session: Session) -> None:
    """List the roles, who holds them, and what they are for."""
    run = load(session.workspace, session.run_id).run
    if session.speech.result({"run": run.id, "roles": playbook_roles(run)}):
        return
    session.speech.table(
        ("role", "person", "duties"),
        [(role.id, run.roles.get(role.id, "nobody"), role.duties) for role in run.playbook.roles],
    )
