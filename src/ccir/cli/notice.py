"""`ccir notice`: previews, approves, sends and follows notices."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.completion import complete_channels, complete_notices
from ccir.cli.options import command, noun
from ccir.cli.session import Session
from ccir.cli.words import moment, remaining
from ccir.domain.deciding_notices import (
    approvals_missing,
    existing_notice,
    is_one_account,
    latest_version,
)
from ccir.domain.notices import masked
from ccir.domain.views import notice_view
from ccir.domain.wording import tally
from ccir.engine.handle import load
from ccir.engine.notice_rows import DIGEST_SHOWN

if TYPE_CHECKING:
    from ccir.catalog.rendering import RenderedText
    from ccir.domain.run import Run, VersionRecord
    from ccir.engine.notice_sending import Sending
    from ccir.engine.notice_versions import Previewed

app = noun("Tell employees, customers and authorities, approved and never twice.")
NoticeName = Annotated[
    str, typer.Argument(help="The notice's id.", autocompletion=complete_notices)
]
ONE_ACCOUNT = "asserted, one account"
_REJECTED_SHOWN = 10
_ROWS_SHOWN = 20


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
    from ccir.engine.notice_versions import PreviewOrder, preview

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
        }
    ):
        return
    _show_samples(session, made.samples)
    _show_version(session, made)


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
        _show_samples(session, samples)
        _say_version(session, version)


@command(
    app,
    examples=(
        "ccir notice approve customers-breach --as kim",
        "ccir notice approve customers-breach --version 2",
    ),
)
def approve(
    session: Session,
    notice: NoticeName,
    version: Annotated[
        int | None, typer.Option(help="Refuse unless this is the newest version.")
    ] = None,
) -> None:
    """Approve the newest version: its text, its recipients and its channel, nothing else."""
    from ccir.engine.notice_sending import approve

    run = approve(
        session.workspace, session.run_id, notice=notice, by=session.person, version=version
    ).run
    _show_status(session, run, notice)


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

    with session.speech.work():
        sending = send_as_work(
            session.workspace,
            session.run_id,
            notice=notice,
            by=session.person,
            attendant=session.attendant(yes=yes),
        )
    _show_sending(session, notice, sending)
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
    _show_status(session, run, notice)


def _show_status(session: Session, run: Run, name: str) -> None:
    from ccir.engine.status import counts_of

    notice = existing_notice(run, name)
    view = notice_view(run, notice, session.now)
    version = run.latest(name)
    approvals = () if version is None else version.approvals
    counts = counts_of(session.workspace, run, name)
    if session.speech.result(
        {
            "notice": name,
            "state": view.state,
            "version": None if version is None else version.version,
            "digest": None if version is None else version.digest,
            "channel": None if version is None else version.channel,
            "approvals": approvals,
            "approvals_missing": None if version is None else approvals_missing(notice, version),
            "asserted": version is not None and is_one_account(version),
            "counts": counts,
        }
    ):
        return
    session.speech.say(f"{name} is {view.state}: {notice.title}")
    if version is None:
        session.speech.say(f"next: `ccir notice preview {name} --recipients FILE.csv`")
        return
    _say_version(session, version)
    zone = run.zone
    for given in approvals:
        who = _named(session, given.by)
        session.speech.say(
            f"approved by {who} as {given.role or 'anybody'}, account {given.account}, "
            f"{moment(given.at, zone)}"
        )
    if is_one_account(version):
        session.speech.say(f"approvals: {ONE_ACCOUNT}")
    missing = approvals_missing(notice, version)
    if missing:
        session.speech.say(f"{missing} of {notice.approvals.count} approvals are missing")
    session.speech.say(f"recipients: {tally(counts)}")
    _show_troubled(session, run, version)


def _show_troubled(session: Session, run: Run, version: VersionRecord) -> None:
    """List those who were refused or are in doubt, masked, with the server's words."""
    from ccir.engine.notice_rows import troubled_rows

    rows = troubled_rows(session.workspace, run, version, limit=_ROWS_SHOWN + 1)
    if not rows:
        return
    session.speech.table(
        ("row", "recipient", "state", "answer"),
        [
            (str(row.row), masked(address), row.state, f"{row.code or ''} {row.reply}".strip())
            for row, address in rows[:_ROWS_SHOWN]
        ],
    )
    if len(rows) > _ROWS_SHOWN:
        session.speech.say("… and more")


def _show_samples(session: Session, samples: dict[str, RenderedText]) -> None:
    for language, rendered in samples.items():
        session.speech.say(f"── {language} ── {rendered.subject}", "", rendered.text.rstrip(), "")


def _show_version(session: Session, made: Previewed) -> None:
    _say_version(session, made.version)
    version = made.version
    languages = ", ".join(f"{count} {name}" for name, count in version.languages.items())
    session.speech.say(f"languages: {languages}")
    left_out = {
        "rejected": version.rejected,
        "duplicates": version.duplicates,
        "told already": version.already_told,
    }
    shown = ", ".join(f"{count} {name}" for name, count in left_out.items() if count)
    if shown:
        session.speech.say(f"left out: {shown}")
    for rejected in made.rejected[:_REJECTED_SHOWN]:
        session.speech.say(f"  row {rejected.row}: {rejected.reason}")
    if len(made.rejected) > _REJECTED_SHOWN:
        session.speech.say(f"  … and {len(made.rejected) - _REJECTED_SHOWN} more: --json lists all")
    session.speech.say(f"next: `ccir notice approve {made.notice.id}`")


def _say_version(session: Session, version: VersionRecord) -> None:
    session.speech.say(
        f"version {version.version}, digest {version.digest[:DIGEST_SHOWN]}…: "
        f"{version.recipients} recipients through {version.channel}, by {version.author}"
    )


def _show_sending(session: Session, notice: str, sending: Sending) -> None:
    from ccir.engine.notice_sending import outcome_in_words

    report = sending.report
    if session.speech.result(
        {
            "run": session.run_id,
            "notice": notice,
            "version": sending.version.version,
            "digest": sending.version.digest,
            "ended": "complete" if report is None else report.ended,
            "counts": sending.counts,
            "detail": "" if report is None else report.detail,
        }
    ):
        return
    words = outcome_in_words(sending)
    prefix = "nothing is left to send" if report is None else f"sending {report.ended}"
    session.speech.say(f"{notice} version {sending.version.version}: {prefix}: {words}")
    if report is not None and report.hint:
        session.speech.say(f"hint: {report.hint}")
    if not sending.is_flawless:
        session.speech.say(f"`ccir notice status {notice}` lists who was refused or is in doubt")


def _named(session: Session, person: str) -> str:
    entry = session.workspace.settings.people.get(person)
    if entry is None:
        return person
    return f"{entry.name} (simulated)" if entry.simulated else entry.name
