"""Makes a small borg repository, so that a drill can show that it finds damage."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from ccir.backup.borg_call import Command, Place, call_borg
from ccir.backup.interface import Target, ToolKit
from ccir.errors import UnavailableError

_PASSWORD = "control"  # noqa: S105 - it guards nothing: what is planted is made up
_PRIVATE = 0o600


def plant(kit: ToolKit, source: Path, *, folder: Path) -> Target:
    """Make a repository below `folder` that backs up `source`, and return how to open it.

    Raises:
        UnavailableError: borg cannot make one.
    """
    password = folder / "password"
    password.touch(_PRIVATE)
    password.write_text(_PASSWORD, encoding="ascii")
    repository = folder / "repository"
    target = Target(
        name="control",
        tool="borg",
        repository=str(repository),
        password_file=str(password),
    )
    for words in (("init", "--encryption=repokey"), ("create", "::control", os.fspath(source))):
        _made(kit, target, words)
    return target


def _made(kit: ToolKit, target: Target, words: tuple[str, ...]) -> None:
    command = Command(arguments=words, deadline_seconds=kit.deadlines.open_seconds)
    with TemporaryDirectory(prefix="ccir-borg-") as private:
        place = Place(repository=target.repository, private=Path(private))
        done = call_borg(
            kit, target, command=command, place=place, hear=lambda _stream, _line: None
        )
    if done.exit_code != 0:
        said = done.stderr.strip().splitlines()
        raise UnavailableError(
            f"borg made no repository to practise on: {said[-1] if said else done.ended}",
            hint="check the space and the rights of the scratch folder",
        )
