"""`ccir notice`: previews, approves, sends and follows notices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccir.cli.completion import complete_channels, complete_notices
from ccir.cli.notice_pages import (
    say_version,
    show_samples,
    show_sending,
    show_status,
    show_version,
)
from ccir.cli.notice_planning import plan
from ccir.cli.options import command, noun
from ccir.cli.session import Session
from ccir.cli.words import remaining
from ccir.domain.deciding_notices import latest_version
from ccir.domain.wording import tally
from ccir.engine.handle import load
from ccir.errors import UsageError

app = noun("Tell people: approved, and never twice.")
NoticeName = Annotated[
    str, typer.Argument(help="The notice's id.", autocompletion=complete_notices)
]


@command(app, "list", examples=("ccir notice list",))
def list_(session: Session) -> None:
    """List the playbook's notices with their states."""
    from ccir.engine.status import status

    run = load(session.workspace, session.run_id).run
    found = status(session.workspace, run, session.now).notices
    if session.speech.result({"run": run.id, "notices": found}):
        return
    titles = {notice.id: notice.title for notice in run.playbook.notices}
    session.speech.table(
        ("notice", "state", "due", "recipients", "title"),
        [
            (
                each.id,
                each.state,
                "" if each.state == "sent" else remaining(each.due_at, session.now),
                tally(each.counts) if each.counts.total else "",
                titles[each.id],
            )
            for each in found
        ],
        styles=["bold red" if each.overdue else "" for each in found],
    )


@command(
    app,
    examples=(
        "ccir notice preview customers-breach --recipients affected.csv",
        "ccir notice preview employees-alert --channel files --recipients staff.csv",
    ),
)
def preview(
    session: Session,
    notice: NoticeName,
    recipients: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv", help="Who is told; by default recipients/<list>.csv here."
        ),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(help="Instead of the one bound.", autocompletion=complete_channels),
    ] = None,
    *,
    again: Annotated[
        bool,
        typer.Option("--again", help="Also to those whom an earlier version may have told."),
    ] = False,
) -> None:
    """Render the notice for everybody on the list and store that as a numbered version.

    Nothing is sent. The version has to be approved as it is; every change makes a new one.
    """
    from ccir.engine.notice_measures import measured
    from ccir.engine.notice_versions import PreviewOrder, preview

    session.refuse_at()
    here = session.surroundings.here
    order = PreviewOrder(
        notice=notice,
        by=session.person,
        recipients=None if recipients is None else here / recipients,
        channel=channel,
        again=again,
    )
    with session.speech.work():
        made = preview(session.workspace, session.run_id, order, attendant=session.attendant())
    version = made.version
    measures = measured(made.samples)
    if session.speech.result(
        {
            "run": session.run_id,
            "notice": notice,
            "version": version.version,
            "digest": version.digest,
            "channel": version.channel,
            "recipients": version.recipients,
            "languages": version.languages,
            "duplicates": version.duplicates,
            "already_told": version.already_told,
            "rejected": made.rejected,
            "samples": made.samples,
            "content": made.content,
            "readability": measures.readability,
            "sms": measures.sms,
        }
    ):
        return
    show_samples(session, made.samples)
    show_version(session, made, measures)


@command(app, examples=("ccir notice show customers-breach",))
def show(session: Session, notice: NoticeName) -> None:
    """Show the stored text of the newest version, as its first recipients get it."""
    from ccir.engine.notice_versions import sample

    run = load(session.workspace, session.run_id).run
    version = latest_version(run, notice)
    samples = sample(session.workspace, version)
    if not session.speech.result(
        {"notice": notice, "version": version.version, "digest": version.digest, "samples": samples}
    ):
        show_samples(session, samples)
        say_version(session, version)


command(
    app,
    examples=(
        "ccir notice plan customers-breach",
        "ccir notice plan customers-breach --rate 14/s --from 22:00",
    ),
)(plan)


@command(
    app,
    examples=(
        "ccir notice approve customers-breach --as kim",
        "ccir notice approve customers-breach --version 2",
        "ccir notice approve customers-breach --despite-deadline --reason 'no faster relay'",
    ),
)
def approve(
    session: Session,
    notice: NoticeName,
    version: Annotated[
        int | None, typer.Option(help="Refuse unless this is the newest version.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why, with --despite-deadline; kept as a note.")
    ] = None,
    *,
    despite_deadline: Annotated[
        bool,
        typer.Option("--despite-deadline", help="Though its sending will miss a legal deadline."),
    ] = False,
) -> None:
    """Approve the newest version: its text, its recipients and its channel, nothing else.

    Refused (5) where the channel's rate makes its sending, started now, miss a legal deadline
    that is not over yet: `ccir notice plan` shows it.
    """
    from ccir.engine.notice_approving import ApprovalOrder, approve

    if despite_deadline != bool(reason and reason.strip()):
        raise UsageError(
            "--despite-deadline and --reason go together", hint="give both of them, or neither"
        )
    order = ApprovalOrder(
        notice=notice, by=session.person, version=version, despite=reason, at=session.at
    )
    run = approve(session.workspace, session.run_id, order, attendant=session.attendant()).run
    show_status(session, run, notice)


@command(
    app, examples=("ccir notice send customers-breach", "ccir notice send staff-roll-call --yes")
)
def send(
    session: Session,
    notice: NoticeName,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Send without asking.")] = False,
) -> int:
    """Send the approved version to every recipient who is still planned.

    Shows count, channel and digest, and asks. Repeating it never sends to anybody twice.
    Exit status 1 if anybody was refused or is in doubt.
    """
    from ccir.engine.sending_work import send_as_work

    session.refuse_at()
    with session.speech.work():
        sending = send_as_work(
            session.workspace,
            session.run_id,
            notice=notice,
            by=session.person,
            attendant=session.attendant(yes=yes),
        )
    show_sending(session, notice, sending)
    if not sending.is_complete:
        return session.speech.status(3)
    return session.speech.status(0 if sending.is_flawless else 1)


@command(
    app,
    examples=("ccir notice status customers-breach", "ccir notice status customers-breach --json"),
)
def status(session: Session, notice: NoticeName) -> None:
    """Show a notice's approvals, and how its recipients stand, with masked addresses."""
    run = load(session.workspace, session.run_id).run
    show_status(session, run, notice)
