"""What the screen says of the search for a clean snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccir.cli.session import Session
from ccir.cli.words import counted, moment
from ccir.domain.spans import span

if TYPE_CHECKING:
    from ccir.drilling.clean import CleanResult

_STYLES = {"pass": "green", "fail": "bold red", "error": "yellow"}


def show_clean(session: Session, target: str, found: CleanResult) -> None:
    """Print the snapshots that were looked at, and the one to go back to."""
    zone = session.workspace.zone.key
    if found.examined:
        session.speech.table(
            ("snapshot", "taken", "verdict", "what was seen"),
            [
                (
                    each.snapshot[:8],
                    moment(each.taken_at, zone),
                    f"{each.verdict} ({each.reason})" if each.reason else each.verdict,
                    each.detail,
                )
                for each in found.examined
            ],
            styles=[_STYLES.get(each.verdict, "") for each in found.examined],
        )
    clean = found.clean
    if clean is None:
        session.speech.say(f"{target}: no clean snapshot: {found.detail}")
        if found.hint:
            session.speech.say(f"hint: {found.hint}")
        return
    lost = found.lost_seconds or 0.0
    behind = f", {span(lost)} before the newest one: that would be lost" if lost else ""
    session.speech.say(
        f"{target}: the last clean snapshot is {clean.snapshot[:8]} of "
        f"{moment(clean.taken_at, zone)}{behind}",
        f"{counted(len(found.examined), 'snapshot')} looked at",
        f"next: `ccir backup restore {target} --snapshot {clean.snapshot[:8]} --to DIR`",
    )
