"""`ccir backup`: verifies backups, and restores them for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from ccir.cli.backup_evidence import add_commands
from ccir.cli.backup_ledger import add_ledger_commands
from ccir.cli.completion import complete_drills, complete_steps, complete_targets
from ccir.cli.options import command, noun
from ccir.cli.session import Session
from ccir.cli.verdicts import show_checks
from ccir.cli.words import size
from ccir.domain.outcomes import exit_status
from ccir.domain.spans import span
from ccir.errors import UsageError

if TYPE_CHECKING:
    from ccir.domain.events import BackupRestored
    from ccir.steps.interface import Judged

app = noun("Verify and restore backups.")


@command(app, examples=("ccir backup check", "ccir backup check crm --read-data 5% --json"))
def check(
    session: Session,
    target: Annotated[
        str | None,
        typer.Argument(
            help="A target or purpose; may be left out where there is one target.",
            autocompletion=complete_targets,
        ),
    ] = None,
    read_data: Annotated[
        str | None,
        typer.Option(metavar="PART", help="Read this part of the data too: 1/10, 5% or 2G."),
    ] = None,
) -> int:
    """Verify a backup: repository, newest snapshot's age against its RPO, structure.

    With an open run the result stands in its log. Exit status 1: the backup is bad;
    3: no verdict.
    """
    from ccir.engine.backups import check, named_target
    from ccir.engine.recording import record_outcome

    session.refuse_at()
    name = named_target(session.workspace, target)
    run_id = session.run_if_any
    with session.speech.work():
        found = check(session.workspace, name, session.attendant(), subset=read_data)
    if run_id is not None:
        record_outcome(session.workspace, run_id, found.event, by=session.person)
    event = found.event
    if not session.speech.result(_without_step(event)):
        age = "" if event.age_seconds is None else f", {span(event.age_seconds)} old"
        snapshot = f", snapshot {event.snapshot[:8]}{age}" if event.snapshot else ""
        session.speech.say(
            f"backup of {event.target}: {event.verdict}{_why(event.reason)}{snapshot}"
        )
        show_checks(session, event.checks, hint=found.hint)
        _say_where(session, run_id)
    return session.speech.status(exit_status(event.verdict))


@command(
    app,
    examples=(
        "ccir backup restore crm --to /srv/restored",
        "ccir backup restore crm --snapshot 3f2a9c1e --to /srv/restored",
        "ccir backup restore crm --to /srv/restored --step restore-customer-records",
    ),
)
def restore(
    session: Session,
    target: Annotated[
        str, typer.Argument(help="A target or purpose.", autocompletion=complete_targets)
    ],
    to: Annotated[Path, typer.Option(metavar="DIR", help="An empty or new folder.")],
    snapshot: Annotated[
        str | None, typer.Option(metavar="ID", help="By default the newest of the target.")
    ] = None,
    step: Annotated[
        str | None,
        typer.Option(help="The step of the run that it is for.", autocompletion=complete_steps),
    ] = None,
) -> int:
    """Restore a backup for good: into an empty or new folder, verified, and kept.

    With an open run the result stands in its log. Exit status 1: the backup is bad, or not all of
    it came back; 3: no verdict, as where the folder is not empty.
    """
    from ccir.engine.backups import named_target, recover
    from ccir.engine.recording import record_outcome

    session.refuse_at()
    name = named_target(session.workspace, target)
    run_id = session.run_if_any
    into = (session.surroundings.here / to).absolute()
    _refuse_unknown_step(session, run_id, step)
    with session.speech.work():
        restored = recover(
            session.workspace, name, session.attendant(), into=into, snapshot=snapshot, step=step
        )
    if run_id is not None:
        record_outcome(session.workspace, run_id, restored.event, by=session.person)
    _show_restored(session, restored, run_id)
    return session.speech.status(exit_status(restored.event.verdict))


@command(
    app,
    name="last-clean",
    examples=(
        "ccir backup last-clean crm",
        "ccir backup last-clean crm --drill customer-records --limit 30",
    ),
)
def last_clean(
    session: Session,
    target: Annotated[
        str | None,
        typer.Argument(
            help="A target or purpose; may be left out where there is one target.",
            autocompletion=complete_targets,
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=1_000, help="At most so many snapshots are restored.")
    ] = 14,
    drill: Annotated[
        str | None,
        typer.Option(help="Judge by this drill's checks too.", autocompletion=complete_drills),
    ] = None,
) -> int:
    """Find the recovery point before data was encrypted: the newest clean snapshot.

    Snapshots are restored into scratch one after the other, from the newest backwards, until the
    content of one is what its files' names promise; each is removed again. Says what would be
    lost by going back to it. Exit status 1: none is clean; 3: none could be judged.
    """
    from ccir.cli.clean_pages import show_clean
    from ccir.engine.backups import named_target
    from ccir.engine.recording import record_outcome
    from ccir.engine.recovery_point import seek_recovery_point

    session.refuse_at()
    name = named_target(session.workspace, target)
    run_id = session.run_if_any
    chosen = None if drill is None else session.document("drills", drill)
    with session.speech.work():
        sought = seek_recovery_point(
            session.workspace, name, session.attendant(), limit=limit, drill=chosen
        )
    found = sought.found
    if run_id is not None:
        record_outcome(session.workspace, run_id, sought.judged.event, by=session.person)
    document = {"run": run_id, "target": name, "lost_seconds": found.lost_seconds}
    if not session.speech.result(document | msgspec.structs.asdict(found)):
        show_clean(session, name, found)
        _say_where(session, run_id)
    return session.speech.status(exit_status(found.verdict))


add_commands(app)
add_ledger_commands(app)


def _refuse_unknown_step(session: Session, run_id: str | None, step: str | None) -> None:
    """Refuse a step that is not the run's, before hours of restoring."""
    from ccir.domain.deciding_steps import existing_step
    from ccir.engine.handle import load

    if step is None:
        return
    if run_id is None:
        raise UsageError("no run is open, so there is no step", hint="leave --step out")
    existing_step(load(session.workspace, run_id).run, step)


def _show_restored(session: Session, restored: Judged[BackupRestored], run_id: str | None) -> None:
    event = restored.event
    if session.speech.result(_without_step(event)):
        return
    session.speech.say(
        f"{event.target} restored into {event.destination}: {event.verdict}{_why(event.reason)}",
        f"{event.files} files, {size(event.bytes)} in {span(event.seconds)}",
    )
    show_checks(session, event.checks, hint=restored.hint)
    _say_where(session, run_id)


def _without_step(event: object) -> dict[str, object]:
    import msgspec

    return {name: value for name, value in msgspec.structs.asdict(event).items() if name != "step"}  # type: ignore[arg-type] # events are structs


def _why(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _say_where(session: Session, run_id: str | None) -> None:
    where = f"recorded in {run_id}" if run_id else "no run is open, so it is recorded nowhere"
    session.speech.say(where)
