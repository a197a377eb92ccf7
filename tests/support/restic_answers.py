"""The real restic, but for some commands that answer what a test says; it writes its calls down."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

_SCRIPT = """#!/bin/sh
printf '%s\\n' "$*" >> {folder}/calls
case " $* " in
{cases}
esac
exec {real} "$@"
"""


def answering_restic(folder: Path, answers: Mapping[str, str]) -> dict[str, str]:
    """Return an environment whose restic runs a shell script where a call holds these words.

    `$restic` is the real one; a script that does not end falls through to it.
    """
    real = shutil.which("restic") or "restic"
    folder.mkdir(exist_ok=True)
    cases = [
        f'*" {words} "*)\n    restic={real}\n    {script}\n    ;;'
        for words, script in answers.items()
    ]
    program = folder / "restic"
    text = _SCRIPT.format(folder=folder, cases="\n".join(cases), real=real)
    program.write_text(text, encoding="utf-8")
    program.chmod(0o700)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def calls_of(folder: Path) -> list[str]:
    """Return the arguments of every call so far."""
    file = folder / "calls"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
