"""`ccir demo`: plays a small incident from start to report, with everything in it real."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from ccir.cli.options import command, plain
from ccir.cli.session import Session
from ccir.errors import RefusedError

app = plain()
_FOLDERS_LIMIT = 100


@command(app, examples=("ccir demo", "ccir demo /tmp/try-ccir"))
def demo(
    session: Session,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="A new or empty folder.")
    ] = None,
) -> int:
    """Play a small data breach, all of it real.

    In under a minute, with nothing to configure, and nothing leaves this machine. Makes a small
    customer database and backs it up with restic, starts the playbook, verifies and restores
    the backup, tells employees and customers by mail through a server of its own on loopback,
    and shows board, timeline and report. The people in it are simulated.
    """
    from ccir.cli.demo_mail import LoopbackMail
    from ccir.cli.demo_story import Story
    from ccir.cli.demo_world import build

    here = session.surroundings.here
    place = _free(here) if folder is None else (here / folder).absolute()
    _refuse_used(place)
    with LoopbackMail() as mail:
        world = build(place, session=session, mail_port=mail.port)
        story = Story(session, world)
        story.play()
        taken = len(mail.recipients)
    document = {
        "workspace": str(place),
        "run": story.run_id,
        "mails": taken,
        "restic": world.has_restic,
    }
    if session.speech.result(document | {"failed": story.failed}):
        return 1 if story.failed else 0
    session.speech.say(
        "",
        f"The mail server on loopback took {taken} mails. All of this lies in {place}.",
        "",
        "What to try next:",
        *_way_to_ccir(session),
        f"  cd {place}",
        "  ccir next                     what the playbook asks for now",
        "  ccir step show decide-authority",
        "  ccir status --all             the whole board",
        "  ccir log                      every event, with what was written",
        "  ccir notice status customers-breach",
        "  ccir doctor                   the chain, the tools; it misses the mail server, now gone",
        f"  open {place / 'report.html'} in a browser",
    )
    return 1 if story.failed else 0


def _way_to_ccir(session: Session) -> list[str]:
    """Return what makes the shell find ccir, where it would not."""
    path = session.surroundings.environment.passed_on.get("PATH", "")
    if shutil.which("ccir", path=path) is not None:
        return []
    return [f"  export PATH={Path(sys.executable).parent}:$PATH"]


def _free(here: Path) -> Path:
    for number in range(1, _FOLDERS_LIMIT):
        place = here / ("ccir-demo" if number == 1 else f"ccir-demo-{number}")
        if not place.exists():
            return place
    raise RefusedError(
        f"{here} holds {_FOLDERS_LIMIT} demonstrations already", hint="name a new folder"
    )


def _refuse_used(place: Path) -> None:
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise RefusedError(
            f"{place} is in use, and a demonstration changes nothing of yours",
            hint="name a new or empty folder",
        )
