"""`ccir notice`: previews, approves, sends and follows notices."""

from __future__ import annotations

from typing import Annotated

import typer

from ccir.cli.completion import complete_notices
from ccir.cli.measure_pages import show_measures
from ccir.cli.notice_acks import ack, escalate, roll_call
from ccir.cli.notice_bounces import bounces, suppressions
from ccir.cli.notice_halting import deny, pause, resume, stop
from ccir.cli.notice_pages import (
    say_version,
    show_samples,
    show_sending,
    show_status,
)
from ccir.cli.notice_planning import plan
from ccir.cli.notice_previewing import preview
from ccir.cli.notice_proof import proof
from ccir.cli.notice_recipients import recipients
from ccir.cli.notice_resolving import resolve
from ccir.cli.notice_status import status
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


command(
    app,
    examples=(
        "ccir notice preview customers-breach --recipients affected.csv --rejects rejected.csv",
        "ccir notice preview employees-alert --channel files --recipients staff.csv",
        "ccir notice preview customers-breach --query affected.sql --database sqlite:/srv/crm.db",
    ),
)(preview)
command(
    app,
    examples=(
        "ccir notice recipients customers-breach",
        "ccir notice recipients customers-breach --queue",
        "ccir notice recipients customers-breach --include 17 --reason 'her guardian asked for it'",
        "ccir notice recipients customers-breach --rows --unmask --reason 'a page was lost'",
    ),
)(recipients)


@command(app, examples=("ccir notice show customers-breach",))
def show(session: Session, notice: NoticeName) -> None:
    """Show the newest version as its first recipients get it, and how its text reads."""
    from ccir.engine.notice_measures import measured
    from ccir.engine.notice_versions import sample

    run = load(session.workspace, session.run_id).run
    version = latest_version(run, notice)
    samples = sample(session.workspace, version)
    measures = measured(samples, version.languages)
    if session.speech.result(
        {
            "notice": notice,
            "version": version.version,
            "digest": version.digest,
            "samples": samples,
            "readability": measures.readability,
            "sms": measures.sms,
            "sms_segments": measures.segments,
        }
    ):
        return
    show_samples(session, samples)
    say_version(session, version)
    show_measures(session, measures)


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


command(
    app, examples=("ccir notice deny customers-breach --reason 'it names the supplier' --as kim",)
)(deny)


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


command(
    app, examples=("ccir notice pause customers-breach --reason 'the relay puts everything off'",)
)(pause)
command(app, examples=("ccir notice resume customers-breach",))(resume)
command(app, examples=("ccir notice stop customers-breach --reason 'the count was wrong'",))(stop)


command(
    app,
    examples=("ccir notice status customers-breach", "ccir notice status customers-breach --json"),
)(status)
command(
    app,
    examples=(
        "ccir notice resolve customers-breach --relay-log /var/log/mail.log",
        "ccir notice resolve customers-breach --row 17 --decision told --reason 'she called us'",
    ),
)(resolve)
command(
    app,
    examples=(
        "ccir notice proof customers-breach --to proof.zip",
        "ccir notice proof customers-breach --full --reason 'the authority asks for samples'",
    ),
)(proof)


command(
    app,
    examples=(
        "ccir notice bounces /var/mail/bounces",
        "ccir notice bounces Maildir --dry-run",
    ),
)(bounces)
command(
    app,
    examples=(
        "ccir notice suppressions",
        "ccir notice suppressions --remove back.txt --reason 'her mailbox works again'",
    ),
)(suppressions)
command(
    app, examples=("ccir notice ack staff-roll-call --row 17 --answer safe --how 'by telephone'",)
)(ack)
command(app, examples=("ccir notice roll-call staff-roll-call --by site --rows",))(roll_call)
command(app, examples=("ccir notice escalate staff-roll-call",))(escalate)
