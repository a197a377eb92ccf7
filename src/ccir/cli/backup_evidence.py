"""`ccir backup canary` and `manifest`: what is written before a backup to prove it later."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.completion import complete_targets
from ccir.cli.options import command
from ccir.cli.session import Session
from ccir.cli.words import counted, size

if TYPE_CHECKING:
    from ccir.engine.manifests import ManifestTaken


def add_commands(app: typer.Typer) -> None:
    """Register the commands with those of the noun `backup`."""
    command(app, examples=("ccir backup canary /srv/crm/ccir-canary.json",))(canary)
    command(
        app,
        examples=(
            "ccir backup manifest crm /srv/crm",
            "ccir backup manifest crm /srv/crm --to /mnt/other/crm.sha256",
        ),
    )(manifest)


def canary(
    session: Session,
    file: Annotated[Path, typer.Argument(help="A file in what is backed up.")],
) -> None:
    """Write a fresh canary into the data before it is backed up.

    A small file with a random number and the time, which the check `canary` looks for in what
    was restored. A file that is no canary is not overwritten. Needs no workspace.
    """
    from ccir.engine.canary_writing import write_canary

    session.refuse_at()
    path = session.surroundings.here / file
    written = write_canary(path, session.surroundings)
    document = {"file": str(path), "nonce": written.nonce, "written_at": written.written_at}
    if not session.speech.result(document):
        session.speech.say(f"canary {written.short} written to {path}")


def manifest(
    session: Session,
    target: Annotated[
        str, typer.Argument(help="A target or purpose.", autocompletion=complete_targets)
    ],
    folder: Annotated[Path, typer.Argument(help="The folder, named as the backup names it.")],
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it there, not among the target's manifests."),
    ] = None,
) -> int:
    """List the digest of every file before a backup, as sha256sum does.

    The check `manifest` compares what was restored with it, path by path: so name the folder as
    the snapshot has it, not by a link to it and not one above or below. It is kept in the
    workspace, outside the repository; the newest 30 of a target stay. Links in it are not
    followed. Files that change while they are read are left out and counted.
    """
    from ccir.engine.backups import named_target
    from ccir.engine.manifests import take_manifest

    session.refuse_at()
    name = named_target(session.workspace, target)
    here = session.surroundings.here
    # As restic reads a path: links in it are kept.
    source = Path(os.path.normpath(here / folder))
    with session.speech.work():
        taken = take_manifest(
            session.workspace,
            name,
            source,
            attendant=session.attendant(),
            to=None if to is None else here / to,
        )
    _show(session, name, taken)
    return session.speech.status(0)


def _show(session: Session, target: str, taken: ManifestTaken) -> None:
    import msgspec

    if taken.changed:
        files = counted(taken.changed, "file")
        session.speech.warn(f"left out, as they changed or vanished meanwhile: {files}")
    if taken.unreadable:
        session.speech.warn(f"left out, as they cannot be read: {taken.unreadable}")
    file = None if taken.file is None else str(taken.file)
    if session.speech.result({"target": target, **msgspec.structs.asdict(taken), "file": file}):
        return
    if taken.file is None:
        session.speech.say("broken off: no manifest was written")
        return
    listed = f"{counted(taken.files, 'file')}, {size(taken.bytes)}"
    session.speech.say(f"manifest of {target}: {listed}", f"written to {taken.file}")
