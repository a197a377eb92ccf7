"""What a drill costs above restic by hand, on nearly 2 GiB in 12,000 files.

Each figure is a ratio of two things done one after the other on the same repository; ours comes
first in every other round, since whatever is second finds warmer disks.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ccir import registry
from ccir.backup.interface import Target, ToolFactory, ToolKit
from ccir.clock import SystemClock
from ccir.domain.drills import CheckPlan, Drill, Verification
from ccir.drilling.drill import run_drill
from ccir.drilling.interface import DrillKit, Memory

FILES = 12_000
FILE_BYTES = 160 * 1_024
LARGE_FILES = 24
LARGE_BYTES = 4 << 20
FOLDERS = 120
ROUNDS = 3
_MEMORY = """
import resource, sys
sys.path.insert(0, "bench")
from drill import Path, kit_in, play, target_in
world = Path(sys.argv[1])
play(target_in(world), kit_in(world), mode="stream")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def run() -> list[tuple[str, float, str]]:
    """Return what each mode costs as a multiple of the restic commands that it stands for."""
    if shutil.which("restic") is None:
        return [("drill: restic is not installed", float("nan"), "")]
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder)
        _back_up(world, files=FILES)
        rows = [*_ratios(world), _walk(world)]
        small = world / "small"
        _back_up(small, files=FILES // 8)
        return [*rows, *_memory(world, small)]


def play(target: Target, kit: DrillKit, **changes: object) -> None:
    """Play a drill, which must pass."""
    fields: dict[str, object] = {
        "id": "bench",
        "version": "1.0.0",
        "title": "bench",
        "summary": "bench",
        "target": "bench",
        "checks": (CheckPlan(kind="file-count", arguments={"minimum_files": 100}),),
        "verify": Verification(structure=False),
    }
    found = run_drill(Drill(**(fields | changes)), target, kit)  # type: ignore[arg-type] # the fields of a Drill
    if found.verdict != "pass":
        raise ValueError(found)


def target_in(world: Path) -> Target:
    """Return the target that was made below the folder."""
    return Target(
        name="bench",
        repository=str(world / "repository"),
        password_file=str(world / "password"),
    )


def kit_in(world: Path, *, memory: Memory | None = None) -> DrillKit:
    """Return a kit that restores below the folder."""
    return DrillKit(
        clock=SystemClock(),
        environment={"PATH": os.environ["PATH"]},
        scratch=world / "scratch",
        memory=memory,
    )


def _ratios(world: Path) -> list[tuple[str, float, str]]:
    target, kit = target_in(world), kit_in(world)
    warm = kit_in(world, memory=Memory(folder=world / "cache", key=b"bench"))
    content = CheckPlan(kind="content", arguments={"minimum_files": FILES})
    checks = (CheckPlan(kind="file-count"), content)
    structure = Verification(structure=True, content=False)

    def full() -> None:
        play(target, kit, checks=checks, verify=structure)

    rows: list[tuple[str, Callable[[], None], Callable[[], None], str]] = [
        ("full: structure, restore, checks / restore and check", full, _both(world), "≤ 1.15x"),
        (
            "full with content proof, cold / restore",
            lambda: play(target, kit),
            _plain(world),
            "≤ 2.5x",
        ),
        (
            "full with content proof, warm / restore",
            lambda: play(target, warm),
            _plain(world),
            "≤ 1.5x",
        ),
        (
            "stream with content proof, warm / dump to /dev/null",
            lambda: play(target, warm, mode="stream"),
            _dump(world),
            "≤ 1.25x",
        ),
    ]
    play(target, warm, mode="stream")  # the trees are read
    return [(name, _ratio(ours, theirs), f"goal {goal}") for name, ours, theirs, goal in rows]


def _ratio(ours: Callable[[], None], theirs: Callable[[], None]) -> float:
    ratios = []
    for number in range(ROUNDS):
        first, second = (ours, theirs) if number % 2 else (theirs, ours)
        one, other = _timed(first), _timed(second)
        ratios.append(one / other if number % 2 else other / one)
    return statistics.median(ratios)


def _timed(work: Callable[[], None]) -> float:
    os.sync()  # what the other side has left to be written is not ours to pay for
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _walk(world: Path) -> tuple[str, float, str]:
    """Time a process for each tree against what a drill does to learn every file's hash."""
    factory: ToolFactory = registry.member("backup", "restic")  # type: ignore[assignment] # by its family
    tool = factory(ToolKit(clock=SystemClock(), environment={"PATH": os.environ["PATH"]}))
    target = target_in(world)
    (snapshot,) = tool.snapshots(target).snapshots
    started = time.perf_counter()
    tool.contents(target, snapshot, take=lambda _content: None)
    ours = time.perf_counter() - started
    trees = [json.loads(_restic(world, "cat", "snapshot", snapshot.id))["tree"]]
    started = time.perf_counter()
    for tree in trees:  # grows while it is walked through
        nodes = json.loads(_restic(world, "cat", "blob", tree))["nodes"]
        trees += [node["subtree"] for node in nodes if "subtree" in node]
    theirs = time.perf_counter() - started
    name = f"walk of {len(trees)} trees: cat blob each ({theirs:.1f} s) / find once ({ours:.1f} s)"
    return name, theirs / ours, "goal ≥ 5x"


def _memory(world: Path, small: Path) -> list[tuple[str, float, str]]:
    used = [_stream_megabytes(each) for each in (world, small)]
    return [
        (f"stream: peak memory of {FILES:,} files, MiB", used[0], "goal ≤ 300"),
        (f"stream: the same / with {FILES // 8:,} files", used[0] / used[1], "flat: near 1x"),
    ]


def _stream_megabytes(world: Path) -> float:
    done = subprocess.run(
        (sys.executable, "-c", _MEMORY, str(world)), check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def _back_up(world: Path, *, files: int) -> None:
    for number in range(files + LARGE_FILES):
        place = world / "data" / f"{number % FOLDERS:03}"
        place.mkdir(parents=True, exist_ok=True)
        size = FILE_BYTES if number < files else LARGE_BYTES
        (place / f"call-{number:06}.wav").write_bytes(b"RIFF\0\0\0\0WAVE" + os.urandom(size))
    (world / "password").write_text("bench\n", encoding="utf-8")
    (world / "password").chmod(0o600)
    for words in (("init",), ("backup", "-q", str(world / "data"))):
        _restic(world, *words)


def _plain(world: Path) -> Callable[[], None]:
    def restore() -> None:
        into = world / "plain"
        _restic(world, "restore", "latest", "--target", str(into))
        subprocess.run(("rm", "-rf", str(into)), check=True)

    return restore


def _dump(world: Path) -> Callable[[], None]:
    def dump() -> None:
        _restic(world, "dump", "--archive=tar", "latest", "/")

    return dump


def _both(world: Path) -> Callable[[], None]:
    def restore_and_check() -> None:
        _plain(world)()
        _restic(world, "check")

    return restore_and_check


def _restic(world: Path, *words: str) -> bytes:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(world),
        "RESTIC_REPOSITORY": str(world / "repository"),
        "RESTIC_PASSWORD_FILE": str(world / "password"),
    }
    is_dump = words[0] == "dump"
    done = subprocess.run(
        ("restic", "--no-cache", *words),
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL if is_dump else subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    return b"" if is_dump else done.stdout


if __name__ == "__main__":
    for name, ratio, goal in run():
        print(f"{name}: {ratio:.2f} ({goal})")
