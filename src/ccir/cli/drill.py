"""`ccir drill`: rehearses restores, and tells how they went."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from ccir.cli.completion import complete_drills
from ccir.cli.drill_citing import cite
from ccir.cli.drill_listing import list_
from ccir.cli.drill_pages import show_due, show_history
from ccir.cli.drill_playing import play_all, write_metrics
from ccir.cli.drill_result import show_result
from ccir.cli.drill_skipping import skip
from ccir.cli.options import command, noun
from ccir.cli.session import Session
from ccir.domain.outcomes import exit_status
from ccir.errors import UsageError

_AS_ROOT = "it runs as root unless User= is added to [Service] of ccir-drills.service"
app = noun("Rehearse restores: play drills, and see how they went.")


command(app, "list", examples=("ccir drill list", "ccir drill list --json"))(list_)


@command(
    app,
    examples=(
        "ccir drill run customer-records",
        "ccir drill run customer-records --alone --json",
    ),
)
def run(
    session: Session,
    drill: Annotated[
        str,
        typer.Argument(
            help="The drill's id (`ccir drill list`), or its file.", autocompletion=complete_drills
        ),
    ],
    snapshot: Annotated[
        str | None, typer.Option(metavar="ID", help="By default the newest of the target.")
    ] = None,
    *,
    alone: Annotated[
        bool, typer.Option("--alone", help="As a run of its own, also during an incident.")
    ] = False,
) -> int:
    """Restore a backup into scratch, judge it against its objectives, and clean up.

    With an open incident the result stands in its log; else the drill is a run of its own,
    with a log and a report (`ccir report --run DR-…`). A word with a slash in it, or that ends in
    .yaml, is a file: it is played to try it out, and where no incident is open its result is
    shown but not kept.

    With --snapshot no RPO is held against it, and neither an older snapshot nor a negative
    control is added. Exit status 1: the backup or an objective failed; 3: no verdict.
    """
    from ccir.catalog.sources import is_path
    from ccir.engine.backups import drill as play
    from ccir.engine.drill_runs import play_alone
    from ccir.engine.recording import record_outcome

    session.refuse_at()
    run_id = None if alone else session.run_if_any
    name = session.document("drills", drill)
    with session.speech.work():
        attendant = session.attendant()
        if run_id is None and not is_path("drills", drill):
            by = session.person_or_system
            lone = play_alone(
                session.workspace, name, by=by, attendant=attendant, snapshot=snapshot
            )
            run_id, found = lone.run, lone.judged
        else:
            found = play(session.workspace, name, attendant, snapshot=snapshot)
            if run_id is not None:
                record_outcome(session.workspace, run_id, found.event, by=session.person)
    write_metrics(session)
    event = found.event
    document = {
        name: value for name, value in msgspec.structs.asdict(event).items() if name != "step"
    }
    if not session.speech.result(document | {"run": run_id}):
        show_result(session, event, hint=found.hint)
        where = f"recorded in {run_id}" if run_id else "a file's drill is recorded nowhere"
        session.speech.say(where)
    return session.speech.status(exit_status(event.verdict))


@command(
    app, examples=("ccir drill history", "ccir drill history customer-records --limit 30 --json")
)
def history(
    session: Session,
    drill: Annotated[
        str | None, typer.Argument(help="Only this one.", autocompletion=complete_drills)
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="The newest so many.")] = 20,
) -> None:
    """Show how drills went, in incidents and alone, the newest last, with the trend of their times.

    The bars are restore time (RTO), age of the snapshot (RPO) and coverage, a bar a drill of the
    table; the largest is full, what was not measured is blank. Restore times are told over the
    drills that restored everything: what was measured.
    """
    from ccir.domain.drill_trend import trends
    from ccir.engine.drill_schedule import history

    found = history(session.workspace, drill)[-limit:]
    if session.speech.result({"drills": found, "trends": trends(found)}):
        return
    show_history(session, found)


@command(
    app,
    examples=("ccir drill due", "ccir drill due --run", "ccir drill due --json"),
    without=("run",),  # no run is meant here: `--run` plays
)
def due(
    session: Session,
    *,
    playing: Annotated[
        bool, typer.Option("--run", help="Play what is due, one drill after the other.")
    ] = False,
) -> int:
    """Show which drills on a schedule are due; exit status 1 where one is.

    With --run each of them is played once, as a run of its own, however many times it was due:
    what a timer calls. A drill whose file has errors is told and does not stop the others. One
    that another process plays is left to it. The exit status is that of the worst then: 1 where a
    backup or an objective failed, 3 where there is no verdict, 0 where all passed or none was due.
    2 in either case: the file of a drill has errors.
    """
    from ccir.engine.drill_schedule import broken_drills, due_drills

    session.refuse_at()
    found = due_drills(session.workspace, session.now)
    broken = broken_drills(session.workspace)
    for error in broken:
        session.speech.warn(f"{error.message}\nhint: {error.hint}")
    worst = max((error.exit_status for error in broken), default=0)
    if playing:
        return max(worst, play_all(session, [each for each in found if each.is_due]))
    if not session.speech.result({"due": found}):
        show_due(session, found)
    return max(worst, 1 if any(each.is_due for each in found) else 0)


@command(
    app,
    examples=(
        "ccir drill install --to ~/.config/systemd/user",
        "ccir drill install --to /etc/systemd/system",
        "ccir drill install --cron",
    ),
)
def install(
    session: Session,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where systemd looks for its units.")
    ] = None,
    *,
    cron: Annotated[bool, typer.Option("--cron", help="Print a line for cron instead.")] = False,
) -> None:
    """Let systemd or cron call `ccir drill due --run` every hour.

    The timer is persistent: after a machine was off, it catches up once. Nothing is enabled:
    the commands that do it are shown. In /etc/systemd/system the service runs as root, unless
    `User=` is added to it.
    """
    from ccir.engine.drill_timer import cron_line, enabling, is_system_wide, units, write_units

    session.refuse_at()
    program = Path(sys.argv[0]).resolve()
    if cron:
        line = cron_line(session.workspace, program)
        if not session.speech.result({"cron": line}):
            session.speech.say(line)
        return
    if to is None:
        raise UsageError(
            "where the units go is not known", hint="--to ~/.config/systemd/user, or --cron"
        )
    folder = session.surroundings.here / to.expanduser()
    is_whole = is_system_wide(folder)
    files = write_units(units(session.workspace, program, is_system_wide=is_whole), folder)
    if not session.speech.result({"files": [str(file) for file in files]}):
        session.speech.say(
            *(f"wrote {file}" for file in files),
            *([_AS_ROOT] if is_whole else []),
            "next:",
            *(f"  {line}" for line in enabling(folder)),
        )


command(
    app,
    examples=(
        "ccir drill cite DR-2026-0001",
        "ccir drill cite DR-2026-0001 --run INC-2026-0001 --json",
    ),
)(cite)
command(
    app,
    examples=(
        "ccir drill skip customer-records --reason 'the storage is being moved'",
        "ccir drill skip customer-records --reason 'the storage is being moved' --until 2026-12-01",
    ),
)(skip)
