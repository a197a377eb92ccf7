"""`ccir start`: begins to play a playbook."""

from __future__ import annotations

from typing import Annotated

import typer

from ccir.cli.completion import complete_playbooks
from ccir.cli.options import command, plain
from ccir.cli.overview import show_actions
from ccir.cli.session import Session
from ccir.domain.facts import parse_assignment

app = plain()


@command(
    app,
    examples=(
        "ccir start data-breach",
        'ccir start ransomware --title "CRM encrypted" --severity sev1 --fact awareness=02:10',
    ),
)
def start(
    session: Session,
    playbook: Annotated[
        str,
        typer.Argument(help="The playbook's id, or its file.", autocompletion=complete_playbooks),
    ],
    title: Annotated[str | None, typer.Option(help="One line that names the incident.")] = None,
    severity: Annotated[
        str | None, typer.Option(help="A level of the playbook's scale; by default the highest.")
    ] = None,
    fact: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="What is known already.")
    ] = None,
    *,
    another: Annotated[
        bool, typer.Option("--another", help="Although a run of this playbook is open.")
    ] = False,
) -> None:
    """Begin an incident with a playbook.

    Asks nothing and refuses nothing for what is missing: it is listed as what comes next.
    """
    from ccir.engine.openings import open_items
    from ccir.engine.starting import StartOrder, start

    workspace = session.workspace
    order = StartOrder(
        playbook=session.document("playbooks", playbook),
        by=session.person,
        title=title,
        severity=severity,
        facts=dict(map(parse_assignment, fact or [])),
        another=another,
        at=session.at,
    )
    started = start(workspace, order)
    run = started.run
    pin = run.pin
    document = {"id": run.playbook.id, "version": run.playbook.version}
    document["digest"] = "" if pin is None else pin.digest
    if session.speech.result(
        {"run": run.id, "kind": run.kind, "playbook": document, "state": run.state}
    ):
        return
    origin = " from this workspace" if started.source.origin == "workspace" else ""
    shadow = ", in place of the shipped one" if started.source.shadows else ""
    session.speech.say(
        f"{run.id} started: {run.title}",
        f"playbook {run.playbook.id} {run.playbook.version}{origin}{shadow}, "
        f"severity {run.severity}, led by {run.roles.get('commander', 'nobody')}",
        "",
    )
    if started.rules_left_out:
        session.speech.say(
            "note: this workspace's own rules have errors and do not count in this run: "
            "`ccir obligations lint`",
            "",
        )
    show_actions(session, run, open_items(workspace, run, session.now))
