"""The real restic, but for some commands that answer what a test says; it writes its calls down."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from support.restic_repository import quick_init

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


def quick_restic(folder: Path) -> dict[str, str]:
    """Return an environment whose restic makes at once what a drill plants to practise on."""
    folder.mkdir(exist_ok=True)
    return answering_restic(folder, {"init": quick_init(folder / "planted")})


def cheap_restic(folder: Path) -> dict[str, str]:
    """Return an environment whose restic is the real one, but that a new key opens at once."""
    code = (
        "import os, pathlib; from support.restic_repository import make_key_cheap; "
        "make_key_cheap(pathlib.Path(os.environ['RESTIC_REPOSITORY']), "
        "password=pathlib.Path(os.environ['RESTIC_PASSWORD_FILE']).read_text().strip())"
    )
    cheapen = f'PYTHONPATH={Path(__file__).parents[1]} {sys.executable} -c "{code}"'
    return answering_restic(folder, {"init": f'$restic "$@" && {cheapen}; exit'})


def calls_of(folder: Path) -> list[str]:
    """Return the arguments of every call so far."""
    file = folder / "calls"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
