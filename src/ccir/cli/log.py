"""`ccir log`: the run's timeline, event by event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.options import command, plain
from ccir.cli.session import Session
from ccir.cli.words import clock_time, entered_later
from ccir.domain.events import NoteAdded
from ccir.domain.wording import sealed_texts, sentence
from ccir.engine.handle import which_run
from ccir.engine.texts import opened

if TYPE_CHECKING:
    from ccir.domain.record import Entry

app = plain()
_POLL_SECONDS = 1.0


@command(app, examples=("ccir log", "ccir log --follow --json", "ccir log --after 40"))
def log(
    session: Session,
    after: Annotated[int, typer.Option(help="Only events after this number.")] = 0,
    *,
    follow: Annotated[bool, typer.Option("--follow", help="Go on as events come.")] = False,
    privileged: Annotated[
        bool, typer.Option("--privileged", help="Show privileged notes as well.")
    ] = False,
) -> None:
    """Show the timeline.

    When, who, what, and what was written; with --follow, each event as it comes.
    """
    run_id = which_run(session.workspace, session.options.run or session.workspace.environment.run)
    entries = session.workspace.stores.events.read(run_id, after=after)
    if not follow and session.speech.result(
        {"run": run_id, "events": [_shown(session, entry, privileged) for entry in entries]}
    ):
        return
    _print(session, entries, privileged=privileged)
    while follow:
        session.surroundings.clock.sleep(_POLL_SECONDS)
        after = entries[-1].seq if entries else after
        entries = session.workspace.stores.events.read(run_id, after=after)
        _print(session, entries, privileged=privileged)


def _print(session: Session, entries: list[Entry], *, privileged: bool) -> None:
    for entry in entries:
        if session.speech.is_json:
            session.speech.line(_shown(session, entry, privileged))
        else:
            session.speech.say(*_lines(session, entry, privileged=privileged))


def _shown(session: Session, entry: Entry, privileged: bool) -> dict[str, object]:
    return {
        "seq": entry.seq,
        "at": entry.at,
        "recorded_at": entry.recorded_at,
        "by": entry.by,
        "via": entry.via,
        "type": entry.type,
        "body": entry.event,
        "hash": entry.hash,
        "text": sentence(entry.event),
        "said": _said(session, entry, privileged=privileged),
    }


def _lines(session: Session, entry: Entry, *, privileged: bool) -> list[str]:
    when = clock_time(entry.at, session.workspace.zone.key)
    later = entered_later(entry.at, entry.recorded_at)
    mark = f" [{later}]" if later else ""
    head = f"{entry.seq:>4}  {when}  {entry.by}: {sentence(entry.event)}{mark}"
    said = _said(session, entry, privileged=privileged)
    return [head, *(f"{'':6}| {line}" for text in said for line in text.splitlines())]


def _said(session: Session, entry: Entry, *, privileged: bool) -> list[str]:
    if isinstance(entry.event, NoteAdded) and entry.event.privileged and not privileged:
        return ["(privileged: --privileged shows it)"]
    texts = (opened(session.workspace, sealed) for sealed in sealed_texts(entry.event))
    return ["(erased)" if text is None else text for text in texts]
