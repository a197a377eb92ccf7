"""`ccir drill skip`: leaves a drill out this time."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from ccir.cli.completion import complete_drills
from ccir.cli.drill_playing import write_metrics
from ccir.cli.session import Session
from ccir.cli.words import moment
from ccir.errors import UsageError


def skip(
    session: Session,
    drill: Annotated[str, typer.Argument(help="The drill's id.", autocompletion=complete_drills)],
    reason: Annotated[str, typer.Option(help="Why it is left out; kept sealed.")],
    until: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="When it is due again, within a year: 2026-12-01."),
    ] = None,
) -> None:
    """Leave a drill out this time: it is due again after its period, or on a day.

    Stands in the history as `skipped`, with who said so, as a run of its own. Refused (5) where
    the drill has no schedule: nothing is due that could be left out.
    """
    from ccir.engine.drill_skip import SkipOrder, skip

    session.refuse_at()
    order = SkipOrder(drill=drill, by=session.person, reason=reason, until=_day(until))
    skipped = skip(session.workspace, order)
    write_metrics(session)
    document = {
        "run": skipped.run,
        "drill": skipped.event.drill,
        "verdict": skipped.event.verdict,
        "due_at": skipped.due_at,
    }
    if not session.speech.result(document):
        due = moment(skipped.due_at, session.workspace.zone.key)
        session.speech.say(f"{skipped.run}: drill {skipped.event.drill} skipped; due {due}")


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"'{text}' is not a day", hint="write it as 2026-12-01") from error
