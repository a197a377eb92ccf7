"""`ccir alert`: calls roles."""

from __future__ import annotations

from typing import Annotated

import typer

from ccir.cli.completion import complete_channels, complete_roles
from ccir.cli.options import command, plain
from ccir.cli.session import Session

app = plain()


@command(
    app,
    examples=(
        "ccir alert technical-lead backup-operator",
        'ccir alert commander --channel team --message "Bridge: +49 30 555, code 4711"',
    ),
)
def alert(
    session: Session,
    roles: Annotated[
        list[str], typer.Argument(metavar="ROLE...", autocompletion=complete_roles, help="Whom.")
    ],
    message: Annotated[str, typer.Option(help="One line: where to meet, what to do.")] = "",
    channel: Annotated[
        str | None,
        typer.Option(
            help="By default what [bindings] says for staff-alert.",
            autocompletion=complete_channels,
        ),
    ] = None,
) -> int:
    """Call the people who hold roles.

    One short message through a team's channel, at once. Exit status 3 where it did not reach.
    """
    from ccir.engine.alerting import AlertOrder, alert

    session.refuse_at()
    order = AlertOrder(roles=tuple(roles), by=session.person, message=message, channel=channel)
    alerted = alert(session.workspace, session.run_id, order)
    event = alerted.event
    if not session.speech.result({"run": session.run_id, "alert": event}):
        for person, receipt in alerted.receipts.items():
            words = f": {receipt.reply}" if receipt.reply else ""
            session.speech.say(f"{person or 'nobody'}: {receipt.state}{words}")
        if event.state != "accepted":
            session.speech.say("hint: `ccir contacts` shows how to reach them without this channel")
    return 0 if event.state == "accepted" else 3
