"""What a drill costs above restic by hand, on more than 1 GiB in 12,000 files."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from ccir.backup.interface import Target
from ccir.clock import SystemClock
from ccir.domain.drills import CheckPlan, Drill
from ccir.drilling.checking import check_backup
from ccir.drilling.drill import run_drill
from ccir.drilling.interface import DrillKit

FILES = 12_000
FILE_BYTES = 96 * 1_024
FOLDERS = 120
ROUNDS = 5


def run() -> list[tuple[str, float, str]]:
    """Return our drill, alone and after a verification, as a multiple of restic by hand.

    By hand means `restic check`, `restic restore`, and removing what was restored: a drill
    leaves none of it behind either. The drill by itself does not check the structure.
    """
    if shutil.which("restic") is None:
        return [("drill: restic is not installed", float("nan"), "")]
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder)
        environment = _back_up(world)
        drills, both = [], []
        for number in range(ROUNDS):
            plain = _timed_restic(environment, world / f"plain-{number}")
            checked, drilled = _timed_ours(world)
            drills.append(drilled / plain)
            both.append((checked + drilled) / plain)
    size = f"{FILES:,} files, {FILES * FILE_BYTES >> 20:,} MiB"
    return [
        (f"drill of {size}, against restic by hand", statistics.median(drills), "goal ≤ 1.15x"),
        ("backup check and drill against the same", statistics.median(both), "no goal"),
    ]


def _back_up(world: Path) -> dict[str, str]:
    for number in range(FILES):
        place = world / "data" / f"{number % FOLDERS:03}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"call-{number:06}.wav").write_bytes(os.urandom(FILE_BYTES))
    (world / "password").write_text("bench\n", encoding="utf-8")
    (world / "password").chmod(0o600)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(world),
        "RESTIC_REPOSITORY": str(world / "repository"),
        "RESTIC_PASSWORD_FILE": str(world / "password"),
    }
    for words in (("init",), ("backup", "-q", str(world / "data"))):
        _restic(environment, *words)
    return environment


def _restic(environment: dict[str, str], *words: str) -> None:
    subprocess.run(
        ("restic", "--no-cache", *words), env=environment, check=True, capture_output=True
    )


def _timed_restic(environment: dict[str, str], into: Path) -> float:
    os.sync()  # what the other side has left to be written is not ours to pay for
    started = time.perf_counter()
    _restic(environment, "check")
    _restic(environment, "restore", "latest", "--target", str(into))
    subprocess.run(("rm", "-rf", str(into)), check=True)
    return time.perf_counter() - started


def _timed_ours(world: Path) -> tuple[float, float]:
    target = Target(
        name="bench",
        repository=str(world / "repository"),
        password_file=str(world / "password"),
    )
    kit = DrillKit(
        clock=SystemClock(), environment={"PATH": os.environ["PATH"]}, scratch=world / "scratch"
    )
    drill = Drill(
        id="bench",
        version="1.0.0",
        title="bench",
        summary="bench",
        target="bench",
        checks=(CheckPlan(kind="file-count"),),
    )
    os.sync()
    started = time.perf_counter()
    checked = check_backup(target, kit)
    between = time.perf_counter()
    drilled = run_drill(drill, target, kit)
    ended = time.perf_counter()
    if (checked.verdict, drilled.verdict) != ("pass", "pass"):
        raise ValueError(checked, drilled)
    return between - started, ended - between


if __name__ == "__main__":
    for name, ratio, goal in run():
        print(f"{name}: {ratio:.2f}x ({goal})")
