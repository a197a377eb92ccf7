"""`ccir drill`: restores a backup into scratch and judges what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from ccir.cli.completion import complete_drills
from ccir.cli.options import command, noun
from ccir.cli.session import Session
from ccir.cli.verdicts import show_checks
from ccir.cli.words import size, span
from ccir.domain.events import DrillFinished
from ccir.domain.outcomes import exit_status

if TYPE_CHECKING:
    from ccir.domain.outcomes import Objective

app = noun("Drill restores.")


@command(app, "list", examples=("ccir drill list",))
def list_(session: Session) -> None:
    """List the drills of the workspace and those shipped with ccir."""
    from ccir.catalog.documents import load_drill
    from ccir.engine.families import check_arguments

    found = [
        (source, load_drill(source, check_arguments()))
        for source in session.workspace.sources.list("drills")
    ]
    if session.speech.result(
        {
            "drills": [
                {
                    "id": drill.id,
                    "version": drill.version,
                    "target": drill.target,
                    "title": drill.title,
                    "origin": source.origin,
                    "shadows": source.shadows,
                }
                for source, drill in found
            ]
        }
    ):
        return
    session.speech.table(
        ("drill", "version", "target", "from", "title"),
        [
            (
                drill.id,
                drill.version,
                drill.target,
                source.origin + (", shadows the shipped one" if source.shadows else ""),
                drill.title,
            )
            for source, drill in found
        ],
    )


@command(
    app, examples=("ccir drill run customer-records", "ccir drill run customer-records --json")
)
def run(
    session: Session,
    drill: Annotated[
        str, typer.Argument(help="The drill's id, or its file.", autocompletion=complete_drills)
    ],
    snapshot: Annotated[
        str | None, typer.Option(metavar="ID", help="By default the newest of the target.")
    ] = None,
) -> int:
    """Restore a backup into scratch, judge it against its objectives, and clean up.

    With an open run the result stands in its log. Exit status 1: the backup or an objective
    failed; 3: no verdict.
    """
    from ccir.engine.backups import drill as play
    from ccir.engine.recording import record_outcome

    session.refuse_at()
    run_id = session.run_if_any
    with session.speech.work():
        found = play(
            session.workspace,
            session.document("drills", drill),
            session.attendant(),
            snapshot=snapshot,
        )
    if run_id is not None:
        record_outcome(session.workspace, run_id, found.event, by=session.person)
    event = found.event
    document = {
        name: value for name, value in msgspec.structs.asdict(event).items() if name != "step"
    }
    if not session.speech.result(document):
        _show(session, event, hint=found.hint)
        where = f"recorded in {run_id}" if run_id else "no run is open, so it is recorded nowhere"
        session.speech.say(where)
    return session.speech.status(exit_status(event.verdict))


def _show(session: Session, event: DrillFinished, *, hint: str) -> None:
    reason = f" ({event.reason})" if event.reason else ""
    snapshot = f", snapshot {event.snapshot[:8]}" if event.snapshot else ""
    session.speech.say(
        f"drill {event.drill} on {event.target}: {event.verdict}{reason}{snapshot}",
        f"{event.files} files, {size(event.bytes)} restored; scratch {event.cleanup}",
        f"RPO {_objective(event.rpo)}; RTO {_objective(event.rto)}",
    )
    show_checks(session, event.checks, hint=hint)


def _objective(objective: Objective) -> str:
    measured = "not measured"
    if objective.measured_seconds is not None:
        measured = span(objective.measured_seconds)
    if objective.objective_seconds is None:
        return f"{measured}, no objective"
    met = {True: "met", False: "MISSED", None: "not judged"}[objective.met]
    return f"{measured} of {span(objective.objective_seconds)}, {met}"
