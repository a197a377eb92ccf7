"""`ccir notice bounces` and `suppressions`: what came back, and who is no longer written to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.session import Session
from ccir.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from ccir.engine.notice_bounces import BouncesFound, MailKind

LIMIT_LIST_BYTES = 16 * 1024 * 1024
_STDIN = "-"


def bounces(
    session: Session,
    mailbox: Annotated[
        Path,
        typer.Argument(metavar="MAILBOX", help="A maildir, an mbox file, or a folder of .eml."),
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what the mails say, and keep nothing of it.")
    ] = False,
) -> None:
    """Read what came back of notices, of every run, into the ledger.

    The mailbox is only read: nothing there is moved, marked or removed, and reading it again
    counts nothing twice. Addresses that are dead, or complained, are no longer written to.
    """
    from ccir.engine.notice_bounces import BounceOrder, read_bounces

    session.refuse_at()
    order = BounceOrder(
        place=session.surroundings.here / mailbox, by=session.person, is_dry=dry_run
    )
    with session.speech.work():
        found = read_bounces(session.workspace, order, attendant=session.attendant())
    if session.speech.result(
        {
            "dry_run": dry_run,
            "mails": found.mails,
            "reports": found.reports,
            "notices": found.versions,
            "suppressed": found.suppressed,
        }
    ):
        return
    _show_found(session, found)
    if dry_run:
        session.speech.say("dry run: nothing was kept")


def suppressions(
    session: Session,
    add: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Add these addresses, one a line; - reads them here."),
    ] = None,
    remove: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Take these off, one a line; - reads them here."),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why, with --add or --remove; kept as a note.")
    ] = None,
) -> None:
    """Count who is no longer written to, by the reason; add or take off addresses.

    The list holds keyed hashes and no address, and is the workspace's. A change is noted in the
    run's log.
    """
    from ccir.engine.notice_suppressions import SuppressionOrder, change_suppressions

    if add is not None or remove is not None:
        if reason is None or not reason.strip():
            raise UsageError("--add and --remove need --reason", hint="say why: --reason TEXT")
        order = SuppressionOrder(
            by=session.person,
            reason=reason,
            add=_lines(session, add),
            remove=_lines(session, remove),
        )
        change_suppressions(session.workspace, session.run_id, order)
    elif reason is not None:
        raise UsageError("--reason goes with --add or --remove", hint="say which addresses")
    counts = session.workspace.stores.people.suppression_counts()
    if session.speech.result({"suppressions": counts}):
        return
    words = ", ".join(f"{count} {name}" for name, count in counts.items())
    session.speech.say(f"no longer written to: {words or 'nobody'}")


def _lines(session: Session, name: str | None) -> tuple[str, ...]:
    """Return the lines of a file, or of what is typed; empty ones are left out."""
    if name is None:
        return ()
    if name == _STDIN:
        text = sys.stdin.read(LIMIT_LIST_BYTES + 1)
    else:
        path = session.surroundings.here / name
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                text = file.read(LIMIT_LIST_BYTES + 1)
        except OSError as error:
            raise NotFoundError(
                f"'{path}' cannot be read: {error.strerror}", hint="give a file of addresses"
            ) from error
    if len(text) > LIMIT_LIST_BYTES:
        raise UsageError("more than 16 MiB of addresses at once", hint="give them in several files")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


_MAILS: dict[MailKind, str] = {
    "read": "read",
    "known": "read before",
    "other": "no reports",
    "forged": "with a wrong tag",
    "foreign": "about nobody of ours",
}


def _show_found(session: Session, found: BouncesFound) -> None:
    mails = [f"{count} {_MAILS[kind]}" for kind, count in found.mails.items() if count]
    session.speech.say(f"mails: {', '.join(mails) or 'none'}")
    reports = ", ".join(f"{count} {outcome}" for outcome, count in found.reports.items() if count)
    session.speech.say(f"reports: {reports or 'none'}")
    for each in found.versions:
        session.speech.say(
            f"{each.run} {each.notice} version {each.version}: {each.bounced} bounced, "
            f"{each.delivered} delivered, {each.ignored} changed nothing"
        )
    if found.suppressed:
        session.speech.say(f"{found.suppressed} addresses are no longer written to")
    bounced = next((each for each in found.versions if each.bounced), None)
    if bounced is not None:
        session.speech.say(
            f"next: `ccir notice preview {bounced.notice} --only-unreached --channel NAME`"
        )
