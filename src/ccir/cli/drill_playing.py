"""Plays the drills that are due, one after the other, and brings the metrics up to date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ccir.cli.drill_pages import verdict
from ccir.cli.session import Session
from ccir.domain.outcomes import exit_status
from ccir.errors import CcirError

if TYPE_CHECKING:
    from ccir.domain.drill_history import Due


def play_all(session: Session, found: Sequence[Due]) -> int:
    """Play each drill once, tell how it went, and return the exit status of the worst."""
    from ccir.engine.drill_runs import play_due

    statuses, played, failed = [0], [], []
    with session.speech.work():
        for each in found:
            if session.speech.is_interrupted:
                break  # what was not begun stays due
            try:
                by = session.person_or_system
                lone = play_due(session.workspace, each.drill, by=by, attendant=session.attendant())
            except CcirError as error:
                statuses.append(error.exit_status)
                failed.append({"drill": each.drill, "code": error.code, "message": error.message})
                session.speech.warn(f"{each.drill}: {error.message}\nhint: {error.hint}")
                continue
            if lone is not None:
                event = lone.judged.event
                statuses.append(exit_status(event.verdict))
                played.append({"run": lone.run, "drill": event.drill, "verdict": event.verdict})
                session.speech.say(f"{lone.run}: drill {event.drill} {verdict(event)}")
    write_metrics(session)
    if not session.speech.result({"played": played, "failed": failed}) and not found:
        session.speech.say("no drill is due")
    return session.speech.status(max(statuses))


def write_metrics(session: Session) -> None:
    """Write the metrics; where that fails, the drill's result is told all the same."""
    from ccir.engine.drill_metrics import write_metrics as write

    try:
        write(session.workspace, session.now)
    except CcirError as error:
        session.speech.warn(f"{error.message}\nhint: {error.hint}")
