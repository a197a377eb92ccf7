"""`ccir init`: makes a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccir.cli.options import command, plain
from ccir.cli.session import Session

app = plain()


@command(app, examples=("ccir init", "ccir init /srv/ccir"))
def init(
    session: Session,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="The folder; by default this one.")
    ] = None,
) -> None:
    """Make a workspace.

    It holds ccir.toml with comments, folders for your documents, and its state. In a folder
    that is in use it adds only what is missing and overwrites nothing.
    """
    from ccir.engine.opening import initialise

    here = session.surroundings.here
    place = here / folder if folder is not None else session.options.workspace or here
    made = initialise(session.surroundings, place.absolute())
    shown = [str(path.relative_to(place.absolute())) for path in made if path != place.absolute()]
    if session.speech.result({"workspace": str(place.absolute()), "made": shown}):
        return
    if not made:
        session.speech.say(f"{place.absolute()} is complete already; nothing was changed.")
        return
    session.speech.say(
        f"workspace {place.absolute()}",
        *(f"  made {name}" for name in shown),
        "",
        "Next: put your people, targets and channels into ccir.toml, then run `ccir doctor`.",
        "Keep a copy of .ccir/keys apart from the backups of this folder.",
    )
