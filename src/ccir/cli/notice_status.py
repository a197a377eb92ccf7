"""`ccir notice status`: how a notice stands, and whether one person was told by it."""

from __future__ import annotations

import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.completion import complete_notices
from ccir.cli.notice_pages import show_status
from ccir.cli.session import Session
from ccir.cli.words import moment
from ccir.engine.handle import load
from ccir.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from ccir.engine.notice_lookup import Lookup, Standing

_STDIN = "-"
_LIMIT_CHARACTERS = 1_000
_STATUSES = {"told": 0, "in-doubt": 1, "not-told": 1, "not-listed": 6}
_WORDS = {
    "told": "was told by",
    "in-doubt": "may or may not have been told by",
    "not-told": "was not told by",
    "not-listed": "is on no list of",
}


def status(
    session: Session,
    notice: Annotated[
        str, typer.Argument(help="The notice's id.", autocompletion=complete_notices)
    ],
    *,
    address: Annotated[
        str | None,
        typer.Option(metavar="-", help="Was this person told? Her address is read from stdin."),
    ] = None,
    address_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="As --address, from a file's first line.")
    ] = None,
) -> int:
    """Show a notice's approvals, and how its recipients stand, with masked addresses.

    With an address: how that person stands in every version, and nothing of it is kept. Exit
    status 0 where she was told, 1 where she was not or nobody knows, 6 where no list has her.
    """
    if address is not None or address_file is not None:
        return _whether_told(session, notice, given=address, file=address_file)
    run = load(session.workspace, session.run_id).run
    show_status(session, run, notice)
    return 0


def _whether_told(session: Session, notice: str, *, given: str | None, file: Path | None) -> int:
    from ccir.engine.notice_lookup import look_up

    address = _address(session, given, file)
    run = load(session.workspace, session.run_id).run
    found = look_up(session.workspace, run, notice, address=address)
    if not session.speech.result(_document(session, notice, found)):
        _say(session, notice, found, zone=run.zone)
    return _STATUSES[found.answer]


def _address(session: Session, given: str | None, file: Path | None) -> str:
    if given is not None and file is not None:
        raise UsageError("--address and --address-file exclude each other", hint="give one")
    if file is not None:
        return _first_line(session.surroundings.here / file)
    if given != _STDIN:
        raise UsageError(
            "an address on the command line can be read by everybody on this machine",
            hint="give --address - and type it, or pipe it in, or name --address-file FILE",
        )
    if not sys.stdin.isatty():
        return sys.stdin.readline(_LIMIT_CHARACTERS).strip()
    print("address (not shown): ", end="", file=sys.stderr, flush=True)
    with _without_echo():
        line = sys.stdin.readline(_LIMIT_CHARACTERS)
    print(file=sys.stderr)
    return line.strip()


def _first_line(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            return stream.readline(_LIMIT_CHARACTERS).strip()
    except OSError as error:
        raise NotFoundError(
            f"the file '{path}' cannot be read: {error.strerror}", hint="one address on one line"
        ) from error


@contextmanager
def _without_echo() -> Iterator[None]:
    """Let the terminal not show what is typed."""
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    silent = [*before]
    silent[3] = before[3] & ~termios.ECHO
    termios.tcsetattr(descriptor, termios.TCSAFLUSH, silent)
    try:
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)


def _document(session: Session, notice: str, found: Lookup) -> dict[str, object]:
    return {
        "run": session.run_id,
        "notice": notice,
        "recipient": found.recipient,
        "answer": found.answer,
        "standings": found.standings,
    }


def _say(session: Session, notice: str, found: Lookup, *, zone: str) -> None:
    session.speech.say(f"{found.recipient} {_WORDS[found.answer]} '{notice}'")
    if not found.standings:
        return
    session.speech.table(
        ("version", "channel", "row", "state", "since"),
        [
            (
                str(each.version),
                each.channel,
                str(each.row),
                f"{each.state} ({each.basis})" if each.basis else each.state,
                "-" if each.changed_at is None else moment(each.changed_at, zone),
            )
            for each in found.standings
        ],
    )
    for each in found.standings:
        if each.reply:
            answer = f"{each.code or ''} {each.reply}".strip()
            session.speech.say(f"version {each.version}: {answer}")
        if each.sha256:
            session.speech.say(_evidence(each, zone))


def _evidence(standing: Standing, zone: str) -> str:
    tls = standing.tls or "without TLS"
    return (
        f"version {standing.version}: left {moment(standing.sent_at, zone)} to {standing.relay}, "
        f"{tls}, Message-ID {standing.message_id}, SHA-256 {standing.sha256}"
    )
