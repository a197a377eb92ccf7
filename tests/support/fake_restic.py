"""A `restic` that prints what a real one was seen to print, and writes down how it was called."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

Ending = Literal["exits", "waits", "is-deaf"]

VERSION_0_14 = "restic 0.14.0 compiled with go1.19.8 on linux/amd64\n"
VERSION_0_18 = "restic 0.18.0 compiled with go1.24.4 on linux/amd64\n"

# `waits` is a restic that tries again and again, and ends with 130 at SIGINT, as the real one.
_ENDINGS: Mapping[Ending, str] = {
    "exits": "",
    "waits": "trap 'echo \"signal interrupt received, cleaning up\" >&2; exit 130' INT\n",
    "is-deaf": "trap '' INT TERM\n",
}
_WAITS = "while :; do sleep 0.05; done"
# The shell's own /proc entry shows what anybody on the machine could read of the call.
_SCRIPT = """#!/bin/sh
cd {folder} || exit 99
printf '%s\\n' "$*" >> calls
case "$1" in
version) cat version; exit ;;
unlock) exit ;;
esac
tr '\\0' '\\n' < /proc/$$/cmdline > argv
tr '\\0' '\\n' < /proc/$$/environ > environment
{trap}cat stdout
cat stderr >&2
{end}
"""


class FakeRestic(msgspec.Struct, frozen=True, kw_only=True):
    """The folder that the fake is in; to be put first in a PATH."""

    folder: Path

    @property
    def path(self) -> str:
        """The PATH on which it is found before any other restic."""
        return f"{self.folder}{os.pathsep}{os.environ['PATH']}"

    @property
    def calls(self) -> list[str]:
        """The arguments of every call so far."""
        return self._lines("calls")

    @property
    def argv(self) -> list[str]:
        """The last call's arguments, as /proc showed them."""
        return self._lines("argv")

    @property
    def environment(self) -> dict[str, str]:
        """The last call's environment, as /proc showed it."""
        return dict(line.split("=", 1) for line in self._lines("environment"))

    def _lines(self, name: str) -> list[str]:
        return (self.folder / name).read_text(encoding="utf-8").splitlines()


def fake_restic(
    folder: Path,
    *,
    stdout: str = "",
    stderr: str = "",
    exit_code: int = 0,
    ending: Ending = "exits",
    version: str = VERSION_0_18,
) -> FakeRestic:
    """Install a fake that prints this and then exits, waits or is deaf to all but SIGKILL."""
    folder.mkdir(exist_ok=True)
    for name, text in (("stdout", stdout), ("stderr", stderr), ("version", version)):
        (folder / name).write_text(text, encoding="utf-8")
    script = _SCRIPT.format(
        folder=shlex.quote(str(folder)),
        trap=_ENDINGS[ending],
        end=f"exit {exit_code}" if ending == "exits" else _WAITS,
    )
    program = folder / "restic"
    program.write_text(script, encoding="utf-8")
    program.chmod(0o755)
    return FakeRestic(folder=folder)
