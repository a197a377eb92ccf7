"""A `borg` that prints what a real one was seen to print, and writes down how it was called."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import msgspec

VERSION = "borg 1.2.4\n"
# The shell's own /proc entry shows what anybody on the machine could read of the call.
_SCRIPT = """#!/bin/sh
cd {folder} || exit 99
if [ "$1" = --version ]; then cat version; exit; fi
tr '\\0' '\\n' < /proc/$$/cmdline > argv
tr '\\0' '\\n' < /proc/$$/environ > environment
cat stdout
cat stderr >&2
{end}
"""


class FakeBorg(msgspec.Struct, frozen=True, kw_only=True):
    """The folder that the fake is in; to be put first in a PATH."""

    folder: Path

    @property
    def path(self) -> str:
        """The PATH on which it is found before any other borg."""
        return f"{self.folder}{os.pathsep}{os.environ['PATH']}"

    @property
    def argv(self) -> list[str]:
        """The last call's arguments, as /proc showed them."""
        return (self.folder / "argv").read_text(encoding="utf-8").splitlines()

    @property
    def environment(self) -> dict[str, str]:
        """The last call's environment, as /proc showed it."""
        lines = (self.folder / "environment").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


def fake_borg(
    folder: Path,
    *,
    stdout: str = "",
    stderr: str = "",
    end: str = "exit 0",
    version: str = VERSION,
) -> FakeBorg:
    """Install a fake that prints this and then ends as the shell's words say."""
    folder.mkdir(exist_ok=True)
    for name, text in (("stdout", stdout), ("stderr", stderr), ("version", version)):
        (folder / name).write_text(text, encoding="utf-8")
    program = folder / "borg"
    program.write_text(_SCRIPT.format(folder=shlex.quote(str(folder)), end=end), encoding="utf-8")
    program.chmod(0o755)
    return FakeBorg(folder=folder)


def log_line(message: str, *, level: str = "ERROR", msgid: str = "", name: str = "borg") -> str:
    """Return a line of borg's log as it tells it to programs."""
    told = {"type": "log_message", "time": 0.5, "message": message, "levelname": level}
    return json.dumps({**told, "name": name, **({"msgid": msgid} if msgid else {})}) + "\n"
