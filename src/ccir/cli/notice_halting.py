"""`ccir notice deny, pause, resume, stop`: what keeps a version from going out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.completion import complete_notices
from ccir.cli.notice_pages import show_status
from ccir.cli.session import Session

if TYPE_CHECKING:
    from ccir.domain.ledger import Halt

NoticeName = Annotated[
    str, typer.Argument(help="The notice's id.", autocompletion=complete_notices)
]
Reason = Annotated[str, typer.Option(help="Why; kept sealed in the run's log.")]


def deny(session: Session, notice: NoticeName, reason: Reason) -> None:
    """Refuse the newest version: it never goes out, and its author reads why.

    Whoever may approve the notice may refuse it, before its sending began.
    """
    from ccir.engine.notice_halting import deny

    run = deny(
        session.workspace,
        session.run_id,
        notice=notice,
        by=session.person,
        reason=reason,
        at=session.at,
    ).run
    show_status(session, run, notice)


def pause(session: Session, notice: NoticeName, reason: Reason) -> None:
    """Hold the sending up after the present message, in whatever process it runs.

    `ccir notice resume` lets it go on, and the next `ccir notice send` does.
    """
    _halt(session, notice, how="paused", reason=reason)


def stop(session: Session, notice: NoticeName, reason: Reason) -> None:
    """End the version's sending for good after the present message.

    Who was told stays told: what was sent cannot be called back. The others are superseded, and
    the next version goes to them.
    """
    _halt(session, notice, how="stopped", reason=reason)


def resume(session: Session, notice: NoticeName) -> None:
    """Let a paused sending go on; `ccir notice send` takes it up where it was."""
    from ccir.engine.notice_halting import release

    session.refuse_at()
    run = release(session.workspace, session.run_id, notice=notice, by=session.person).run
    show_status(session, run, notice)


def _halt(session: Session, notice: str, *, how: Halt, reason: str) -> None:
    from ccir.engine.notice_halting import halt

    session.refuse_at()
    run = halt(
        session.workspace,
        session.run_id,
        notice=notice,
        by=session.person,
        how=how,
        reason=reason,
    ).run
    show_status(session, run, notice)
