"""`ccir notice ack`, `roll-call` and `escalate`: who has confirmed, and who is asked again."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.completion import complete_notices
from ccir.cli.session import Session
from ccir.cli.words import moment
from ccir.errors import UsageError

if TYPE_CHECKING:
    from ccir.domain.acknowledgement import Tally
    from ccir.engine.notice_escalating import Escalated
    from ccir.engine.notice_rounds import MaskedMember, RollCall

_ROWS_SHOWN = 1_000
_LONGEST_INPUT = 1_000_000
_NoticeName = Annotated[
    str, typer.Argument(help="The notice's id.", autocompletion=complete_notices)
]


def ack(
    session: Session,
    notice: _NoticeName,
    row: Annotated[
        list[int] | None,
        typer.Option(metavar="ROW", help="Who answered, by her row; may be repeated."),
    ] = None,
    address: Annotated[
        str | None,
        typer.Option(metavar="-", help="Read who answered from standard input, one each line."),
    ] = None,
    answer: Annotated[
        str | None, typer.Option(help="safe, working or help; read where no more is asked.")
    ] = None,
    how: Annotated[str, typer.Option(help="How you know: kept as a note.")] = "",
) -> None:
    """Enter what recipients answered by telephone or face to face.

    It counts like an answer by link: nobody contacts them about it again. An address never
    stands in the command line, where other people of the machine could read it.
    """
    from ccir.engine.notice_entering import EntryOrder, enter

    if not how.strip():
        raise UsageError("an entry needs --how", hint="--how 'she called the hotline'")
    order = EntryOrder(
        notice=notice,
        by=session.person,
        how=how,
        rows=tuple(row or ()),
        addresses=() if address is None else _addresses(address),
        answer=answer,
        at=session.at,
    )
    entered = enter(session.workspace, session.run_id, order)
    if session.speech.result(
        {
            "run": session.run_id,
            "notice": notice,
            "version": entered.version,
            "confirmed": entered.confirmed,
            "already": entered.already,
            "late": entered.late,
        }
    ):
        return
    late = f", {entered.late} of them late" if entered.late else ""
    already = f"; {entered.already} had confirmed before" if entered.already else ""
    session.speech.say(f"{notice}: {entered.confirmed} confirmed{late}{already}")


def _addresses(given: str) -> tuple[str, ...]:
    if given != "-":
        raise UsageError(
            "--address takes - only: an address would show in the list of processes",
            hint="give addresses on standard input, one each line: --address -",
        )
    lines = sys.stdin.read(_LONGEST_INPUT).splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def roll_call(
    session: Session,
    notice: _NoticeName,
    by: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Count by a column of the list: site, shift."),
    ] = None,
    *,
    rows: Annotated[
        bool,
        typer.Option("--rows", help=f"List the first {_ROWS_SHOWN} who have not, masked."),
    ] = False,
) -> int:
    """Show who has confirmed, in time or late, who has not, and who cannot be reached.

    Exit status 1 while somebody has not confirmed.
    """
    from ccir.engine.handle import load
    from ccir.engine.notice_rounds import roll_call as call
    from ccir.engine.notice_rounds import silent_rows

    session.refuse_at()
    run = load(session.workspace, session.run_id).run
    found = call(session.workspace, run, notice, by=by)
    silent = silent_rows(session.workspace, run, notice, by=by) if rows else iter(())
    shown = [*islice(silent, _ROWS_SHOWN)]
    if not session.speech.result(_document(session, found, rows=shown if rows else None, by=by)):
        _show(session, found, zone=run.zone, by=by)
        if rows:
            _show_rows(session, shown, zone=run.zone, by=by)
    return 0 if found.first_due_at is None else 1


def escalate(session: Session, notice: _NoticeName) -> int:
    """Ask those again who did not confirm in time, as the notice's 'acknowledge' says.

    Makes a version for its next channel, to be approved and sent as any; where there is none,
    or it was used, calls the role. Nobody who has confirmed is asked again.
    """
    from ccir.engine.notice_escalating import EscalationOrder, escalate

    session.refuse_at()
    order = EscalationOrder(notice=notice, by=session.person)
    done = escalate(session.workspace, session.run_id, order, attendant=session.attendant())
    made, alerted = done.previewed, done.alerted
    if not session.speech.result(
        {
            "run": session.run_id,
            "notice": notice,
            "silent": done.silent,
            "overdue": done.overdue,
            "version": None if made is None else made.version.version,
            "channel": None if made is None else made.version.channel,
            "recipients": None if made is None else made.version.recipients,
            "alert": None if alerted is None else alerted.event,
        }
    ):
        _show_escalation(session, notice, done)
    return 3 if alerted is not None and alerted.event.state != "accepted" else 0


def _document(
    session: Session, found: RollCall, *, rows: list[MaskedMember] | None, by: str | None
) -> dict[str, object]:
    acknowledge = found.round.notice.acknowledge
    return {
        "run": session.run_id,
        "notice": found.round.notice.id,
        "versions": [version.version for version in found.round.versions],
        "within": None if acknowledge is None else acknowledge.within,
        "due_at": found.last_due_at,
        "total": found.tally.total,
        "tally": found.tally,
        "by": by,
        "groups": found.groups,
        "rows": rows,
    }


def _show(session: Session, found: RollCall, *, zone: str, by: str | None) -> None:
    tally, notice = found.tally, found.round.notice
    versions = ", ".join(str(version.version) for version in found.round.versions)
    confirmed = tally.confirmed + tally.late
    share = f" ({confirmed / tally.total:.0%})" if tally.total else ""
    session.speech.say(
        f"{notice.id} version {versions}: {confirmed} of {tally.total} have confirmed{share}"
    )
    table = [("all" if by is not None else "", tally), *found.groups.items()]
    session.speech.table(
        (by or "", "confirmed", "late", "not confirmed", "unreachable", "not sent", "answers"),
        [(name, *_cells(each)) for name, each in table],
    )
    if found.first_due_at is not None and found.last_due_at is not None:
        is_over = found.last_due_at < session.now
        verb = "had" if is_over else "have"
        session.speech.say(f"they {verb} time until {moment(found.last_due_at, zone)}")
        if found.first_due_at < session.now:
            session.speech.say(f"next: `ccir notice escalate {notice.id}`")


def _cells(tally: Tally) -> tuple[str, ...]:
    return (
        str(tally.confirmed),
        str(tally.late),
        str(tally.not_confirmed),
        str(tally.unreachable),
        str(tally.not_sent),
        ", ".join(f"{count} {answer}" for answer, count in tally.answers.items()),
    )


def _show_rows(session: Session, rows: list[MaskedMember], *, zone: str, by: str | None) -> None:
    session.speech.table(
        ("row", "recipient", "stands", by or "", "time until"),
        [
            (str(each.row), each.recipient, each.standing, each.group, moment(each.due_at, zone))
            for each in rows
        ],
    )
    if len(rows) == _ROWS_SHOWN:
        session.speech.say("… and perhaps more")


def _show_escalation(session: Session, notice: str, done: Escalated) -> None:
    session.speech.say(
        f"{done.silent} have not confirmed, {done.overdue} of them have no time left"
    )
    if done.previewed is not None:
        version = done.previewed.version
        session.speech.say(
            f"version {version.version} asks {version.recipients} of them through "
            f"{version.channel}; nothing was sent yet",
            f"next: `ccir notice show {notice}`, then `ccir notice approve {notice}`",
        )
    if done.alerted is not None:
        event = done.alerted.event
        words = f": {event.detail}" if event.detail else ""
        session.speech.say(f"called {done.role} through {event.channel}: {event.state}{words}")
