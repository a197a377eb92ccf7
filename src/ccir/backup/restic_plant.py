"""Makes a small restic repository, so that a drill can show that it finds damage."""

from __future__ import annotations

import os
from pathlib import Path

from ccir.backup.interface import Target, ToolKit
from ccir.backup.restic_call import Command, call_restic
from ccir.errors import UnavailableError

_PASSWORD = "control"  # noqa: S105 - it guards nothing: what is planted is made up
_PRIVATE = 0o600


def plant(kit: ToolKit, source: Path, *, folder: Path) -> Target:
    """Make a repository below `folder` that backs up `source`, and return how to open it.

    Raises:
        UnavailableError: restic cannot make one.
    """
    password = folder / "password"
    password.touch(_PRIVATE)
    password.write_text(_PASSWORD, encoding="ascii")
    target = Target(
        name="control", repository=str(folder / "repository"), password_file=str(password)
    )
    for words in (("init",), ("backup", "--quiet", "--", os.fspath(source))):
        command = Command(arguments=words, deadline_seconds=kit.deadlines.open_seconds)
        done = call_restic(kit, target, command=command, hear=lambda _stream, _line: None)
        if done.exit_code != 0:
            said = done.stderr.strip().splitlines()
            raise UnavailableError(
                f"restic made no repository to practise on: {said[-1] if said else done.ended}",
                hint="check the space and the rights of the scratch folder",
            )
    return target
