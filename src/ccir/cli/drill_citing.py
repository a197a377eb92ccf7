"""`ccir drill cite`: names a drill as proof in an incident."""

from __future__ import annotations

from typing import Annotated

import typer

from ccir.cli.completion import complete_runs
from ccir.cli.session import Session
from ccir.cli.words import moment


def cite(
    session: Session,
    drill_run: Annotated[
        str,
        typer.Argument(
            metavar="RUN", help="The drill's own run, DR-…", autocompletion=complete_runs
        ),
    ],
) -> None:
    """Name a drill as proof in the open incident: its run, its last result and its hash.

    RUN is the drill's (`ccir drill history`); --run is the incident, where several are open. What
    the drill came to stands in the incident's log and report. Refused (5) where RUN is no drill's
    own or its log is not whole; 6 where no drill finished in it.
    """
    from ccir.engine.drill_citing import cite

    session.refuse_at()
    run_id = session.run_id
    found = cite(session.workspace, run_id, drill_run=drill_run, by=session.person)
    event = found.event
    if session.speech.result({"run": run_id, "seq": found.seq, "cited": event}):
        return
    why = f" ({event.reason})" if event.reason else ""
    finished = moment(event.finished_at, session.workspace.zone.key)
    stands = "cited" if found.is_new else "was cited before"
    session.speech.say(
        f"{event.run}: drill {event.drill} on {event.target}, {event.verdict}{why}, {finished}",
        f"event {event.seq}, SHA-256 {event.hash}",
        f"{stands} in event {found.seq} of {run_id}",
    )
