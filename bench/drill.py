"""What a drill costs above plain `restic restore` and `restic check`, on 1 GiB of 12,000 files."""

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
ROUNDS = 3


def run() -> list[tuple[str, float, str]]:
    """Return our verification and drill as a multiple of restic's own check and restore."""
    if shutil.which("restic") is None:
        return [("drill: restic is not installed", float("nan"), "")]
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder)
        environment = _back_up(world)
        ratios = []
        for number in range(ROUNDS):
            plain = _timed_restic(environment, world / f"plain-{number}")
            ours = _timed_ours(world)
            ratios.append(ours / plain)
    what = f"check and drill of {FILES:,} files, {FILES * FILE_BYTES >> 20:,} MiB, against restic"
    return [(what, statistics.median(ratios), "goal ≤ 1.15x")]


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
    started = time.perf_counter()
    _restic(environment, "check")
    _restic(environment, "restore", "latest", "--target", str(into))
    taken = time.perf_counter() - started
    shutil.rmtree(into)
    return taken


def _timed_ours(world: Path) -> float:
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
    started = time.perf_counter()
    checked = check_backup(target, kit)
    drilled = run_drill(drill, target, kit)
    taken = time.perf_counter() - started
    if (checked.verdict, drilled.verdict) != ("pass", "pass"):
        raise ValueError(checked, drilled)
    return taken


if __name__ == "__main__":
    for name, ratio, goal in run():
        print(f"{name}: {ratio:.2f}x ({goal})")
