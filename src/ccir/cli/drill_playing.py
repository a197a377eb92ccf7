"""Plays the drills that are due, one after the other, and brings the metrics up to date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from ccir.cli.drill_pages import verdict
from ccir.cli.session import Session
from ccir.domain.outcomes import exit_status
from ccir.errors import CcirError

if TYPE_CHECKING:
    from ccir.domain.drill_history import Due


class Round(msgspec.Struct, kw_only=True):
    """What came of the drills that were due; `busy` are those that another process plays."""

    played: list[dict[str, str]] = []
    failed: list[dict[str, str]] = []
    busy: list[str] = []


def play_all(session: Session, found: Sequence[Due]) -> int:
    """Play each drill once, tell how it went, and return the exit status of the worst."""
    from ccir.engine.backups import tidy_scratch

    done, worst = Round(), 0
    tidy_scratch(session.workspace)
    with session.speech.work():
        for each in found:
            if session.speech.is_interrupted:
                break  # what was not begun stays due
            worst = max(worst, _play(session, each.drill, done))
    write_metrics(session)
    if not session.speech.result(done) and not found:
        session.speech.say("no drill is due")
    return session.speech.status(worst)


def write_metrics(session: Session) -> None:
    """Write the metrics; where that fails, the drill's result is told all the same."""
    from ccir.engine.drill_metrics import write_metrics as write

    try:
        write(session.workspace, session.now)
    except CcirError as error:
        session.speech.warn(f"{error.message}\nhint: {error.hint}")


def _play(session: Session, drill: str, done: Round) -> int:
    """Play one drill, add to what came of them, and return its exit status."""
    from ccir.engine.drill_lock import BeingPlayedError
    from ccir.engine.drill_runs import play_due

    try:
        by = session.person_or_system
        lone = play_due(session.workspace, drill, by=by, attendant=session.attendant())
    except BeingPlayedError as error:
        done.busy.append(drill)
        session.speech.say(f"{error.message}: it is left to that")
        return 0
    except CcirError as error:
        done.failed.append({"drill": drill, "code": error.code, "message": error.message})
        session.speech.warn(f"{drill}: {error.message}\nhint: {error.hint}")
        return error.exit_status
    if lone is None:
        return 0
    event = lone.judged.event
    done.played.append({"run": lone.run, "drill": event.drill, "verdict": event.verdict})
    session.speech.say(f"{lone.run}: drill {event.drill} {verdict(event)}")
    return exit_status(event.verdict)
