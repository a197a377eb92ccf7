"""`ccir note`: writes something down."""

from __future__ import annotations

from typing import Annotated

import typer

from ccir.cli.options import command, plain
from ccir.cli.session import Session
from ccir.domain.commands import AddNote
from ccir.engine.handle import handle
from ccir.engine.texts import seal

app = plain()


@command(
    app,
    examples=(
        'ccir note "The vendor confirms that the export ran at 01:52"',
        'ccir note --privileged "Counsel: wait for the engagement letter"',
    ),
)
def note(
    session: Session,
    text: Annotated[str, typer.Argument(help="What is to be kept.")],
    *,
    privileged: Annotated[
        bool, typer.Option("--privileged", help="Keep it out of reports unless asked for.")
    ] = False,
) -> None:
    """Write something down in the run's log."""
    run_id = session.run_id
    sealed = seal(session.workspace, run_id, text)
    added = AddNote(by=session.person, text=sealed, privileged=privileged)
    entry = handle(session.workspace, run_id, added, at=session.at).added[-1]
    if not session.speech.result({"run": run_id, "seq": entry.seq}):
        session.speech.say(f"{run_id}: noted as event {entry.seq}")
