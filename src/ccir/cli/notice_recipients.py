"""`ccir notice recipients`: how many people a notice goes to, where they live, and who waits."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.completion import complete_notices
from ccir.cli.session import Session
from ccir.errors import UsageError

if TYPE_CHECKING:
    from ccir.domain.run import Run, VersionRecord
    from ccir.engine.notice_recipients import MaskedRow, NoticeRecipients

_ROWS_SHOWN = 1_000
_UNDETERMINED = "undetermined"


def recipients(
    session: Session,
    notice: Annotated[
        str, typer.Argument(help="The notice's id.", autocompletion=complete_notices)
    ],
    include: Annotated[
        list[int] | None,
        typer.Option(metavar="ROW", help="Tell this queued row all the same; may be repeated."),
    ] = None,
    exclude: Annotated[
        list[int] | None,
        typer.Option(metavar="ROW", help="Leave this queued row out; may be repeated."),
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why, with --include, --exclude or --unmask; kept sealed.")
    ] = None,
    *,
    rows: Annotated[
        bool, typer.Option("--rows", help=f"List the first {_ROWS_SHOWN} rows, masked.")
    ] = False,
    queue: Annotated[
        bool, typer.Option("--queue", help="List who waits for a decision, masked.")
    ] = False,
    unmask: Annotated[
        bool,
        typer.Option("--unmask", help="With --rows and --reason: in full, which stays in the log."),
    ] = False,
) -> None:
    """Count the newest version's recipients by language, place and channel; decide who waits.

    A place or channel that the list does not say is undetermined, and is never guessed. What is
    decided of queued rows counts from the next preview on. With --unmask rows are shown in full to
    those who may see them: `[privacy] unmask_roles`.
    """
    from ccir.engine.handle import load
    from ccir.engine.notice_recipients import masked_queue, notice_recipients

    session.refuse_at()
    if unmask:
        _refuse_unfit_unmasking(rows, reason, decides=bool(include or exclude))
    elif include or exclude or reason is not None:
        _decide(session, notice, include=include or [], exclude=exclude or [], reason=reason)
    run = load(session.workspace, session.run_id).run
    found = notice_recipients(session.workspace, run, notice)
    shown = _rows(session, run, found.version, reason=reason if unmask else None) if rows else None
    waiting = [*islice(masked_queue(session.workspace, found.version), _ROWS_SHOWN)]
    if session.speech.result(
        _document(session, found, rows=shown, queue=waiting if queue else None)
    ):
        return
    _show(session, found)
    if shown is not None:
        _show_rows(session, shown, more=found.count > len(shown))
    if queue:
        _show_rows(session, waiting, more=sum(found.queued.values()) > len(waiting))


def _refuse_unfit_unmasking(rows: bool, reason: str | None, *, decides: bool) -> None:
    if not rows or decides or reason is None or not reason.strip():
        raise UsageError(
            "--unmask goes with --rows and --reason, and with no decision",
            hint="say why: --rows --unmask --reason 'the print house lost a page'",
        )


def _rows(
    session: Session, run: Run, version: VersionRecord, *, reason: str | None
) -> list[MaskedRow]:
    """Return the first rows: in full where a reason for that is given, masked otherwise."""
    from ccir.engine.notice_recipients import masked_rows, unmasked_rows
    from ccir.engine.notice_unmasking import Unmasking

    if reason is None:
        return [*islice(masked_rows(session.workspace, version), _ROWS_SHOWN)]
    order = Unmasking(by=session.person, reason=reason)
    return [*unmasked_rows(session.workspace, run, version, limit=_ROWS_SHOWN, order=order)]


def _decide(
    session: Session, notice: str, *, include: list[int], exclude: list[int], reason: str | None
) -> None:
    from ccir.engine.notice_recipients import QueueOrder, decide_queue

    if not (include or exclude) or reason is None or not reason.strip():
        raise UsageError(
            "--include or --exclude needs --reason, and --reason one of them",
            hint="say why: --include ROW --reason 'her guardian asked for it'",
        )
    order = QueueOrder(
        notice=notice,
        by=session.person,
        reason=reason,
        include=tuple(include),
        exclude=tuple(exclude),
    )
    decide_queue(session.workspace, session.run_id, order)


def _document(
    session: Session,
    found: NoticeRecipients,
    *,
    rows: list[MaskedRow] | None,
    queue: list[MaskedRow] | None,
) -> dict[str, object]:
    return {
        "run": session.run_id,
        "notice": found.version.notice,
        "version": found.version.version,
        "recipients": found.count,
        "languages": found.languages,
        "jurisdictions": found.jurisdictions,
        "channels": found.channels,
        "undetermined": {"jurisdiction": found.placeless, "channel": found.without_channel},
        "queued": found.queued,
        "rows": rows,
        "queue": queue,
    }


def _show(session: Session, found: NoticeRecipients) -> None:
    version = found.version
    session.speech.say(
        f"{version.notice} version {version.version}: {found.count} recipients "
        f"through {version.channel}"
    )
    session.speech.say(f"languages: {_counts(found.languages)}")
    session.speech.say(f"jurisdictions: {_counts(found.jurisdictions, rest=found.placeless)}")
    session.speech.say(f"channels preferred: {_counts(found.channels, rest=found.without_channel)}")
    if found.queued:
        session.speech.say(f"waiting for a decision: {_counts(found.queued)} (--queue lists them)")


def _counts(counts: dict[str, int], *, rest: int = 0) -> str:
    named = [f"{count} {name}" for name, count in counts.items()]
    return ", ".join([*named, f"{rest} {_UNDETERMINED}"] if rest else named) or "none"


def _show_rows(session: Session, rows: Iterable[MaskedRow], *, more: bool) -> None:
    session.speech.table(
        ("row", "recipient", "language", "place", "channel", "waits because"),
        [
            (
                str(each.row),
                f"{each.recipient} {each.name}".strip(),
                each.language,
                each.jurisdiction or _UNDETERMINED,
                each.channel or _UNDETERMINED,
                ", ".join(each.reasons),
            )
            for each in rows
        ],
    )
    if more:
        session.speech.say("… and more")
