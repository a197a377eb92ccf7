"""Workspaces with drills on a schedule, and a process of its own that plays one."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ccir.entropy import SeededEntropy
from support.centre import make_centre
from support.cli import Cli
from support.clocks import StoryClock
from support.drills import meddling_restic
from support.mini import DRILL, add_mini
from support.restic_repository import Repository

DAY_SECONDS = 86_400
_TESTS = Path(__file__).parent.parent
_PATIENCE_SECONDS = 60
_TICK_SECONDS = 0.02
_PROGRAM = "from support.scheduled import play; play(*__import__('sys').argv[1:])"


def scheduled_centre(folder: Path, repository: Repository | None, *, every: str = "24h") -> Cli:
    """Return a workspace without a run, with the drill `nightly` on a schedule."""
    cli = make_centre(folder, repository=repository)
    add_mini(cli.folder)
    add_drill(cli.folder, "nightly", every=every)
    return cli


def add_drill(folder: Path, name: str, *, every: str, target: str = "crm") -> Path:
    """Write a drill on a schedule, whose snapshot may be as old as it likes."""
    text = DRILL.replace("id: mini", f"id: {name}").replace("target: crm", f"target: {target}")
    path = folder / "drills" / f"{name}.yaml"
    path.write_text(f"{text}rpo: 52w\nschedule: {{every: {every}}}\n", encoding="utf-8")
    return path


def without_repository(folder: Path) -> None:
    """Let the target's repository be gone."""
    settings = folder / "ccir.toml"
    lines = settings.read_text(encoding="utf-8").splitlines()
    gone = f'repository = "{folder / "gone"}"'
    kept = [gone if line.startswith("repository = ") else line for line in lines]
    settings.write_text("\n".join(kept), encoding="utf-8")


def play(folder: str, now: str, path: str, *words: str) -> None:
    """Type a command as a process of its own: the same story, other nonces."""
    cli = Cli(Path(folder), clock=StoryClock(dt.datetime.fromisoformat(now)), PATH=path)
    cli.entropy = SeededEntropy(8)
    sys.exit(cli(*words, status=None).status)


@contextmanager
def playing(cli: Cli, folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Let another process type the words, and go on once it hangs in its restore."""
    folder.mkdir()
    mark = folder / "restic-pid"
    hang = f"echo $$ > {mark}.part; mv {mark}.part {mark}; exec sleep {_PATIENCE_SECONDS}"
    path = meddling_restic(folder / "bin", on_restore=hang)["PATH"]
    arguments = (str(cli.folder), cli.clock.now().isoformat(), path, *words)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(_TESTS), *sys.path])}
    process = subprocess.Popen([sys.executable, "-c", _PROGRAM, *arguments], env=environment)
    try:
        _await(mark, process)
        yield process
    finally:
        process.kill()
        process.wait(_PATIENCE_SECONDS)
        if mark.exists():
            with suppress(ProcessLookupError):
                os.killpg(int(mark.read_text(encoding="utf-8")), 9)


def _await(mark: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not mark.exists():
        if process.poll() is not None or time.monotonic() > until:
            raise AssertionError("the other process did not come to its restore")
        time.sleep(_TICK_SECONDS)
